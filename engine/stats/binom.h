#ifndef JH_STATS_BINOM_H
#define JH_STATS_BINOM_H

#include <stdint.h>

#include "base/error.h"

/* Tails of the binomial distribution: X errors among `sample` documents drawn with replacement, each wrong with
 * probability `rate` in [0, 1]. Both relative to 1e-12 up to 10^9 documents (beta.h). */
double jh_binom_at_most(uint64_t errors, uint64_t sample, double rate);  /* P(X <= errors) */
double jh_binom_at_least(uint64_t errors, uint64_t sample, double rate); /* P(X >= errors) */

/* Two-sided Clopper-Pearson limits of a proportion.
 *
 *   errors  0 <= errors <= sample; need not be whole (an effective count, Korn and Graubard 1998)
 *   sample  > 0
 *   conf    probability in (0, 1), 0.95 for 95 percent
 *   lower, upper  proportions: beta quantiles B(a/2; errors, sample - errors + 1) and
 *           B(1 - a/2; errors + 1, sample - errors), a = 1 - conf; 0 for errors = 0, 1 for errors = sample
 *
 * JIHE_USAGE when an argument is out of range or not a number; the results are then untouched.
 * Source: Clopper and Pearson (1934), Biometrika 26, 404-413. Conservative: coverage is at least conf. */
jihe_status jh_binom_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err);

/* The one-sided limits, each at confidence conf on that side alone: the upper one is for assurance ("not above"), the
 * lower one for recovery ("at least"). */
jihe_status jh_binom_upper(double errors, double sample, double conf, double *upper, jihe_error *err);
jihe_status jh_binom_lower(double errors, double sample, double conf, double *lower, jihe_error *err);

#endif
