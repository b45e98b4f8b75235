#ifndef JH_API_TRIAL_H
#define JH_API_TRIAL_H

#include "api/workspace_facts.h"
#include "sample/selection.h"

/* Rules evaluated over stored dates without recording anything. */

typedef struct jh_trial {
    jh_arena           arena;
    jh_workspace_facts facts;
    jh_roster          roster;
    jh_snapshot      **parts, **history;
    size_t             part_count, history_count;
    jh_selection       selection;
} jh_trial;

typedef struct jh_trial_options {
    int32_t     from, to;
    const char *seed; /* NULL: a seed of trials, which is nobody's night */
} jh_trial_options;

/* The facts only, for checking rules before the trial; jh_trial_deinit in any case. */
jihe_status jh_trial_begin(jh_trial *trial, jihe_workspace *workspace, jihe_error *err);

/* Fills trial->selection. `rules` stay as long as the trial. JIHE_NO_INPUT: no snapshot in the period. */
jihe_status jh_trial_run(jh_trial *trial, const jihe_workspace *workspace, const jh_rule *const *rules, size_t rule_count,
                         const jh_trial_options *options, jihe_error *err);
void        jh_trial_deinit(jh_trial *trial); /* a zeroed one is fine */

/* The date of the snapshot that a pick is from. */
int32_t jh_trial_date(const jh_trial *trial, const jh_pick *pick);

#endif
