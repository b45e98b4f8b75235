#ifndef JH_STATS_CUSUM_H
#define JH_STATS_CUSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Cumulative sums: the evidence for a change, carried on from period to period and never below 0. All start at 0; the
 * caller compares with a threshold whose in-control run length it states, and starts anew after an alarm by calling
 * with what follows. Rounding only: absolute error about 1e-15 times the sum of the terms met so far.
 * JIHE_USAGE for arguments out of range, not a number, or counts that jh_error_counts_add refuses; the results are then
 * untouched. Every array has room for `count`. */

/* Two-sided: sums of z_t - slack (rising) and -z_t - slack (falling), z_t = (k_t/n_t - target) / its standard error at
 * `target`. 0 < target < 1; slack >= 0, half of the change to be found, in standard errors (0.5 is usual). Source:
 * E. S. Page (1954), Biometrika 41, 100-115, standardised for unequal n. */
jihe_status jh_cusum_p(double *rising, double *falling, const uint64_t *errors, const uint64_t *inspected, size_t count,
                       double target, double slack, jihe_error *err);

/* Sums of log-likelihood ratios of the rate `changed` against the rate `usual`, both in (0, 1) and not equal; best of
 * all for a change of just that size. Source: G. V. Moustakides (1986), Annals of Statistics 14, 1379-1387. */
jihe_status jh_cusum_binomial(double *sums, const uint64_t *errors, const uint64_t *inspected, size_t count,
                              double usual, double changed, jihe_error *err);

/* The same for counts with expected values `means` (> 0): evidence that they have become `ratio` times as large.
 * ratio > 0, not 1. A single person's volume between two closed periods is watched by this. */
jihe_status jh_cusum_poisson(double *sums, const uint64_t *counts, const double *means, size_t count, double ratio,
                             jihe_error *err);

#endif
