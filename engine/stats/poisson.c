#include "stats/poisson.h"

#include <math.h>

#include "stats/argument.h"
#include "stats/gamma.h"
#include "stats/normal.h"

double jh_poisson_at_most(uint64_t count, double mean)
{
    return mean > 0 ? jh_gamma_upper((double)count + 1, mean) : 1;
}

double jh_poisson_at_least(uint64_t count, double mean)
{
    return count == 0 ? 1 : mean > 0 ? jh_gamma_lower((double)count, mean) : 0;
}

static jihe_status check(double count, double conf, jihe_error *err)
{
    if (!(count >= 0 && isfinite(count))) /* a NaN too */
        return jh_fail(err, JIHE_USAGE, "%.17g findings; a count must be 0 or more", count);
    return jh_check_confidence(conf, err);
}

jihe_status jh_poisson_limits(double count, double conf, double *lower, double *upper, jihe_error *err)
{
    const jihe_status status = check(count, conf, err);

    if (status != JIHE_OK)
        return status;
    *lower = count > 0 ? jh_gamma_quantile_lower(jh_tail_of(conf) / 2, count) : 0;
    *upper = jh_gamma_quantile_upper(jh_tail_of(conf) / 2, count + 1);
    return JIHE_OK;
}

jihe_status jh_poisson_upper(double count, double conf, double *upper, jihe_error *err)
{
    const jihe_status status = check(count, conf, err);

    if (status == JIHE_OK)
        *upper = jh_gamma_quantile_upper(jh_tail_of(conf), count + 1);
    return status;
}

/* One side: z below 0 for the lower limit. */
static double byar(double count, double z)
{
    const double root = 1 - 1 / (9 * count) + z / (3 * sqrt(count));

    return root > 0 ? count * root * root * root : 0;
}

jihe_status jh_byar_limits(double count, double conf, double *lower, double *upper, jihe_error *err)
{
    const jihe_status status = check(count, conf, err);

    if (status != JIHE_OK)
        return status;
    const double z = jh_normal_quantile_upper(jh_tail_of(conf) / 2);
    *lower = count > 0 ? byar(count, -z) : 0;
    *upper = byar(count + 1, z);
    return JIHE_OK;
}
