#include "stats/argument.h"

#include <math.h>

/* Conditions are written so that a NaN fails every one of them. */

jihe_status jh_check_confidence(double conf, jihe_error *err)
{
    if (!(conf > 0 && conf < 1))
        return jh_fail(err, JIHE_USAGE, "confidence %.17g; it must be between 0 and 1, for example 0.95", conf);
    return JIHE_OK;
}

jihe_status jh_check_errors(double errors, double sample, jihe_error *err)
{
    if (!(sample > 0 && isfinite(sample)))
        return jh_fail(err, JIHE_USAGE, "a sample of %.17g documents has no rate; it must be above 0", sample);
    if (!(errors >= 0 && errors <= sample))
        return jh_fail(err, JIHE_USAGE, "%.17g errors in a sample of %.17g; errors must be between 0 and the sample",
                       errors, sample);
    return JIHE_OK;
}

double jh_tail_of(double conf)
{
    const double plain = 1 - conf, written = rint(plain * 1e9) / 1e9;

    return written > 0 && fabs(written - plain) < 1.2e-16 ? written : plain;
}

bool jh_at_most(double probability, double risk)
{
    return probability <= risk * (1 + 1e-11);
}
