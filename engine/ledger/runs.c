#include "ledger/runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "ledger/runs_int.h"
#include "sample/draw_stream.h"

static jihe_status put_parts(jh_ledger *ledger, uint64_t sequence, uint32_t first, const jh_buf *parts, size_t count,
                             jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = jh_ledger_put_blob(ledger, sequence, first + (uint32_t)i, parts[i].bytes, parts[i].len, err);
    return st;
}

static uint64_t bytes_of(const jh_buf *parts, size_t count)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < count; i++)
        bytes += parts[i].len;
    return bytes;
}

jihe_status jh_run_save(jh_ledger *ledger, jh_run *run, const jh_hit_parts *parts, const jh_flag_parts *flags,
                        jihe_error *err)
{
    const uint64_t bytes = bytes_of(parts->parts, parts->count) + bytes_of(flags->parts, flags->count);
    jh_buf body = {0};
    jihe_status st;

    jh_run_pack(&body, run);
    st = body.failed ? jh_fail(err, JIHE_NO_MEMORY, "recording a run") : jh_ledger_begin(ledger, bytes + body.len, err);
    if (st == JIHE_OK) {
        if ((st = jh_ledger_append(ledger, "run", run->at, &body, &run->sequence, err)) == JIHE_OK &&
            (st = put_parts(ledger, run->sequence, 0, parts->parts, parts->count, err)) == JIHE_OK)
            st = put_parts(ledger, run->sequence, (uint32_t)parts->count, flags->parts, flags->count, err);
        if (st == JIHE_OK)
            st = jh_ledger_commit(ledger, err);
        else
            jh_ledger_rollback(ledger);
    }
    jh_buf_deinit(&body);
    return st;
}

struct loading {
    jh_runs *runs;
    size_t room;
    jh_arena *arena;
};

