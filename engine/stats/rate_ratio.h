#ifndef JH_STATS_RATE_RATIO_H
#define JH_STATS_RATE_RATIO_H

#include "base/error.h"

/* Two counts over two exposures (days, documents): is the first rate more than `ratio` times the second?
 *
 * Given their sum, count 1 is binomial with p = ratio e1 / (ratio e1 + e0) (J. Przyborowski, H. Wilenski 1940,
 * Biometrika 31, 313-323; R's rateratio.test). For Poisson counts only: daily volumes vary more than that and then
 * these p values are far too small; stats/volume_jump.h is the test for people's volumes. */
typedef struct jh_rate_ratio_data {
    double count1, exposure1; /* counts >= 0, not necessarily whole (counts shrunk by a dispersion) */
    double count0, exposure0; /* exposures > 0, in the same unit */
} jh_rate_ratio_data;

typedef struct jh_rate_ratio {
    double ratio;        /* (count1 / exposure1) / (count0 / exposure0); infinite when count0 is 0, NaN when both are */
    double greater;      /* P(count 1 at least this | true ratio is the given one) */
    double less;         /* P(at most this) */
    double two_sided;    /* twice the smaller tail, at most 1 */
    double greater_midp; /* `greater` less half of the probability of just this count: not exact, less conservative */
    double lower, upper; /* Clopper-Pearson limits of the ratio: 0 when count1 is 0, infinite when count0 is 0 */
} jh_rate_ratio;

/* 0 < conf < 1 (two-sided), ratio > 0. Relative error of tails about 1e-13, of limits 1e-12; exact and so conservative:
 * it errs towards no difference. JIHE_USAGE for anything out of range or not a number. */
jihe_status jh_rate_ratio_test(jh_rate_ratio *out, const jh_rate_ratio_data *data, double ratio, double conf,
                               jihe_error *err);

/* Only the limits. */
jihe_status jh_rate_ratio_limits(double *lower, double *upper, const jh_rate_ratio_data *data, double conf,
                                 jihe_error *err);

#endif
