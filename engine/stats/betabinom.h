#ifndef JH_STATS_BETABINOM_H
#define JH_STATS_BETABINOM_H

#include <stdint.h>

#include "base/error.h"

/* P(X >= errors) of the beta-binomial distribution: errors of one person in `sample` documents, when people's true
 * rates themselves scatter around `mean` with intraclass correlation rho (a = mean (1/rho - 1), b = (1 - mean) (1/rho -
 * 1)).
 *
 *   errors   >= 0; above the sample the answer is 0
 *   sample   1 to 10^9; the work is one step per possible count, fewer where the terms die out
 *   mean     in (0, 1)
 *   rho      in (0, 1)
 *
 * JIHE_USAGE when an argument is out of range; *tail is then untouched.
 * The first term is a ratio of saddle-point forms (stirling.h), the others follow by ratios, the tail below the mean is
 * 1 - the other: relative error 1e-11. */
jihe_status jh_betabinom_at_least(uint64_t errors, uint64_t sample, double mean, double rho, double *tail,
                                  jihe_error *err);

#endif
