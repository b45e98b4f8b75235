#include "stats/wilson.h"

#include <math.h>

#include "stats/argument.h"
#include "stats/normal.h"

jihe_status jh_wilson_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err)
{
    jihe_status status = jh_check_errors(errors, sample, err);

    if (status == JIHE_OK)
        status = jh_check_confidence(conf, err);
    if (status != JIHE_OK)
        return status;

    /* The roots of (1 + w) x^2 - (2 p + w) x + p^2 with w = z^2 / sample. */
    const double z = jh_normal_quantile_upper(jh_tail_of(conf) / 2), w = z * z / sample;
    const double rate = errors / sample, others = (sample - errors) / sample;
    const double high = (rate + w / 2 + sqrt(w * (rate * others + w / 4))) / (1 + w);

    *upper = errors < sample ? high : 1;
    *lower = errors > 0 ? rate * rate / ((1 + w) * high) : 0;
    return JIHE_OK;
}
