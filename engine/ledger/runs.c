#include "ledger/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "rule/record.h"

enum { DRAW_VERSION = 1 }; /* DESIGN section 4; a changed draw gets a new number, and so new run ids */

static void pack_snapshots(jh_buf *out, const jh_run_snapshot *snapshots, size_t count)
{
    jh_pack_array(out, count);
    for (size_t i = 0; i < count; i++) {
        jh_pack_array(out, 3);
        jh_pack_i64(out, snapshots[i].date);
        jh_pack_u64(out, snapshots[i].revision);
        jh_pack_text(out, snapshots[i].sha256);
    }
}

/* Everything that decides a run. */
static void pack_inputs(jh_buf *out, const jh_run *run)
{
    jh_pack_map(out, run->latest ? 10 : 9);
    jh_pack_text(out, "draw");
    jh_pack_u64(out, DRAW_VERSION);
    jh_pack_text(out, "from");
    jh_pack_i64(out, run->from);
    jh_pack_text(out, "to");
    jh_pack_i64(out, run->to);
    jh_pack_text(out, "seed");
    jh_pack_text(out, run->seed);
    jh_pack_text(out, "timezone");
    jh_pack_text(out, run->timezone);
    jh_pack_text(out, "snapshots");
    pack_snapshots(out, run->snapshots, run->snapshot_count);
    jh_pack_text(out, "history");
    pack_snapshots(out, run->history, run->history_count);
    jh_pack_text(out, "roster");
    jh_pack_u64(out, run->roster);
    jh_pack_text(out, "rules");
    jh_pack_array(out, run->rule_count);
    for (size_t r = 0; r < run->rule_count; r++)
        jh_rule_pack(out, &run->rules[r]);
    if (run->latest) { /* not for one snapshot: the ids of such runs stay what they were */
        jh_pack_text(out, "latest");
        jh_pack_bool(out, true);
    }
}

jihe_status jh_run_identify(jh_run *run, jihe_error *err)
{
    jh_buf buf = {0};
    uint8_t sum[32];
    char date[16], hex[11];

    pack_inputs(&buf, run);
    const jihe_status st =
        buf.failed ? jh_fail(err, JIHE_NO_MEMORY, "naming a run") : jh_sha256_bytes(buf.bytes, buf.len, sum, err);

    jh_buf_deinit(&buf);
    if (st != JIHE_OK)
        return st;
    jh_hex(sum, 5, hex);
    jh_days_text(run->to, date);
    snprintf(run->id, sizeof run->id, "%s-%s", date, hex);
    return JIHE_OK;
}

static void pack_results(jh_buf *out, const jh_run *run)
{
    jh_pack_array(out, run->rule_count);
    for (size_t r = 0; r < run->rule_count; r++) {
        const jh_run_result *result = &run->results[r];

        jh_pack_array(out, 5);
        jh_pack_u64(out, result->frame);
        jh_pack_u64(out, result->undecided);
        jh_pack_u64(out, result->flagged);
        jh_pack_u64(out, result->gated);
        jh_pack_u64(out, result->selected);
    }
}

void jh_run_pack(jh_buf *out, const jh_run *run)
{
    jh_pack_map(out, run->superseded != 0 ? 9 : 8);
    jh_pack_text(out, "run");
    jh_pack_text(out, run->id);
    jh_pack_text(out, "inputs");
    pack_inputs(out, run);
    jh_pack_text(out, "results");
    pack_results(out, run);
    jh_pack_text(out, "documents");
    jh_pack_u64(out, run->documents);
    jh_pack_text(out, "hits");
    jh_pack_u64(out, run->hits);
    jh_pack_text(out, "document_parts");
    jh_pack_u64(out, run->document_parts);
    jh_pack_text(out, "hit_parts");
    jh_pack_u64(out, run->hit_parts);
    jh_pack_text(out, "digest");
    jh_pack_text(out, run->digest);
    if (run->superseded != 0) {
        jh_pack_text(out, "superseded");
        jh_pack_u64(out, run->superseded);
    }
}

