#include "api/evaluation.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"
#include "ledger/postings.h"

void jh_close_snapshots(jh_snapshot **snapshots, size_t count)
{
    for (size_t i = 0; snapshots != NULL && i < count; i++)
        jh_snapshot_close(snapshots[i]);
    free(snapshots);
}

static jihe_status open_checked(jh_snapshot **out, const char *workspace, const jh_run_snapshot *wanted,
                                jihe_error *err)
{
    char date[16];
    const jihe_status st = jh_snapshot_open(out, workspace, wanted->date, wanted->revision, err);

    jh_days_text(wanted->date, date);
    if (st == JIHE_NOT_FOUND)
        return jh_fail(err, JIHE_NOT_FOUND,
                       "the snapshot of %s r%u that the run used (sha256 %.16s...) is gone; ingesting the same extract "
                       "again brings "
                       "it back",
                       date, wanted->revision, wanted->sha256);
    if (st != JIHE_OK)
        return st;
    if (strcmp(jh_snapshot_manifest(*out)->sha256, wanted->sha256) == 0)
        return JIHE_OK;
    return jh_fail(err, JIHE_DIFFERS,
                   "the snapshot of %s r%u is not the one the run used (digest %.16s..., the run names %.16s...)", date,
                   wanted->revision, jh_snapshot_manifest(*out)->sha256, wanted->sha256);
}

struct opening {
    jh_snapshot **snapshots;
    const char *workspace;
    const jh_run_snapshot *wanted;
};

static jihe_status open_one(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct opening *opening = context;

    (void)worker;
    return open_checked(&opening->snapshots[index], opening->workspace, &opening->wanted[index], err);
}

/* Months of history are hundreds of files: each is looked through before it is trusted. */
static jihe_status open_all(jh_snapshot ***out, const char *workspace, const jh_run_snapshot *wanted, size_t count,
                            uint32_t threads, jihe_error *err)
{
    struct opening opening = {
        .snapshots = calloc(count + 1, sizeof *opening.snapshots), .workspace = workspace, .wanted = wanted};
    const jihe_status st = opening.snapshots == NULL ? jh_fail(err, JIHE_NO_MEMORY, "opening snapshots")
                                                     : jh_parallel(threads, count, open_one, &opening, err);

    *out = opening.snapshots;
    if (st != JIHE_OK) {
        jh_close_snapshots(opening.snapshots, count);
        *out = NULL;
    }
    return st;
}

jihe_status jh_open_snapshots(jh_snapshot ***out, const char *workspace, const jh_run_snapshot *wanted, size_t count,
                              jihe_error *err)
{
    return open_all(out, workspace, wanted, count, 1, err);
}

