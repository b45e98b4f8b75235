#ifndef JH_STATS_PLAN_MONEY_H
#define JH_STATS_PLAN_MONEY_H

#include <stdint.h>

#include "base/error.h"

/* How many money-units to draw, from the Poisson law that audit tables of monetary-unit sampling use. It is the limit
 * of the binomial law for small rates and errs to the larger sample.
 *
 *   conf       probability in (0, 1)
 *   tolerable  misstatement as a share of the book value, in (0, 1]
 *   expected   misstatement as a share of the book value, at least 0 and below the tolerable one; n x expected errors
 *              are allowed, a whole number or not
 *
 * JIHE_USAGE when an argument is out of range or more than 10^9 units would be needed; *out is then untouched. */

/* The smallest n >= 1 with P(1 + n expected, n tolerable) >= conf, P the incomplete gamma function. */
jihe_status jh_plan_poisson(double conf, double tolerable, double expected, uint64_t *sample, jihe_error *err);

/* The chance 1 - P that this sample shows no more than the expected errors when the misstatement is the tolerable
 * one. */
double jh_plan_poisson_risk(uint64_t sample, double tolerable, double expected);

/* The same for a fixed number of allowed errors. */
jihe_status jh_plan_poisson_allowing(double conf, double tolerable, uint64_t allowed, uint64_t *sample,
                                     jihe_error *err);

/* The confidence factor F, with which n = F / tolerable: P(1 + ratio x F, F) = conf, ratio = expected / tolerable in
 * [0, 1). Relative error 1e-12. Source: T. Stewart (2012), Technical Notes on the AICPA Audit Guide: Audit Sampling. */
jihe_status jh_money_factor(double conf, double ratio, double *factor, jihe_error *err);

/* The sample as printed tables give it, the factor rounded up to two decimals: ceil(ceil(100 F) x book / (100 x
 * tolerable)), in whole numbers. `tolerable` and `book` are amounts in one unit, or parts per million and a million. */
jihe_status jh_plan_money(double conf, double ratio, uint64_t tolerable, uint64_t book, uint64_t *sample,
                          jihe_error *err);

#endif
