#ifndef JH_STATS_VOLUME_JUMP_H
#define JH_STATS_VOLUME_JUMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Has one person handled more documents than the person's own past and exposure explain? An over-dispersed test: daily
 * volumes vary far more than Poisson counts, and a Poisson test would accuse a fifth to a third of a centre every
 * month.
 *
 * Exposures are millionths of a day (stats/volume_exposure.h makes them): whole numbers, so that sums and the
 * effect-size condition are exact. With baseline sums Y (documents) and E (exposure), the current count y and exposure
 * e:
 *
 *   X2     sum (y_t - r e_t)^2 / (r e_t), r = Y / E; 0 for an all-zero baseline
 *   phi    max(1, (d0 phi_group + X2) / (d0 + m - 1)): the person's dispersion, shrunk to the group's
 *   mu     ratio (Y + 1/2) e / E: expected under the largest change that is still acceptable
 *   vf     phi (1 + ratio e / E): variance over mean, with the uncertainty of the baseline itself
 *   p_up   P(negative binomial of mean mu and variance mu vf >= y); p_down the same with 1 / ratio and <= y
 *
 * Source: section 3.3 of the project's statistics; with phi = 1 this is the exact predictive tail of a Poisson count
 * under Jeffreys' prior. Size at 0.05 in simulation: 0.038 to 0.058 for dispersions of 1 to 60. Relative error of p
 * about 1e-13 up to 10^7 documents (mpmath). Bounds that keep every product exact: counts up to 10^9, exposures up to
 * 2^40, at most 1000 periods, ratios up to 1000. */

enum { JH_VOLUME_MAX_PERIODS = 1000 };

typedef struct jh_volume_person {
    const uint64_t *counts;    /* documents per baseline period */
    const uint64_t *exposures; /* millionths of a day each, > 0 */
    size_t          periods;
    uint64_t        count;    /* documents in the period under test */
    uint64_t        exposure; /* > 0 */
} jh_volume_person;

typedef struct jh_volume_prior {
    double   group_dispersion; /* phi_group >= 0 */
    double   weight;           /* d0 >= 0: as many degrees of freedom the group's dispersion counts; 6 is usual */
    uint32_t ratio_ppm;        /* of a change that is still acceptable, 1200000 for 1.2; from 1 on */
} jh_volume_prior;

typedef struct jh_volume_jump {
    double dispersion; /* the person's own: X2 / (m - 1), 0 for one period */
    double phi;        /* shrunk, at least 1 */
    double mean;       /* mu of the upward test */
    double variance_factor; /* vf of the upward test */
    double ratio; /* observed: (y / e) / (Y / E); infinite for an all-zero baseline, NaN when y is 0 too */
    double p_up, p_down;
} jh_volume_jump;

/* A person's baseline in sums. */
typedef struct jh_volume_baseline {
    uint64_t count, exposure; /* Y and E */
    double   chisq;           /* X2 */
} jh_volume_baseline;

/* JIHE_USAGE: no period or more than JH_VOLUME_MAX_PERIODS, a count above 10^9, an exposure above 2^40 or of 0. */
jihe_status jh_volume_baseline_make(jh_volume_baseline *out, const jh_volume_person *person, jihe_error *err);

/* JIHE_USAGE: as above, and a prior out of range or not a number. */
jihe_status jh_volume_jump_test(jh_volume_jump *out, const jh_volume_person *person, const jh_volume_prior *prior,
                                jihe_error *err);

/* The same from a baseline already made; the prior is the caller's to check. */
void jh_volume_jump_judge(jh_volume_jump *out, const jh_volume_baseline *baseline, const jh_volume_person *person,
                          const jh_volume_prior *prior);

/* Limits of the ratio, to rank flagged people by the lower one: the exact ones of stats/rate_ratio.h from counts over
 * phi, an approximation that errs to the wide side for phi > 1 as phi is at least 1. JIHE_USAGE as for the test, and
 * for conf outside (0, 1). */
jihe_status jh_volume_limits(double *lower, double *upper, const jh_volume_baseline *baseline,
                             const jh_volume_person *person, double phi, double conf, jihe_error *err);

#endif
