#ifndef JH_STATS_HYPER_H
#define JH_STATS_HYPER_H

#include <stdint.h>

#include "base/error.h"

/* The hypergeometric distribution: X errors in `sample` documents drawn without replacement from a population in which
 * `wrong` are wrong. The exact law of a simple random sample. */

#define JH_POPULATION_MAX UINT64_C(1000000000000) /* 10^12: counts stay exact in doubles, and no sum takes a second */

typedef struct jh_lot {
    uint64_t sample;     /* <= population */
    uint64_t wrong;      /* <= population */
    uint64_t population; /* 1 to JH_POPULATION_MAX */
} jh_lot;

/* Tails, each summed away from `errors` in terms of one sign, 1 - the other only on the far side of the mean. The first
 * term is a ratio of Stirling forms around the mean, whose distance is taken in whole numbers: relative error 1e-12 up
 * to a population of 10^9. Work: about eight standard deviations of X, at most. */
double jh_hyper_at_most(uint64_t errors, const jh_lot *lot);  /* P(X <= errors) */
double jh_hyper_at_least(uint64_t errors, const jh_lot *lot); /* P(X >= errors) */

/* Limits of the number of wrong documents in the population.
 *
 *   errors      found in the sample, <= sample
 *   sample      <= population; 0: nothing is known, and the limits are 0 and the population
 *   population  <= JH_POPULATION_MAX
 *   conf        probability in (0, 1)
 *   lower       the smallest K with P(X >= errors | K) > a
 *   upper       the largest K with P(X <= errors | K) > a, both among the K that the findings leave possible;
 *               a = (1 - conf) / 2 for the two-sided limits, 1 - conf for the one-sided ones
 *
 * Whole numbers, exact but where the tail is within 1e-11 of a. The whole population inspected: both are `errors`.
 * JIHE_USAGE when an argument is out of range; the results are then untouched.
 * Conservative: coverage is at least conf. (R's samplingbook is one unit wider on each side; jfa's lower limit is
 * another quantile.) */
jihe_status jh_hyper_limits(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *lower,
                            uint64_t *upper, jihe_error *err);
jihe_status jh_hyper_upper(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *upper,
                           jihe_error *err);
jihe_status jh_hyper_lower(uint64_t errors, uint64_t sample, uint64_t population, double conf, uint64_t *lower,
                           jihe_error *err);

#endif
