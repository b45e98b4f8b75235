#ifndef JH_API_EVALUATION_H
#define JH_API_EVALUATION_H

#include "api/workspace_facts.h"
#include "ledger/runs.h"
#include "sample/selection.h"

/* A run's inputs turned into its results: what `run` records and `replay` compares. */

typedef struct jh_evaluation {
    jh_snapshot **parts;   /* one per run->snapshots */
    jh_snapshot **history; /* one per run->history */
    size_t        part_count, history_count;
    jh_zone      *zone;
    jh_workspace_facts facts;
    jh_selection  selection;
    jh_hit_parts  hits;
    jh_flag_parts flags; /* where the run keeps them */
} jh_evaluation;

/* Fills run->results, counts and digest from run's inputs; `roster` is the one run->roster names. Every snapshot is
 * checked against the digest in the run (JIHE_DIFFERS). */
jihe_status jh_evaluate(jh_evaluation *out, jh_run *run, const char *workspace, const jh_roster *roster,
                        uint32_t threads, jh_arena *arena, jihe_error *err);
void        jh_evaluation_deinit(jh_evaluation *evaluation); /* a zeroed one is fine */

/* A recorded run evaluated again, its roster with it; *again is a copy of it with the new results. JIHE_DIFFERS when its
 * hits, or what its flags found, come out differently. */
jihe_status jh_reevaluate(jh_evaluation *out, jh_run *again, const jh_run *run, const jihe_workspace *workspace,
                          jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* Opens what a run names. On failure everything is closed again. */
jihe_status jh_open_snapshots(jh_snapshot ***out, const char *workspace, const jh_run_snapshot *wanted, size_t count,
                              jihe_error *err);
void        jh_close_snapshots(jh_snapshot **snapshots, size_t count);

#endif