jihe_status jh_run_save(jh_ledger *ledger, jh_run *run, const jh_hit_parts *parts, jihe_error *err)
{
    jh_buf body = {0};
    uint64_t bytes = 0;
    jihe_status st;

    jh_run_pack(&body, run);
    for (size_t i = 0; i < parts->count; i++)
        bytes += parts->parts[i].len;
    st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a run") : jh_ledger_begin(ledger, bytes + body.len, err);
    if (st == JIHE_OK) {
        st = jh_ledger_append(ledger, "run", run->at, &body, &run->sequence, err);
        for (size_t i = 0; st == JIHE_OK && i < parts->count; i++)
            st =
                jh_ledger_put_blob(ledger, run->sequence, (uint32_t)i, parts->parts[i].bytes, parts->parts[i].len, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

/* --- reading --- */

static bool copy_hex(char out[65], const char *text, size_t len)
{
    if (text == NULL || len != 64)
        return false;
    memcpy(out, text, 64);
    out[64] = '\0';
    return true;
}

static bool unpack_snapshots(const jh_unpack *map, const char *key, jh_run_snapshot **out, size_t *count,
                             jh_arena *arena)
{
    jh_unpack in;

    if (!jh_unpack_find(map, key, &in))
        return false;
    *count = jh_unpack_array(&in);
    *out = in.failed ? NULL : JH_NEW(arena, jh_run_snapshot, *count + 1);
    for (size_t i = 0; *out != NULL && i < *count; i++) {
        size_t len = 0;

        if (jh_unpack_array(&in) != 3)
            return false;
        (*out)[i].date = (int32_t)jh_unpack_i64(&in);
        (*out)[i].revision = (uint32_t)jh_unpack_u64(&in);
        const char *sha = jh_unpack_str(&in, &len);

        if (in.failed || !copy_hex((*out)[i].sha256, sha, len))
            return false;
    }
    return *out != NULL;
}

static bool find_text(const jh_unpack *map, const char *key, const char **out, jh_arena *arena)
{
    jh_unpack in;
    size_t len = 0;

    if (!jh_unpack_find(map, key, &in))
        return false;
    const char *text = jh_unpack_str(&in, &len);

    *out = jh_arena_text(arena, text == NULL ? "" : text, len);
    return !in.failed && *out != NULL;
}

static bool find_i64(const jh_unpack *map, const char *key, int64_t *out)
{
    jh_unpack in;

    if (!jh_unpack_find(map, key, &in))
        return false;
    *out = jh_unpack_i64(&in);
    return !in.failed;
}

static bool unpack_inputs(const jh_unpack *body, jh_run *run, jh_arena *arena, jihe_error *err)
{
    jh_unpack map, rules, latest;
    int64_t from, to, roster;

    if (!jh_unpack_find(body, "inputs", &map) || !find_i64(&map, "from", &from) || !find_i64(&map, "to", &to) ||
        !find_i64(&map, "roster", &roster) || !find_text(&map, "seed", &run->seed, arena) ||
        !find_text(&map, "timezone", &run->timezone, arena) ||
        !unpack_snapshots(&map, "snapshots", &run->snapshots, &run->snapshot_count, arena) ||
        !unpack_snapshots(&map, "history", &run->history, &run->history_count, arena) ||
        !jh_unpack_find(&map, "rules", &rules))
        return false;
    run->from = (int32_t)from;
    run->to = (int32_t)to;
    run->roster = (uint64_t)roster;
    run->latest = jh_unpack_find(&map, "latest", &latest) && jh_unpack_bool(&latest);
    run->rule_count = jh_unpack_array(&rules);
    run->rules = rules.failed ? NULL : JH_NEW(arena, jh_rule, run->rule_count + 1);
    for (size_t r = 0; run->rules != NULL && r < run->rule_count; r++)
        if (jh_rule_unpack(&rules, &run->rules[r], arena, err) != JIHE_OK)
            return false;
    return run->rules != NULL;
}

static bool unpack_results(const jh_unpack *body, jh_run *run, jh_arena *arena)
{
    jh_unpack in;

    if (!jh_unpack_find(body, "results", &in) || jh_unpack_array(&in) != run->rule_count)
        return false;
    run->results = JH_NEW(arena, jh_run_result, run->rule_count + 1);
    for (size_t r = 0; run->results != NULL && r < run->rule_count; r++) {
        if (jh_unpack_array(&in) != 5)
            return false;
        run->results[r].frame = jh_unpack_u64(&in);
        run->results[r].undecided = jh_unpack_u64(&in);
        run->results[r].flagged = jh_unpack_u64(&in);
        run->results[r].gated = jh_unpack_u64(&in);
        run->results[r].selected = jh_unpack_u64(&in);
    }
    return run->results != NULL && !in.failed;
}

static bool unpack_run(const jh_event *event, jh_run *run, jh_arena *arena, jihe_error *err)
{
    jh_unpack body;
    const char *id, *digest;
    int64_t documents, hits, document_parts, hit_parts, superseded = 0;

    run->sequence = event->sequence;
    run->at = event->at;
    if (!jh_unpack_begin(&body, event->body, event->body_len) || !find_text(&body, "run", &id, arena) ||
        strlen(id) >= sizeof run->id || !unpack_inputs(&body, run, arena, err) || !unpack_results(&body, run, arena) ||
        !find_i64(&body, "documents", &documents) || !find_i64(&body, "hits", &hits) ||
        !find_i64(&body, "document_parts", &document_parts) || !find_i64(&body, "hit_parts", &hit_parts) ||
        !find_text(&body, "digest", &digest, arena) || !copy_hex(run->digest, digest, strlen(digest)))
        return false;
    if (find_i64(&body, "superseded", &superseded)) /* absent: none */
        run->superseded = (uint64_t)superseded;
    memcpy(run->id, id, strlen(id) + 1);
    run->documents = (uint64_t)documents;
    run->hits = (uint64_t)hits;
    run->document_parts = (uint32_t)document_parts;
    run->hit_parts = (uint32_t)hit_parts;
    return true;
}

struct loading {
    jh_runs *runs;
    size_t room;
    jh_arena *arena;
};

static jihe_status visit_run(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;

    if (strcmp(event->kind, "run") != 0)
        return JIHE_OK;
    if (loading->runs->count == loading->room) { /* doubled inside the arena: the old list is left there, small */
        const size_t room = loading->room == 0 ? 64 : loading->room * 2;
        jh_run *runs = JH_NEW(loading->arena, jh_run, room);

        if (runs == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading the runs");
        if (loading->runs->count > 0)
            memcpy(runs, loading->runs->runs, loading->runs->count * sizeof *runs);
        loading->runs->runs = runs;
        loading->room = room;
    }
    if (!unpack_run(event, &loading->runs->runs[loading->runs->count++], loading->arena, NULL))
        return jh_fail(err, JIHE_CORRUPT, "ledger event %llu is not a readable run",
                       (unsigned long long)event->sequence);
    return JIHE_OK;
}

jihe_status jh_runs_load(jh_runs *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.runs = out, .arena = arena};

    *out = (jh_runs){0};
    return jh_ledger_each(ledger, visit_run, &loading, err);
}

jihe_status jh_runs_find(const jh_runs *runs, const char *name, const jh_run **out, jihe_error *err)
{
    const size_t len = strlen(name);
    const jh_run *found = NULL;

    if (strcmp(name, "last") == 0 && runs->count > 0) {
        *out = &runs->runs[runs->count - 1];
        return JIHE_OK;
    }
    for (size_t i = 0; len > 0 && i < runs->count; i++) {
        if (strncmp(runs->runs[i].id, name, len) != 0)
            continue;
        if (found != NULL)
            return jh_fail(err, JIHE_USAGE,
                           "'%s' begins the names of several runs, %s and %s among them; give more of the name", name,
                           found->id, runs->runs[i].id);
        found = &runs->runs[i];
    }
    if (found == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "no recorded run is named '%s'; 'jihe run list' shows them", name);
    *out = found;
    return JIHE_OK;
}

jihe_status jh_run_parts(jh_hit_parts *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    char digest[65];
    jihe_status st = JIHE_OK;

    *out = (jh_hit_parts){.document_parts = run->document_parts,
                          .hit_parts = run->hit_parts,
                          .documents = (size_t)run->documents,
                          .hits = (size_t)run->hits};
    out->count = (size_t)1 + run->document_parts + run->hit_parts;
    out->parts = calloc(out->count, sizeof *out->parts);
    if (out->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the hits of run %s", run->id);
    for (size_t i = 0; st == JIHE_OK && i < out->count; i++) {
        st = jh_ledger_blob(ledger, run->sequence, (uint32_t)i, &out->parts[i], err);
        if (st == JIHE_NOT_FOUND)
            st = jh_fail(err, JIHE_CORRUPT, "run %s: part %zu of its hits is missing", run->id, i);
    }
    if (st == JIHE_OK)
        st = jh_hit_parts_digest(out, digest, err);
    if (st == JIHE_OK && strcmp(digest, run->digest) != 0)
        st = jh_fail(err, JIHE_CORRUPT, "run %s: its stored hits do not match the digest in the ledger", run->id);
    if (st != JIHE_OK)
        jh_hit_parts_deinit(out);
    else
        memcpy(out->digest, digest, sizeof digest);
    return st;
}

jihe_status jh_run_hits(jh_hits *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    jh_hit_parts parts;
    jihe_status st = jh_run_parts(&parts, ledger, run, err);

    if (st != JIHE_OK)
        return st;
    st = jh_hits_unpack(out, &parts, run->rule_count, run->snapshot_count, err);
    jh_hit_parts_deinit(&parts);
    return st == JIHE_OK ? JIHE_OK : jh_wrap(err, st, "run %s", run->id);
}
