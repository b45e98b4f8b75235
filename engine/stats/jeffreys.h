#ifndef JH_STATS_JEFFREYS_H
#define JH_STATS_JEFFREYS_H

#include "base/error.h"

/* Jeffreys' equal-tailed limits of a proportion: quantiles of Beta(errors + 1/2, sample - errors + 1/2), but lower 0
 * where no error was found and upper 1 where there was nothing else.
 *
 *   errors, sample, conf  as in binom.h
 *
 * JIHE_USAGE when an argument is out of range; the results are then untouched.
 * Source: Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133. Coverage is near conf on average, not
 * guaranteed. Relative error that of beta.h. */
jihe_status jh_jeffreys_limits(double errors, double sample, double conf, double *lower, double *upper,
                               jihe_error *err);

#endif
