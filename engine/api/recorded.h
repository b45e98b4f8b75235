#ifndef JH_API_RECORDED_H
#define JH_API_RECORDED_H

#include "api/api_int.h"
#include "ledger/runs.h"

/* A recorded run, found by name, with its hits: what hits, worklist, flags, replay and record start from. */
typedef struct jh_recorded {
    jh_arena      arena;
    jh_ledger    *ledger; /* open until deinit */
    jh_runs       runs;   /* all of them */
    const jh_run *run;
    jh_hits       hits;   /* when asked for */
} jh_recorded;

jihe_status jh_recorded_find(jh_recorded *out, const jihe_workspace *workspace, const char *name, bool with_hits,
                             jihe_error *err);
void        jh_recorded_deinit(jh_recorded *recorded); /* a zeroed one is fine */

#endif
