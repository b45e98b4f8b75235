#include "ledger/drops.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

static void pack_drop(jh_buf *out, const jh_drop *drop)
{
    jh_pack_map(out, 5);
    jh_pack_text(out, "date");
    jh_pack_i64(out, drop->date);
    jh_pack_text(out, "revision");
    jh_pack_u64(out, drop->revision);
    jh_pack_text(out, "sha256");
    jh_pack_text(out, drop->sha256);
    jh_pack_text(out, "forced");
    jh_pack_bool(out, drop->forced);
    jh_pack_text(out, "runs");
    jh_pack_array(out, drop->run_count);
    for (size_t i = 0; i < drop->run_count; i++)
        jh_pack_text(out, drop->runs[i]);
}

jihe_status jh_drop_save(jh_ledger *ledger, const jh_drop *drop, int64_t at, jihe_error *err)
{
    jh_buf body = {0};
    jihe_status st;

    pack_drop(&body, drop);
    st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a drop") : jh_ledger_begin(ledger, body.len, err);
    if (st == JIHE_OK) {
        st = jh_ledger_append(ledger, "drop", at, &body, NULL, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

struct loading {
    jh_drops *drops;
    size_t room;
    jh_arena *arena;
};

static bool unpack_drop(const jh_event *event, jh_drop *drop, jh_arena *arena)
{
    jh_unpack body;
    bool ok = jh_unpack_begin(&body, event->body, event->body_len);

    if (!ok)
        return false;
    drop->sequence = event->sequence;
    drop->date = (int32_t)jh_field_i64(&body, "date", INT32_MIN, INT32_MAX, &ok);
    drop->revision = (uint32_t)jh_field_u64(&body, "revision", UINT32_MAX, &ok);
    drop->sha256 = jh_field_text(&body, "sha256", arena, &ok);
    drop->forced = jh_field_bool(&body, "forced", &ok);
    return ok;
}

static jihe_status visit_drop(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    jh_drops *list = loading->drops;
    jh_drop *drops = jh_arena_list(loading->arena, list->drops, list->count, &loading->room, sizeof *drops);

    if (drops == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the drops");
    list->drops = drops;
    errno = 0;
    return unpack_drop(event, &drops[list->count++], loading->arena) ? JIHE_OK
                                                                     : jh_event_unreadable(event, "drop", err);
}

jihe_status jh_drops_load(jh_drops *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.drops = out, .arena = arena};

    *out = (jh_drops){0};
    return jh_ledger_each(ledger, "drop", visit_drop, &loading, err);
}

const jh_drop *jh_drops_find(const jh_drops *drops, int32_t date, uint32_t revision, const char *sha256)
{
    for (size_t i = drops->count; i-- > 0;) {
        const jh_drop *drop = &drops->drops[i];

        if (drop->date == date && drop->revision == revision &&
            (drop->sha256[0] == '\0' || strcmp(drop->sha256, sha256) == 0))
            return drop;
    }
    return NULL;
}
