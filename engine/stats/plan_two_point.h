#ifndef JH_STATS_PLAN_TWO_POINT_H
#define JH_STATS_PLAN_TWO_POINT_H

#include <stdint.h>

#include "base/error.h"
#include "stats/plan_attribute.h"

/* The smallest sample that accepts good work and refuses bad work, each with a stated risk: P(X <= c) >= 1 - alpha at
 * the good rate and P(X <= c) <= beta at the bad one, c the largest number of errors that still meets beta.
 *
 *   good, bad    parts per million, 0 < good < bad <= 1000000
 *   alpha, beta  risks in (0, 1): good work refused, bad work accepted
 *   population   0: very large (binomial); else hypergeometric, with the nearest whole number of wrong documents
 *
 * JIHE_USAGE when an argument is out of range or no sample will do; *out is then untouched. out->risk is P at the bad
 * rate.
 * Source: ISO 2859 and Guenther (1969), as in R's AcceptanceSampling, with which it agrees. */
jihe_status jh_plan_two_point(uint32_t good, double alpha, uint32_t bad, double beta, uint64_t population, jh_plan *out,
                              jihe_error *err);

#endif
