#ifndef JH_RATE_TALLY_H
#define JH_RATE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* One group's inspected documents, weighted by the inverse of their inclusion probabilities, and the estimates from
 * them.
 *
 * rate      Hajek: sum(w y) / sum(w), w = 1 / p. With equal weights it is errors / inspected.
 * interval  Clopper-Pearson 95 % on the effective sample size n_eff = sum(w)^2 / sum(w^2) (Kish 1965; the form of Korn
 * and Graubard 1998 without the t ratio). With equal weights n_eff = n, and it is the plain exact interval. */
typedef struct jh_tally {
    uint64_t inspected;
    uint64_t errors[2]; /* documents with an error: [0] in-rule, [1] out-of-rule */
    double   weight, weight_squared;
    double   weighted_errors[2];
    double   smallest, largest; /* weights */
} jh_tally;

typedef struct jh_estimate {
    double rate, low, high; /* proportions */
} jh_estimate;

void jh_tally_add(jh_tally *tally, double p, bool in_rule, bool out_of_rule); /* 0 < p <= 1 */
bool jh_tally_weighted(const jh_tally *tally); /* do the weights differ? */

/* `which` 0 in-rule, 1 out-of-rule. inspected > 0. */
jihe_status jh_tally_estimate(const jh_tally *tally, int which, jh_estimate *out, jihe_error *err);

#endif
