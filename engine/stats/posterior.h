#ifndef JH_STATS_POSTERIOR_H
#define JH_STATS_POSTERIOR_H

#include "base/error.h"

/* What is believed of a rate after a sample, when Beta(a, b) was believed before. */
typedef struct jh_posterior {
    double mean;
    double upper;        /* one-sided credible limit at conf */
    double below;        /* P(rate < tolerable) */
    double bayes_factor; /* odds of rate < tolerable after, over the odds before; infinite when nothing is left above */
} jh_posterior;

/*   errors, sample  0 <= errors <= sample; sample may be 0: the prior alone
 *   a, b            > 0; Beta(1, 1) is no opinion, and a + b is worth that many documents
 *   tolerable       a rate in (0, 1)
 *   conf            probability in (0, 1)
 *
 * JIHE_USAGE when an argument is out of range; *out is then untouched.
 * The posterior is Beta(a + errors, b + sample - errors); both its tails are computed for themselves (beta.h). It is
 * only as good as the prior: say where that came from. */
jihe_status jh_posterior_of(double errors, double sample, double a, double b, double tolerable, double conf,
                            jh_posterior *out, jihe_error *err);

#endif
