#ifndef JH_STATS_ROBUST_H
#define JH_STATS_ROBUST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* A centre and a spread that single outliers do not move. Shown beside a test, never the test itself. */
typedef struct jh_robust {
    double median;
    double mad;     /* 1.4826 times the median distance from the median: a standard deviation, were the values normal */
    double mean_ad; /* 1.2533141 times the mean distance from it, for when more than half the values are equal */
} jh_robust;

/* Median of an even number: the mean of the two middle values. Rounding only, but for mean_ad: relative error 1e-15
 * times the number of values. Source of the constants: 1 / the normal quantile of 0.75 rounded as in R's mad; sqrt(pi /
 * 2). JIHE_USAGE for no values or one that is not finite; JIHE_NO_MEMORY; the arena is for work memory. */
jihe_status jh_robust_make(jh_robust *out, const double *values, size_t count, jh_arena *arena, jihe_error *err);

/* (x - median) / mad; over mean_ad where mad is 0 (B. Iglewicz, D. Hoaglin 1993); NaN where that is 0 too: then all
 * values are equal and no distance is far. */
double jh_robust_z(const jh_robust *robust, double x);

#endif
