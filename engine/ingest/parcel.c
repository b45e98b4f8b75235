#include "ingest/parcel.h"

#include <stdlib.h>
#include <string.h>

jihe_status jh_parcel_init(jh_parcel *parcel, const jh_schema *schema, jihe_error *err)
{
    *parcel = (jh_parcel){0};
    jh_arena_init(&parcel->arena, 0);
    return jh_batch_init(&parcel->batch, schema, 0, NULL, err);
}

void jh_parcel_deinit(jh_parcel *parcel)
{
    jh_batch_deinit(&parcel->batch);
    jh_arena_deinit(&parcel->arena);
    free(parcel->text);
    free(parcel->origins);
    free(parcel->kept);
    free(parcel->refusals);
    *parcel = (jh_parcel){0};
}

void jh_parcel_clear(jh_parcel *parcel)
{
    jh_arena_deinit(&parcel->arena);
    jh_arena_init(&parcel->arena, 0);
    parcel->batch.rows = 0;
    parcel->kept_count = 0;
    parcel->refusal_count = 0;
    parcel->lines = 0;
    parcel->len = parcel->used = 0;
    parcel->ends = parcel->closed = false;
    parcel->status = JIHE_OK;
    parcel->error = (jihe_error){0};
}

bool jh_parcel_reserve_text(jh_parcel *parcel, size_t bytes)
{
    char *text;

    if (bytes <= parcel->room)
        return true;
    if ((text = realloc(parcel->text, bytes + JH_PARCEL_PAD)) == NULL)
        return false;
    memset(text + bytes, 0, JH_PARCEL_PAD);
    parcel->text = text;
    parcel->room = bytes;
    return true;
}

bool jh_parcel_reserve_rows(jh_parcel *parcel, uint32_t rows)
{
    jh_origin *origins;
    uint32_t *kept;

    if (!jh_batch_reserve(&parcel->batch, rows))
        return false;
    if (parcel->batch.room <= parcel->room_rows)
        return true;
    if ((origins = realloc(parcel->origins, parcel->batch.room * sizeof *origins)) == NULL)
        return false;
    parcel->origins = origins;
    if ((kept = realloc(parcel->kept, parcel->batch.room * sizeof *kept)) == NULL)
        return false;
    parcel->kept = kept;
    parcel->room_rows = parcel->batch.room;
    return true;
}

static bool reserve_refusal(jh_parcel *parcel)
{
    const size_t room = parcel->refusal_room == 0 ? 16 : parcel->refusal_room * 2;
    jh_refusal *refusals;

    if (parcel->refusal_count < parcel->refusal_room)
        return true;
    if ((refusals = realloc(parcel->refusals, room * sizeof *refusals)) == NULL)
        return false;
    parcel->refusals = refusals;
    parcel->refusal_room = room;
    return true;
}

/* No more than the reject file shows of a record. */
static size_t at_most(size_t len)
{
    return len < JH_REJECTS_ROW_BYTES + 4 ? len : JH_REJECTS_ROW_BYTES + 4;
}

jihe_status jh_parcel_refuse(jh_parcel *parcel, const jh_reject *why, const char *raw, size_t raw_len, jihe_error *err)
{
    jh_refusal refusal = {.before = parcel->kept_count,
                          .line = why->line,
                          .column = why->column,
                          .reason = why->reason,
                          .path = why->path,
                          .found_len = at_most(why->found_len),
                          .raw_len = at_most(raw_len)};

    refusal.found = jh_arena_text(&parcel->arena, why->found != NULL ? why->found : "", refusal.found_len);
    refusal.raw = jh_arena_text(&parcel->arena, raw != NULL ? raw : "", refusal.raw_len);
    refusal.message = jh_arena_text(&parcel->arena, why->message, strlen(why->message));
    if (refusal.found == NULL || refusal.raw == NULL || refusal.message == NULL || !reserve_refusal(parcel))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu rejected rows", parcel->refusal_count + 1);
    parcel->refusals[parcel->refusal_count++] = refusal;
    return JIHE_OK;
}
