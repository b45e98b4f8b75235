#ifndef JH_STATS_POISSON_H
#define JH_STATS_POISSON_H

#include <stdint.h>

#include "base/error.h"

/* Tails of the Poisson distribution with this mean > 0; both relative to 1e-12 up to 10^9 (gamma.h). */
double jh_poisson_at_most(uint64_t count, double mean);  /* P(X <= count) */
double jh_poisson_at_least(uint64_t count, double mean); /* P(X >= count) */

/* Limits of a Poisson mean from one count, for instance findings; divided by the documents they are per document.
 *
 *   count   findings seen; need not be whole (an effective count), >= 0
 *   conf    probability in (0, 1), 0.95 for 95 percent
 *
 * JIHE_USAGE when an argument is out of range or not a number; the results are then untouched. */

/* Garwood's exact two-sided limits, gamma quantiles G(a/2; count) and G(1 - a/2; count + 1), a = 1 - conf; lower 0 for
 * 0.
 * Source: F. Garwood (1936), Biometrika 28, 437-442. Conservative: coverage is at least conf. Relative error 1e-12. */
jihe_status jh_poisson_limits(double count, double conf, double *lower, double *upper, jihe_error *err);

/* The exact one-sided upper limit, at confidence conf on that side alone. */
jihe_status jh_poisson_upper(double count, double conf, double *upper, jihe_error *err);

/* Byar's approximation, the lower limit clamped at 0 and 0 for no findings. Source: Breslow and Day (1987), IARC 82,
 * 69. Within 1 percent of Garwood's from 5 findings on; may be too narrow below. For comparison with published
 * figures. */
jihe_status jh_byar_limits(double count, double conf, double *lower, double *upper, jihe_error *err);

#endif
