#ifndef JH_STATS_PLAN_PRECISION_H
#define JH_STATS_PLAN_PRECISION_H

#include <stdint.h>

#include "base/error.h"

/* How many documents to inspect for a rate that is to be known within a half width: n0 = z^2 p (1 - p) / e^2, and
 * ceil(n0 / (1 + (n0 - 1) / N)) out of N.
 *
 *   conf        two-sided, in (0, 1)
 *   half_width  e, in (0, 1)
 *   rate        p, about what is expected, in (0, 1); 0.5 when nothing is known
 *   population  N; 0: very large
 *
 * JIHE_USAGE when an argument is out of range; *sample is then untouched.
 * Source: W. Cochran (1977), Sampling Techniques, 3rd ed., 4.4. The normal law: too small where n p is below about 5,
 * and silent about what happens when the rate is not p. */
jihe_status jh_plan_precision(double conf, double half_width, double rate, uint64_t population, uint64_t *sample,
                              jihe_error *err);

#endif
