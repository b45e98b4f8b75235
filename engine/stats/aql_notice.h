#ifndef JH_STATS_AQL_NOTICE_H
#define JH_STATS_AQL_NOTICE_H

#include <stdint.h>

#include "base/error.h"
#include "stats/aql_switch.h"

/* How soon inspection that follows quality notices a change: "a team at 4 % errors is noticed within 9 working days
 * with probability 95 %". Noticed means that inspection becomes tightened. */

typedef struct jh_aql_chances {
    double   accepted;         /* probability that a lot of the quality in question is accepted: the plan's operating
                                  characteristic, P(at most `accept` errors) */
    double   accepted_tighter; /* that it would also be, one quality level tighter; at most `accepted`; without meaning
                                  when `accept` is below 2 */
    uint32_t accept;           /* acceptance number of the plan in use */
} jh_aql_chances;

/* The probability that inspection, now at `from`, has been tightened (or discontinued) at least once after `lots` more
 * lots, each accepted with the given chances and independently of the others. Tightened or discontinued inspection to
 * begin with has noticed already: 1. Under reduced inspection the same chances are taken, though its samples are
 * smaller: there the result is too high, and the truth lies between it and that from normal inspection at its beginning
 * with the chances of reduced plans.
 *
 * Exact but for rounding (relative error 1e-13): a Markov chain over the states of stats/aql_switch.h itself. Work is
 * proportional to `lots`, a few microseconds each. JIHE_USAGE: chances outside [0, 1] or not numbers, more than
 * 100,000 lots, a history that cannot be. */
jihe_status jh_aql_noticed(double *probability, const jh_aql_history *from, const jh_aql_chances *chances,
                           uint32_t lots, jihe_error *err);

/* The fewest lots after which that probability is at least `probability`, in (0, 1); 0 when noticed already.
 * JIHE_NOT_FOUND when 100,000 lots do not suffice. */
jihe_status jh_aql_notice_lots(uint32_t *lots, const jh_aql_history *from, const jh_aql_chances *chances,
                               double probability, jihe_error *err);

#endif
