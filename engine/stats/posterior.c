#include "stats/posterior.h"

#include <math.h>

#include "stats/argument.h"
#include "stats/beta.h"

jihe_status jh_posterior_of(double errors, double sample, double a, double b, double tolerable, double conf,
                            jh_posterior *out, jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);

    if (status != JIHE_OK)
        return status;
    if (!(sample >= 0 && isfinite(sample) && errors >= 0 && errors <= sample))
        return jh_fail(err, JIHE_USAGE, "%.17g errors in a sample of %.17g; errors must be between 0 and the sample",
                       errors, sample);
    if (!(a > 0 && b > 0 && isfinite(a) && isfinite(b)))
        return jh_fail(err, JIHE_USAGE, "a prior Beta(%.17g, %.17g); both must be above 0", a, b);
    if (!(tolerable > 0 && tolerable < 1))
        return jh_fail(err, JIHE_USAGE, "a tolerable rate of %.17g; it must be between 0 and 1, for example 0.05",
                       tolerable);

    const double after_a = a + errors, after_b = b + (sample - errors);
    const double below = jh_beta_lower(tolerable, after_a, after_b), above = jh_beta_upper(tolerable, after_a, after_b);
    const double before = jh_beta_lower(tolerable, a, b) / jh_beta_upper(tolerable, a, b);
    *out = (jh_posterior){after_a / (after_a + after_b), jh_beta_quantile_upper(jh_tail_of(conf), after_a, after_b),
                          below, below / above / before};
    return JIHE_OK;
}
