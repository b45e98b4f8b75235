#ifndef JH_STATS_WILSON_H
#define JH_STATS_WILSON_H

#include "base/error.h"

/* Wilson's score limits of a proportion, two-sided, without continuity correction: for display, where an interval near
 * the estimate serves better than a guaranteed one.
 *
 *   errors, sample, conf  as in binom.h
 *
 * JIHE_USAGE when an argument is out of range; the results are then untouched.
 * Source: E. Wilson (1927), JASA 22, 209-212. Its coverage is near conf on average, now above, now below it; for an
 * official rate use jh_binom_limits. Relative error 1e-14: the lower limit comes from the product of the two roots. */
jihe_status jh_wilson_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err);

#endif
