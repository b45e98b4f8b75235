#include "ledger/postings.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "codec/pack.h"
#include "codec/stored_map.h"

jihe_status jh_postings_save(jh_ledger *ledger, const jh_roster *roster, const char sha256[65], int64_t at,
                             uint64_t *sequence, jihe_error *err)
{
    jh_buf body = {0};
    jihe_status st;

    jh_pack_map(&body, 2);
    jh_pack_text(&body, "sha256");
    jh_pack_text(&body, sha256);
    jh_pack_text(&body, "postings");
    jh_pack_array(&body, roster->count);
    for (size_t i = 0; i < roster->count; i++) {
        jh_pack_array(&body, roster->postings[i].capacity == 0 ? 5 : 6);
        jh_pack_text(&body, roster->postings[i].person);
        jh_pack_text(&body, roster->postings[i].unit);
        jh_pack_text(&body, roster->postings[i].post);
        jh_pack_i64(&body, roster->postings[i].from);
        jh_pack_i64(&body, roster->postings[i].to);
        if (roster->postings[i].capacity != 0)
            jh_pack_u64(&body, roster->postings[i].capacity);
    }
    st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a roster") : jh_ledger_begin(ledger, body.len, err);
    if (st == JIHE_OK) {
        if ((st = jh_ledger_append(ledger, "roster", at, &body, sequence, err)) == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

static void unpack_posting(jh_unpack *in, jh_posting *posting, jh_arena *arena, bool *ok)
{
    const size_t fields = jh_unpack_array(in); /* the sixth is the capacity of those who inspect */

    *ok = *ok && (fields == 5 || fields == 6);
    posting->person = jh_next_text(in, arena, ok);
    posting->unit = jh_next_text(in, arena, ok);
    posting->post = jh_next_text(in, arena, ok);
    posting->from = (int32_t)jh_unpack_i64(in);
    posting->to = (int32_t)jh_unpack_i64(in);
    posting->capacity = fields == 6 ? (uint32_t)jh_unpack_u64(in) : 0;
    *ok = *ok && !in->failed && posting->person != NULL && posting->unit != NULL && posting->post != NULL;
}

static bool unpack_postings(jh_roster *out, const jh_event *event, char *sha256, jh_arena *arena)
{
    jh_unpack body;
    bool ok = true;

    if (!jh_unpack_begin(&body, event->body, event->body_len))
        return false;
    const char *sha = jh_field_text(&body, "sha256", arena, &ok);
    jh_unpack in = jh_field_at(&body, "postings", &ok);
    const size_t count = ok ? jh_unpack_array(&in) : 0;
    jh_posting *postings = in.failed ? NULL : JH_NEW(arena, jh_posting, count + 1);

    ok = ok && strlen(sha) == 64 && postings != NULL;
    for (size_t i = 0; ok && i < count; i++)
        unpack_posting(&in, &postings[i], arena, &ok);
    if (ok && sha256 != NULL)
        memcpy(sha256, sha, 65);
    *out = (jh_roster){.postings = postings, .count = ok ? count : 0, .sequence = event->sequence};
    return ok;
}

struct loading {
    jh_roster *roster;
    uint64_t wanted;
    char *sha256;
    jh_arena *arena;
};

static jihe_status visit_roster(void *context, const jh_event *event, jihe_error *err)
{
    const struct loading *loading = context;

    if (loading->wanted != 0 && event->sequence != loading->wanted)
        return JIHE_OK;
    errno = 0;
    return unpack_postings(loading->roster, event, loading->sha256, loading->arena)
               ? JIHE_OK
               : jh_event_unreadable(event, "roster", err);
}

jihe_status jh_postings_load(jh_roster *out, jh_ledger *ledger, uint64_t sequence, char sha256[65], jh_arena *arena,
                             jihe_error *err)
{
    struct loading loading = {.roster = out, .wanted = sequence, .sha256 = sha256, .arena = arena};

    *out = (jh_roster){0};
    if (sha256 != NULL)
        sha256[0] = '\0';
    const jihe_status st = jh_ledger_each(ledger, "roster", visit_roster, &loading, err);

    if (st == JIHE_OK && sequence != 0 && out->sequence != sequence)
        return jh_fail(err, JIHE_CORRUPT, "ledger event %llu should be a roster and is not",
                       (unsigned long long)sequence);
    return st;
}
