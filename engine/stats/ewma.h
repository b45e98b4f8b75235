#ifndef JH_STATS_EWMA_H
#define JH_STATS_EWMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The exponentially weighted moving average of an error rate: sees a small lasting change sooner than a p chart.
 *
 *   z_t = lambda k_t / n_t + (1 - lambda) z_(t-1), z_0 = target
 *   V_t = lambda^2 target (1 - target) / n_t + (1 - lambda)^2 V_(t-1), V_0 = 0: exact for unequal n
 *
 * and limits target +- 3 sqrt(V_t) within [0, 1]. Source: S. W. Roberts (1959); unequal samples: D. C. Montgomery,
 * Introduction to Statistical Quality Control. The limits are those of a normal count; see stats/chart.h for small
 * ones. Rounding only: relative error about 1e-15. */

typedef struct jh_ewma_point {
    double value, lower, upper;
} jh_ewma_point;

/* 0 < lambda <= 1 (0.1 to 0.4 is usual), 0 < target < 1. JIHE_USAGE otherwise and for counts that jh_error_counts_add
 * refuses; `points` (room for `count`) is then untouched. */
jihe_status jh_ewma_p(jh_ewma_point *points, const uint64_t *errors, const uint64_t *inspected, size_t count,
                      double lambda, double target, jihe_error *err);

#endif
