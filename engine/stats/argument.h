#ifndef JH_STATS_ARGUMENT_H
#define JH_STATS_ARGUMENT_H

#include <stdbool.h>

#include "base/error.h"

/* What the estimators and planners ask of their arguments, and how a probability is held against a risk. */

/* JIHE_USAGE unless 0 < conf < 1; a NaN is refused too. */
jihe_status jh_check_confidence(double conf, jihe_error *err);

/* JIHE_USAGE unless sample > 0 and 0 <= errors <= sample, all finite. */
jihe_status jh_check_errors(double errors, double sample, jihe_error *err);

/* 1 - conf. A confidence written with at most nine decimals gives the double nearest to 1 minus the decimal, which the
 * subtraction of doubles misses: 0.999 gives 0.001. */
double jh_tail_of(double conf);

/* Is the probability at most (above) the risk? A probability computed to 1e-12 that equals the risk in exact
 * arithmetic, as 0.5 x 0.5 equals 0.25, may come out a little above it; within 1e-11 of each other they count as
 * equal. */
bool jh_at_most(double probability, double risk);

#endif
