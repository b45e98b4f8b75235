#ifndef JH_STATS_STRATIFIED_H
#define JH_STATS_STRATIFIED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stats/measured.h"

/* The rate of a population of several strata, each with a simple random sample of its own: sum W_h k_h / n_h with
 * W_h = N_h / N; variance sum W_h^2 (1 - n_h / N_h) p_h (1 - p_h) / (n_h - 1), to which a census adds nothing.
 *
 *   strata, count  at least one; each inspected at least twice, or whole: the spread of one document is not known
 *
 * JIHE_USAGE otherwise, naming the stratum; *out is then untouched.
 * Source: W. Cochran (1977), Sampling Techniques, 3rd ed., 5.9. Unbiased. */
jihe_status jh_stratified_rate(const jh_sampled *strata, size_t count, jh_measured *out, jihe_error *err);

/* Korn and Graubard's limits of that rate: Clopper-Pearson on the effective sample size
 * n_eff = p (1 - p) / se^2 (t_{a/2, n - 1} / t_{a/2, n - H})^2.
 * With no error, or nothing but errors, or no spread within any stratum, n_eff would be 0 / 0: the plain n stands in,
 * which errs to the wide side where large strata were sampled thinly no more than the design allows. All strata whole:
 * the limits are the rate.
 *
 *   conf  probability in (0, 1)
 *
 * Source: Korn and Graubard (1998), Survey Methodology 24, 193-201. Covers at least conf in the simulations of its
 * authors, where the normal interval falls short for rare errors. */
jihe_status jh_korn_graubard(const jh_sampled *strata, size_t count, double conf, double *lower, double *upper,
                             jihe_error *err);

/* The limits behind it: an estimate p from n documents in H groups. `census`: every document was inspected. */
jihe_status jh_korn_graubard_of(const jh_measured *p, double n, double groups, bool census, double conf, double *lower,
                                double *upper, jihe_error *err);

#endif
