#include "stats/binom.h"

#include "stats/argument.h"
#include "stats/beta.h"

double jh_binom_at_most(uint64_t errors, uint64_t sample, double rate)
{
    return errors < sample ? jh_beta_upper(rate, (double)errors + 1, (double)(sample - errors)) : 1;
}

double jh_binom_at_least(uint64_t errors, uint64_t sample, double rate)
{
    if (errors == 0)
        return 1;
    return errors <= sample ? jh_beta_lower(rate, (double)errors, (double)(sample - errors + 1)) : 0;
}

static jihe_status check(double errors, double sample, double conf, jihe_error *err)
{
    const jihe_status status = jh_check_errors(errors, sample, err);

    return status == JIHE_OK ? jh_check_confidence(conf, err) : status;
}

static double lower_limit(double errors, double sample, double tail)
{
    return errors > 0 ? jh_beta_quantile_lower(tail, errors, sample - errors + 1) : 0;
}

static double upper_limit(double errors, double sample, double tail)
{
    return errors < sample ? jh_beta_quantile_upper(tail, errors + 1, sample - errors) : 1;
}

jihe_status jh_binom_limits(double errors, double sample, double conf, double *lower, double *upper, jihe_error *err)
{
    const jihe_status status = check(errors, sample, conf, err);
    const double tail = (1 - conf) / 2;

    if (status != JIHE_OK)
        return status;
    *lower = lower_limit(errors, sample, tail);
    *upper = upper_limit(errors, sample, tail);
    return JIHE_OK;
}

jihe_status jh_binom_upper(double errors, double sample, double conf, double *upper, jihe_error *err)
{
    const jihe_status status = check(errors, sample, conf, err);

    if (status == JIHE_OK)
        *upper = upper_limit(errors, sample, jh_tail_of(conf));
    return status;
}

jihe_status jh_binom_lower(double errors, double sample, double conf, double *lower, jihe_error *err)
{
    const jihe_status status = check(errors, sample, conf, err);

    if (status == JIHE_OK)
        *lower = lower_limit(errors, sample, jh_tail_of(conf));
    return status;
}