static jihe_status visit_run(void *context, const jh_event *event, jihe_error *err)
{
    struct loading *loading = context;
    jh_runs *list = loading->runs;
    jh_run *runs = jh_arena_list(loading->arena, list->runs, list->count, &loading->room, sizeof *runs);

    if (runs == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the runs");
    list->runs = runs;
    errno = 0;
    return jh_run_unpack(event, &runs[list->count++], loading->arena) ? JIHE_OK
                                                                      : jh_event_unreadable(event, "run", err);
}

jihe_status jh_runs_load(jh_runs *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    struct loading loading = {.runs = out, .arena = arena};

    *out = (jh_runs){0};
    return jh_ledger_each(ledger, "run", visit_run, &loading, err);
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

jihe_status jh_run_flag_parts(jh_flag_parts *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    const uint32_t first = 1 + run->document_parts + run->hit_parts;
    char digest[65];
    jihe_status st = JIHE_OK;

    *out = (jh_flag_parts){.count = run->flag_parts};
    if (!run->keeps_flags)
        return jh_fail(err, JIHE_BUG, "run %s keeps no flags", run->id);
    out->parts = calloc(out->count + 1, sizeof *out->parts);
    if (out->parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the flags of run %s", run->id);
    for (size_t i = 0; st == JIHE_OK && i < out->count; i++) {
        st = jh_ledger_blob(ledger, run->sequence, first + (uint32_t)i, &out->parts[i], err);
        if (st == JIHE_NOT_FOUND)
            st = jh_fail(err, JIHE_CORRUPT, "run %s: part %zu of its flags is missing", run->id, i);
    }
    if (st == JIHE_OK && (st = jh_flag_parts_digest(out, digest, err)) == JIHE_OK &&
        strcmp(digest, run->flags_digest) != 0)
        st = jh_fail(err, JIHE_CORRUPT, "run %s: its stored flags do not match the digest in the ledger", run->id);
    if (st != JIHE_OK)
        jh_flag_parts_deinit(out);
    else
        memcpy(out->digest, digest, sizeof digest);
    return st;
}

jihe_status jh_run_flags_load(jh_run_flags *out, jh_ledger *ledger, const jh_run *run, size_t members, jihe_error *err)
{
    jh_flag_parts parts;
    jihe_status st = jh_run_flag_parts(&parts, ledger, run, err);

    *out = (jh_run_flags){0};
    if (st != JIHE_OK)
        return st;
    if ((st = jh_run_flags_unpack(out, &parts, run->rule_count, members, err)) != JIHE_OK)
        st = jh_wrap(err, st, "run %s", run->id);
    jh_flag_parts_deinit(&parts);
    return st;
}

/* The stream's k of every rule. NULL: no memory. */
static uint64_t *stream_keys(const jh_run *run, jihe_error *err)
{
    uint64_t *keys = calloc(run->rule_count + 1, sizeof *keys);

    if (keys == NULL)
        (void)jh_fail(err, JIHE_NO_MEMORY, "reading the hits of run %s", run->id);
    for (size_t r = 0; keys != NULL && r < run->rule_count; r++)
        keys[r] = jh_stream_key(run->seed, jh_stream_name(&run->rules[r]));
    return keys;
}

jihe_status jh_run_hits(jh_hits *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    jh_hit_parts parts;
    jihe_status st = jh_run_parts(&parts, ledger, run, err);

    if (st != JIHE_OK)
        return st;
    uint64_t *keys = stream_keys(run, err);

    st = keys == NULL ? JIHE_NO_MEMORY
                      : jh_hits_unpack(out, &parts, run->layout, run->rule_count, keys, run->snapshot_count, err);
    free(keys);
    jh_hit_parts_deinit(&parts);
    return st == JIHE_OK ? JIHE_OK : jh_wrap(err, st, "run %s", run->id);
}

jihe_status jh_run_stream_open(jh_run_stream *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    jihe_status st;

    *out = (jh_run_stream){.run = run, .keys = stream_keys(run, err), .next = 1};
    if (out->keys == NULL)
        return JIHE_NO_MEMORY;
    if ((st = jh_run_parts(&out->parts, ledger, run, err)) == JIHE_OK) {
        const jh_hit_parts first = {.parts = out->parts.parts, .count = 1}; /* strata and patterns */

        st = jh_hits_unpack(&out->hits, &first, run->layout, run->rule_count, out->keys, run->snapshot_count, err);
        if (st != JIHE_OK)
            st = jh_wrap(err, st, "run %s", run->id);
    }
    if (st != JIHE_OK)
        jh_run_stream_close(out);
    return st;
}

jihe_status jh_run_stream_next(jh_run_stream *stream, jihe_error *err)
{
    if (stream->next >= stream->parts.count)
        return JIHE_NOT_FOUND;
    jh_buf *part = &stream->parts.parts[stream->next++];
    const jihe_status st = jh_hits_turn(&stream->hits, part, stream->keys, stream->run->snapshot_count, err);

    jh_buf_deinit(part);
    return st == JIHE_OK ? JIHE_OK : jh_wrap(err, st, "run %s", stream->run->id);
}

void jh_run_stream_close(jh_run_stream *stream)
{
    jh_hit_parts_deinit(&stream->parts);
    jh_hits_deinit(&stream->hits);
    free(stream->keys);
    *stream = (jh_run_stream){0};
}

/* Documents of a run by date and id. */
struct by_id {
    const jh_run *run;
    const jh_hits *hits;
    uint32_t *order;
};

static int order_across(const struct by_id *a, uint32_t i, const struct by_id *b, uint32_t j)
{
    const jh_hit_document *x = &a->hits->documents[i], *y = &b->hits->documents[j];
    const int32_t p = a->run->snapshots[x->snapshot].date, q = b->run->snapshots[y->snapshot].date;

    return p != q ? (p < q ? -1 : 1) : jh_text_compare(x->id, x->id_len, y->id, y->id_len);
}

static int order_documents(const void *a, const void *b, void *context)
{
    return order_across(context, *(const uint32_t *)a, context, *(const uint32_t *)b);
}

static jihe_status sort_by_id(struct by_id *all, jihe_error *err)
{
    all->order = malloc((all->hits->document_count + 1) * sizeof *all->order);
    if (all->order == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the documents of run %s", all->run->id);
    for (size_t d = 0; d < all->hits->document_count; d++)
        all->order[d] = (uint32_t)d;
    qsort_r(all->order, all->hits->document_count, sizeof *all->order, order_documents, all);
    return JIHE_OK;
}

/* Takes the documents off `added` that the run has which this one extends. */
static jihe_status leave_known(bool *added, struct by_id *now, const jh_run *base, jh_ledger *ledger, jihe_error *err)
{
    jh_hits hits;
    struct by_id before = {.run = base, .hits = &hits};
    size_t b = 0;
    jihe_status st = jh_run_hits(&hits, ledger, base, err);

    if (st != JIHE_OK)
        return st;
    if ((st = sort_by_id(now, err)) == JIHE_OK)
        st = sort_by_id(&before, err);
    for (size_t i = 0; st == JIHE_OK && i < now->hits->document_count; i++) {
        while (b < hits.document_count && order_across(&before, before.order[b], now, now->order[i]) < 0)
            b++;
        added[now->order[i]] =
            b == hits.document_count || order_across(&before, before.order[b], now, now->order[i]) != 0;
    }
    free(before.order);
    jh_hits_deinit(&hits);
    return st;
}

jihe_status jh_run_added(bool **added, uint64_t *count, const jh_run *run, const jh_hits *hits, const jh_runs *runs,
                         jh_ledger *ledger, jihe_error *err)
{
    struct by_id now = {.run = run, .hits = hits};
    const jh_run *base;
    jihe_status st = JIHE_OK;

    *count = 0;
    *added = malloc(hits->document_count + 1);
    if (*added == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the documents of run %s", run->id);
    memset(*added, true, hits->document_count + 1);
    if (run->extends[0] != '\0' && (st = jh_runs_find(runs, run->extends, &base, err)) == JIHE_OK)
        st = leave_known(*added, &now, base, ledger, err);
    for (size_t d = 0; d < hits->document_count; d++)
        *count += (*added)[d];
    free(now.order);
    if (st != JIHE_OK) {
        free(*added);
        *added = NULL;
    }
    return st;
}
