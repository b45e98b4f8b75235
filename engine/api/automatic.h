#ifndef JH_API_AUTOMATIC_H
#define JH_API_AUTOMATIC_H

#include "api/api_int.h"
#include "ledger/runs.h"

/* What automatic checks (rules with `expect: none`) come to in a period. Nobody inspected these documents: the rule itself
 * looked at all of them, so their figures are complete counts, never pooled with inspected documents and without an
 * interval.
 *
 * Of each rule and business date the last recorded run that looked there counts, with the rule as it was then. The
 * findings are the run's recorded hits; what they are counted among is worked out again from the snapshot. */

typedef struct jh_automatic {
    const char        *rule, *title, *clause;
    const char *const *keys;      /* values, "" when missing; key_count of them */
    bool               flag;      /* the rule has a flag */
    uint64_t           checked;   /* documents the rule could decide; with a flag, those its condition holds for */
    uint64_t           findings;  /* of them */
    uint64_t           undecided; /* beside them */
} jh_automatic;

typedef struct jh_automatic_query {
    int32_t            from, to;
    const char *const *keys; /* category columns, month */
    size_t             key_count;
} jh_automatic_query;

typedef struct jh_automatics {
    jh_automatic *rows;  /* in order of rule, clause, keys (bytewise) */
    size_t        count;
    uint64_t      gone;  /* rules times dates that are not counted, because a snapshot was dropped */
} jh_automatics;

/* Everything lives in the arena. JIHE_USAGE for a key that is neither `month` nor a category column of a single value;
 * JIHE_DIFFERS, JIHE_CORRUPT: a snapshot is not the one that the run used. */
jihe_status jh_automatic_make(jh_automatics *out, const jihe_workspace *workspace, jh_ledger *ledger,
                              const jh_automatic_query *query, jh_arena *arena, jihe_error *err);

#endif
