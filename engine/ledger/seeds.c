#include "ledger/seeds.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

/* One event in a batch of its own. */
static jihe_status append(jh_ledger *ledger, const char *kind, int64_t at, jh_buf *body, uint64_t *sequence,
                          jihe_error *err)
{
    jihe_status st =
        body->failed ? jh_fail(err, JIHE_NO_MEMORY, "recording an event") : jh_ledger_begin(ledger, body->len, err);

    if (st == JIHE_OK) {
        st = jh_ledger_append(ledger, kind, at, body, sequence, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(body);
    return st;
}

jihe_status jh_promises_save(jh_ledger *ledger, jh_promise *promises, size_t count, int64_t at, jihe_error *err)
{
    jh_buf body = {0};
    uint64_t sequence = 0;

    jh_pack_array(&body, count);
    for (size_t i = 0; i < count; i++) {
        jh_pack_array(&body, 2);
        jh_pack_i64(&body, promises[i].date);
        jh_pack_text(&body, promises[i].sha256);
    }
    const jihe_status st = append(ledger, "seed-promise", at, &body, &sequence, err);

    for (size_t i = 0; i < count; i++) {
        promises[i].sequence = sequence;
        promises[i].at = at;
    }
    return st;
}

struct loading {
    jh_promises *promises;
    size_t room;
    jh_arena *arena;
};

static bool unpack_promise(jh_unpack *in, jh_promise *promise, jh_arena *arena)
{
    bool ok = jh_unpack_array(in) == 2;

    promise->date = (int32_t)jh_unpack_i64(in);
    const char *sha256 = jh_next_text(in, arena, &ok);

    ok = ok && !in->failed && sha256 != NULL && strlen(sha256) == 64;
    if (ok)
        memcpy(promise->sha256, sha256, sizeof promise->sha256);
    return ok;
}

static jihe_status visit_promises(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    jh_promises *list = loading->promises;
    jh_unpack in;
    size_t count = 0;

    errno = 0;
    if (!jh_unpack_begin(&in, event->body, event->body_len))
        return jh_event_unreadable(event, "seed-promise", err);
    count = jh_unpack_array(&in);
    for (size_t i = 0; i < count; i++) {
        jh_promise *promises =
            jh_arena_list(loading->arena, list->promises, list->count, &loading->room, sizeof *promises);

        if (promises == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading the promised seeds");
        list->promises = promises;
        promises[list->count] = (jh_promise){.sequence = event->sequence, .at = event->at};
        if (!unpack_promise(&in, &promises[list->count], loading->arena))
            return jh_event_unreadable(event, "seed-promise", err);
        list->count++;
    }
    return in.failed ? jh_event_unreadable(event, "seed-promise", err) : JIHE_OK;
}

jihe_status jh_promises_load(jh_promises *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.promises = out, .arena = arena};

    *out = (jh_promises){0};
    return jh_ledger_each(ledger, "seed-promise", visit_promises, &loading, err);
}

const jh_promise *jh_promises_find(const jh_promises *promises, int32_t date, const char *sha256)
{
    for (size_t i = 0; i < promises->count; i++)
        if (promises->promises[i].date == date && (sha256 == NULL || strcmp(promises->promises[i].sha256, sha256) == 0))
            return &promises->promises[i];
    return NULL;
}

jihe_status jh_certificate_save(jh_ledger *ledger, const char *run, const char sha256[65], int64_t at, jihe_error *err)
{
    jh_buf body = {0};

    jh_pack_map(&body, 2);
    jh_pack_text(&body, "run");
    jh_pack_text(&body, run);
    jh_pack_text(&body, "sha256");
    jh_pack_text(&body, sha256);
    return append(ledger, "certificate", at, &body, NULL, err);
}

struct looking {
    const char *sha256;
    bool found;
};

static jihe_status visit_certificate(void *context, const jh_event *event, jihe_error *err)
{
    struct looking *looking = context;
    jh_arena arena;
    jh_unpack body;
    bool ok = jh_unpack_begin(&body, event->body, event->body_len);

    jh_arena_init(&arena, 1024);
    errno = 0;
    if (ok)
        looking->found = strcmp(jh_field_text(&body, "sha256", &arena, &ok), looking->sha256) == 0 || looking->found;
    jh_arena_deinit(&arena);
    return ok ? JIHE_OK : jh_event_unreadable(event, "certificate", err);
}

jihe_status jh_certificate_find(bool *found, jh_ledger *ledger, const char *sha256, jihe_error *err)
{
    struct looking looking = {.sha256 = sha256};
    const jihe_status st = jh_ledger_each(ledger, "certificate", visit_certificate, &looking, err);

    *found = looking.found;
    return st;
}
