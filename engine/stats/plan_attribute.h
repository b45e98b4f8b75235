#ifndef JH_STATS_PLAN_ATTRIBUTE_H
#define JH_STATS_PLAN_ATTRIBUTE_H

#include <stdint.h>

#include "base/error.h"

/* How many documents to inspect so that few errors among them show that the population's rate is below a tolerable
 * one. */

#define JH_PLAN_MAX UINT64_C(1000000000) /* documents in a sample; a plan that needs more is refused */

typedef struct jh_plan {
    uint64_t sample;  /* documents to inspect */
    uint64_t allowed; /* errors up to which the answer is yes */
    double   risk;    /* P(at most `allowed` errors) when the rate is the tolerable one: at most 1 - conf */
} jh_plan;

/* The smallest sample n > k with P(X <= k) <= 1 - conf at the tolerable rate, where k = ceil(n x expected).
 *
 *   conf        probability in (0, 1)
 *   tolerable   parts per million, 1 to 1000000
 *   expected    parts per million, below the tolerable rate
 *   population  0: very large (binomial); else at most JH_POPULATION_MAX (hyper.h), exact for sampling without
 *               replacement (hypergeometric), with ceil(tolerable x population) wrong documents
 *
 * JIHE_USAGE when an argument is out of range, or when no sample will do: the expected errors reach the tolerable ones
 * in a small population, or more than JH_PLAN_MAX documents would be needed. *out is then untouched.
 * Ceilings are of whole numbers, so 6 % of 100 documents is 6 (published tables that take ceilings of binary fractions
 * make it 7, and their samples too small). Where the sample grows, k grows with it and the probability moves in teeth;
 * the smallest sample of all is found, not the last tooth. Source: AICPA Audit Guide: Audit Sampling, appendix A, whose
 * binomial tables agree but for one misprint (112 for 113 at 10 % risk, 7 % tolerable, 3.25 % and 3.5 % expected). */
jihe_status jh_plan_attribute(double conf, uint32_t tolerable, uint32_t expected, uint64_t population, jh_plan *out,
                              jihe_error *err);

/* The same for a fixed number of allowed errors. */
jihe_status jh_plan_allowing(double conf, uint32_t tolerable, uint64_t allowed, uint64_t population, jh_plan *out,
                             jihe_error *err);

/* How many documents to inspect to see at least one of a kind of which there are `kind` in the population: no error
 * allowed. 1 <= kind <= population. */
jihe_status jh_plan_detect(double conf, uint64_t kind, uint64_t population, jh_plan *out, jihe_error *err);

#endif
