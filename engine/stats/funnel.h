#ifndef JH_STATS_FUNNEL_H
#define JH_STATS_FUNNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* The funnel plot of people (teams, accounts): each one's error rate against what the whole would lead to expect from
 * as many documents. With over-dispersion: real people differ a little, and with many documents each that alone would
 * put half of them outside the plain limits.
 *
 *   z       (rate - target) / s, s^2 = target (1 - target) / n; target = all errors / all documents
 *   phi     mean of z^2 after clamping z to its 10 % and 90 % quantiles (type 7), which keeps outliers from hiding
 *           themselves
 *   tau2    max(0, (I phi - (I - 1)) / (sum w - sum w^2 / sum w)), w = 1 / s^2: the variance between people
 *   z_adjusted  (rate - target) / sqrt(s^2 + tau2)
 *   p_upper P(at least these errors | binomial, target): exact, without over-dispersion
 *
 * Sources: D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, and Quality and Safety in Health Care 14,
 * 347-351; phi and tau2 as in FunnelPlotR. Relative error about 1e-13. z and z_adjusted are approximate where a person
 * has fewer than about 5 expected errors (they then overstate high rates); p_upper is not, but ignores tau2. */
typedef struct jh_funnel {
    double target, phi, tau2;
} jh_funnel;

typedef struct jh_funnel_point {
    double rate, z, z_adjusted, p_upper;
} jh_funnel_point;

/* `points` has room for `count`. With no errors or only errors all z are 0. JIHE_USAGE for counts that
 * jh_error_counts_add refuses, JIHE_NO_MEMORY; the arena is for work memory. */
jihe_status jh_funnel_make(jh_funnel *out, jh_funnel_point *points, const uint64_t *errors, const uint64_t *inspected,
                           size_t count, jh_arena *arena, jihe_error *err);

#endif
