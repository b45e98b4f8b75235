#include "stats/binom.h"

#include <math.h>

#include "stats/beta.h"

static jihe_status check(double errors, double sample, double conf, jihe_error *err)
{
    /* Written so that a NaN fails every one of them. */
    if (!(sample > 0 && isfinite(sample)))
        return jh_fail(err, JIHE_USAGE, "a sample of %.17g documents has no rate; it must be above 0", sample);
    if (!(errors >= 0 && errors <= sample))
        return jh_fail(err, JIHE_USAGE, "%.17g errors in a sample of %.17g; errors must be between 0 and the sample",
                       errors, sample);
    if (!(conf > 0 && conf < 1))
        return jh_fail(err, JIHE_USAGE, "confidence %.17g; it must be between 0 and 1, for example 0.95", conf);
    return JIHE_OK;
}

jihe_status jh_binom_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err)
{
    const jihe_status status = check(errors, sample, conf, err);
    const double tail = (1 - conf) / 2;

    if (status != JIHE_OK)
        return status;
    *lower = errors > 0 ? jh_beta_quantile_lower(tail, errors, sample - errors + 1) : 0;
    *upper = errors < sample ? jh_beta_quantile_upper(tail, errors + 1, sample - errors) : 1;
    return JIHE_OK;
}
