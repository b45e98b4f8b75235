#include "snapshot/segment_build.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FIRST_ROWS = 64, ROWS_GROWTH = 4 };

static void set_encodings(jh_segment_build *build)
{
    build->columns[JH_SLOT_HASH].encoding = JH_ENC_FIXED;
    build->columns[JH_SLOT_HASH].raw = true;
    for (size_t i = 0; i < build->schema->count; i++) {
        const jh_type type = build->schema->columns[i].type;
        jh_colbuf *column = &build->columns[build->slots->of_column[i]];

        column->encoding = type == JH_ID || type == JH_TEXT ? JH_ENC_HEAP : JH_ENC_FIXED;
        column->packing = type == JH_ID ? JH_ENC_IDS : type == JH_TEXT ? JH_ENC_PACKED : 0;
    }
}

jihe_status jh_segment_build_new(jh_segment_build **out, const jh_schema *schema, const jh_slots *slots,
                                 const char *name, jihe_error *err)
{
    jh_segment_build *build = calloc(1, sizeof *build);

    *out = NULL;
    if (build == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a segment of %zu columns", schema->count);
    *build = (jh_segment_build){.schema = schema, .slots = slots, .name = name};
    build->columns = calloc(slots->count, sizeof *build->columns);
    build->values = calloc(slots->count, sizeof *build->values);
    build->codes = calloc(schema->count, sizeof *build->codes);
    if (build->columns == NULL || build->values == NULL || build->codes == NULL) {
        jh_segment_build_free(build);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a segment of %zu columns", schema->count);
    }
    set_encodings(build);
    *out = build;
    return JIHE_OK;
}

void jh_segment_build_free(jh_segment_build *build)
{
    if (build == NULL)
        return;
    for (uint32_t slot = 0; build->columns != NULL && slot < build->slots->count; slot++)
        jh_colbuf_deinit(&build->columns[slot]);
    free(build->columns);
    free(build->values);
    free(build->codes);
    jh_buf_deinit(&build->encoded);
    free(build);
}

void jh_segment_build_clear(jh_segment_build *build, uint32_t number)
{
    for (uint32_t slot = 0; slot < build->slots->count; slot++)
        jh_colbuf_clear(&build->columns[slot], build->room);
    build->number = number;
    build->rows = 0;
    build->taken = false;
    build->next = NULL;
}

/* Many dates may be open with a few documents each: the memory comes in steps. */
bool jh_segment_build_reserve(jh_segment_build *build, uint32_t rows)
{
    uint32_t room = build->room == 0 ? FIRST_ROWS : build->room;

    if (rows <= build->room)
        return true;
    while (room < rows)
        room = room < JH_SEGMENT_ROWS / ROWS_GROWTH ? room * ROWS_GROWTH : JH_SEGMENT_ROWS;
    for (uint32_t slot = 0; slot < build->slots->count; slot++)
        if (!jh_colbuf_grow(&build->columns[slot], build->room, room))
            return false;
    build->room = room;
    return true;
}

static jihe_status check_value(const jh_segment_build *build, uint32_t slot, const uint8_t key[JH_KEY_BYTES],
                               jihe_error *err)
{
    const size_t column = build->slots->column_of[slot];
    const jh_expect expect = slot == JH_SLOT_HASH
                                 ? jh_expect_raw(build->rows)
                                 : jh_expect_column(&build->schema->columns[column], build->rows, build->codes[column]);
    jihe_error found = {0};

    if (jh_stored_check(build->encoded.bytes + build->values[slot].at, build->values[slot].len, key, &expect, &found) ==
        JIHE_OK)
        return JIHE_OK;
    return jh_fail(err, JIHE_BUG, "snapshot %s, segment %" PRIu32 ", slot %" PRIu32 " was encoded wrongly: %s",
                   build->name, build->number, slot, found.message);
}

/* Each value passes the reader's check: a bug shows here, not in a sealed snapshot. */
jihe_status jh_segment_build_encode(jh_segment_build *build, jh_packer *packer, jihe_error *err)
{
    jh_buf_clear(&build->encoded);
    for (uint32_t slot = 0; slot < build->slots->count; slot++) {
        struct jh_segment_value *value = &build->values[slot];
        uint8_t key[JH_KEY_BYTES];
        jihe_status st;

        jh_slots_key(build->number, slot, key);
        jh_colbuf_settle(&build->columns[slot], build->rows);
        st = jh_colbuf_encode(&build->columns[slot], build->rows, key, packer, &build->encoded, &value->at, err);
        value->len = build->encoded.len - value->at;
        if (st != JIHE_OK || (st = check_value(build, slot, key, err)) != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}
