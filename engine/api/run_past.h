#ifndef JH_API_RUN_PAST_H
#define JH_API_RUN_PAST_H

#include "ledger/runs.h"

/* Fills run->past from what is recorded, where a rule of the run asks for it; otherwise leaves it NULL.
 *
 *   period   frames and selections of the same rule in earlier runs of the period that ends with the run's last date:
 *            the last recorded run of each date, none that overlaps the run's own dates.
 *   neyman   documents of the 366 days before the run's first date that were inspected (their last inspection counts),
 *            and those of them with an in-rule finding.
 *
 * Texts live in the arena. */
jihe_status jh_run_find_past(jh_run *run, const jh_runs *runs, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* Has the run this rule, with the same strata, for dates from `first` on that end before `before`? */
bool   jh_run_precedes(const jh_run *run, const jh_rule *rule, int32_t first, int32_t before);
size_t jh_run_rule(const jh_run *run, const char *id); /* its place in the run's rules; SIZE_MAX: not there */

#endif
