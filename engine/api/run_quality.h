#ifndef JH_API_RUN_QUALITY_H
#define JH_API_RUN_QUALITY_H

#include "ledger/runs.h"
#include "stats/aql_switch.h"

/* Rates that follow quality. A lot is what one run of the rule selected from one group; it is judged when all of it has been
 * inspected, by the first inspection of each document, so that what was judged stays judged. Lots are taken in the order
 * in which they were completed. A lot of n documents is accepted with as many errors as documents of the acceptable
 * quality (AQL) have with probability 95 %: the smallest c with P(X <= c) >= 0.95, X binomial(n, AQL); under tightened
 * inspection, and for the switching score, of 0.65 AQL, the next step of the ISO series. Where a date was drawn more than
 * once, the lot that was completed first counts. A discontinued group is inspected whole until somebody takes normal
 * sampling up again, tightened, with a reason; that is an event too, and lots completed after it count. */

typedef struct jh_quality_change {
    const char  *group;
    int32_t      date;      /* last date of the lot that led to it */
    uint64_t     completed; /* ledger event that completed it */
    jh_aql_state from, to;
    const char  *reason;
} jh_quality_change;

typedef struct jh_quality_group {
    const char    *label;
    jh_aql_history history;
    int32_t        since;   /* date of the lot that led to the state; of the first one */
    uint32_t       lots;    /* judged */
    uint32_t       waiting; /* not all of it inspected */
    uint64_t       sample;  /* documents of the last one judged */
    uint64_t       changed; /* ledger event that completed the lot which led to the state, or that took inspection up again; 0 none */
} jh_quality_group;

typedef struct jh_quality {
    jh_quality_group  *groups; /* sorted by label */
    size_t             group_count;
    jh_quality_change *changes; /* by group, in order */
    size_t             change_count;
} jh_quality;

/* What the runs of a rule before `before` (a date) say; for a rule without `follow`: nothing. Lives in the arena. */
jihe_status jh_quality_judge(jh_quality *out, const jh_rule *rule, const jh_runs *runs, int32_t before,
                             jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* Gives every rule of the run that follows quality the rates of its groups, and records the changes that the ledger does
 * not have yet. *changed: how many. */
jihe_status jh_run_follow_quality(jh_run *run, const jh_runs *runs, jh_ledger *ledger, int64_t at, uint64_t *changed,
                                  jh_arena *arena, jihe_error *err);

/* Takes inspection of a discontinued group of the rule up again and records that, after the changes that the ledger does not
 * have yet. `today` is a note. JIHE_NOT_FOUND: no such group; JIHE_USAGE: it is not discontinued. */
jihe_status jh_quality_resume(const jh_rule *rule, const char *group, const char *reason, const jh_runs *runs,
                              jh_ledger *ledger, int32_t today, int64_t at, jh_arena *arena, jihe_error *err);

uint32_t jh_quality_rate(const jh_draw *draw, jh_aql_state state); /* in millionths */
uint64_t jh_quality_allowed(uint64_t sample, uint32_t aql, bool tighter);

/* Recorded changes, in order of recording: event kind "quality". */
typedef struct jh_quality_event {
    const char       *rule;
    jh_quality_change change;
    uint64_t          sequence;
} jh_quality_event;

typedef struct jh_quality_events {
    jh_quality_event *events;
    size_t            count;
} jh_quality_events;

jihe_status jh_quality_events_load(jh_quality_events *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

#endif
