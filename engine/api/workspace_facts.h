#ifndef JH_API_WORKSPACE_FACTS_H
#define JH_API_WORKSPACE_FACTS_H

#include "api/api_int.h"
#include "expr/expr.h"
#include "ledger/runs.h"

/* Lists, calendar and people that rules ask, as the workspace has them now or as a run has kept them.
 *
 * A run names the files its rules ask with their digests, and keeps a copy of each as ledger/kept/SHA256: lists change
 * from day to day, replays must not. */

typedef struct jh_workspace_facts {
    jh_value_lists lists;
    jh_calendar    calendar;
    jh_facts       facts; /* points into this one: it must not be moved */
} jh_workspace_facts;

/* Everything in lists/ and calendar/. `roster` may be NULL; zone and roster are borrowed. */
jihe_status jh_workspace_facts_load(jh_workspace_facts *out, const char *workspace, const jh_zone *zone,
                                    const jh_roster *roster, jihe_error *err);

/* What the run's files said when it was made. JIHE_NOT_FOUND, JIHE_DIFFERS: a kept file is gone, or another one. */
jihe_status jh_run_facts_load(jh_workspace_facts *out, const jh_run *run, const char *workspace, const jh_zone *zone,
                              const jh_roster *roster, jihe_error *err);

void jh_workspace_facts_deinit(jh_workspace_facts *facts); /* a zeroed one is fine */

/* Names in the run the files its rules ask, and keeps them. */
jihe_status jh_run_facts_keep(jh_run *run, const jh_facts_used *used, const jh_workspace_facts *facts,
                              const char *workspace, jh_arena *arena, jihe_error *err);

#endif
