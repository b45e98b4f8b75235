#include "stats/jeffreys.h"

#include "stats/argument.h"
#include "stats/beta.h"

jihe_status jh_jeffreys_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err)
{
    jihe_status status = jh_check_errors(errors, sample, err);

    if (status == JIHE_OK)
        status = jh_check_confidence(conf, err);
    if (status != JIHE_OK)
        return status;
    const double tail = jh_tail_of(conf) / 2, a = errors + 0.5, b = sample - errors + 0.5;
    *lower = errors > 0 ? jh_beta_quantile_lower(tail, a, b) : 0;
    *upper = errors < sample ? jh_beta_quantile_upper(tail, a, b) : 1;
    return JIHE_OK;
}