static jihe_status keep_results(jh_run *run, const jh_evaluation *evaluation, jh_arena *arena, jihe_error *err)
{
    const jh_selection *selection = &evaluation->selection;

    run->results = JH_NEW(arena, jh_run_result, run->rule_count + 1);
    if (run->results == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a run's results");
    for (size_t r = 0; r < run->rule_count; r++)
        run->results[r] = (jh_run_result){.frame = selection->pass.frames[r].documents,
                                          .undecided = selection->pass.frames[r].undecided,
                                          .flagged = selection->rules[r].flag.flagged,
                                          .gated = selection->rules[r].flag.gated,
                                          .selected = selection->rules[r].selected,
                                          .apart = selection->rules[r].apart};
    run->superseded = selection->pass.superseded_count;
    run->documents = evaluation->hits.documents;
    run->hits = evaluation->hits.hits;
    run->document_parts = evaluation->hits.document_parts;
    run->hit_parts = evaluation->hits.hit_parts;
    memcpy(run->digest, evaluation->hits.digest, sizeof run->digest);
    run->flag_parts = (uint32_t)evaluation->flags.count;
    memcpy(run->flags_digest, evaluation->flags.digest, sizeof run->flags_digest);
    return JIHE_OK;
}

static jihe_status evaluate(jh_evaluation *out, jh_run *run, const char *workspace, const jh_roster *roster,
                            uint32_t threads, jh_arena *arena, jihe_error *err)
{
    const jh_rule **rules = JH_NEW(arena, const jh_rule *, run->rule_count + 1);
    jihe_status st;

    if (rules == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a run");
    for (size_t r = 0; r < run->rule_count; r++)
        rules[r] = &run->rules[r];
    if ((st = jh_zone_open(&out->zone, run->timezone, err)) != JIHE_OK ||
        (st = jh_run_facts_load(&out->facts, run, workspace, out->zone, roster, err)) != JIHE_OK ||
        (st = open_all(&out->parts, workspace, run->snapshots, run->snapshot_count, threads, err)) != JIHE_OK)
        return st;
    out->part_count = run->snapshot_count;
    if ((st = open_all(&out->history, workspace, run->history, run->history_count, threads, err)) != JIHE_OK)
        return st;
    out->history_count = run->history_count;
    const jh_selection_input input = {.rules = rules,
                                      .rule_count = run->rule_count,
                                      .parts = out->parts,
                                      .part_count = out->part_count,
                                      .history = out->history,
                                      .history_count = out->history_count,
                                      .first = run->from,
                                      .last = run->to,
                                      .roster = roster,
                                      .past = run->past,
                                      .latest = run->latest,
                                      .facts = &out->facts.facts,
                                      .seed = run->seed,
                                      .threads = threads,
                                      .bits_only = run->layout >= 3};

    if ((st = jh_selection_make(&out->selection, &input, err)) != JIHE_OK ||
        (st = jh_hits_pack(&out->hits, &out->selection, rules, run->layout, err)) != JIHE_OK ||
        (run->keeps_flags && (st = jh_flag_parts_pack(&out->flags, &out->selection, rules, err)) != JIHE_OK))
        return st;
    return keep_results(run, out, arena, err);
}

jihe_status jh_evaluate(jh_evaluation *out, jh_run *run, const char *workspace, const jh_roster *roster,
                        uint32_t threads, jh_arena *arena, jihe_error *err)
{
    *out = (jh_evaluation){0};
    const jihe_status st = evaluate(out, run, workspace, roster, threads, arena, err);

    if (st != JIHE_OK)
        jh_evaluation_deinit(out);
    return st;
}

jihe_status jh_reevaluate(jh_evaluation *out, jh_run *again, const jh_run *run, const jihe_workspace *workspace,
                          jh_ledger *ledger, jh_arena *arena, jihe_error *err)
{
    jh_roster roster = {0};
    jihe_status st;

    *out = (jh_evaluation){0};
    *again = *run;
    if ((st = jh_people_load(&roster, ledger, run->roster, run->notes, arena, err)) != JIHE_OK ||
        (st = jh_evaluate(out, again, workspace->path, &roster, workspace->threads, arena, err)) != JIHE_OK)
        return st;
    if (strcmp(again->digest, run->digest) == 0 && strcmp(again->flags_digest, run->flags_digest) == 0)
        return JIHE_OK;
    jh_evaluation_deinit(out);
    return jh_fail(err, JIHE_DIFFERS,
                   "run %s: the recomputed hits or flags differ from the recorded ones; 'jihe replay' says more",
                   run->id);
}

void jh_evaluation_deinit(jh_evaluation *evaluation)
{
    jh_hit_parts_deinit(&evaluation->hits);
    jh_flag_parts_deinit(&evaluation->flags);
    jh_selection_deinit(&evaluation->selection);
    jh_close_snapshots(evaluation->parts, evaluation->part_count);
    jh_close_snapshots(evaluation->history, evaluation->history_count);
    jh_workspace_facts_deinit(&evaluation->facts);
    jh_zone_free(evaluation->zone);
    *evaluation = (jh_evaluation){0};
}
