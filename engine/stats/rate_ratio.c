#include "stats/rate_ratio.h"

#include <math.h>

#include "stats/argument.h"
#include "stats/beta.h"

static jihe_status check_part(const char *which, double count, double exposure, jihe_error *err)
{
    if (!(count >= 0 && count <= 9007199254740992.0))
        return jh_fail(err, JIHE_USAGE, "%s count %.17g; it must be between 0 and 2^53", which, count);
    if (!(exposure > 0 && isfinite(exposure)))
        return jh_fail(err, JIHE_USAGE, "%s exposure %.17g; it must be above 0", which, exposure);
    return JIHE_OK;
}

static jihe_status check(const jh_rate_ratio_data *data, double conf, jihe_error *err)
{
    jihe_status st;

    if ((st = check_part("first", data->count1, data->exposure1, err)) != JIHE_OK ||
        (st = check_part("second", data->count0, data->exposure0, err)) != JIHE_OK)
        return st;
    return jh_check_confidence(conf, err);
}

/* I_p(a, b) with q = 1 - p, from whichever of the two is small and so has all its digits. 1 for a = 0, 0 for b = 0. */
static double tail(double p, double q, double a, double b)
{
    if (a <= 0)
        return 1;
    if (b <= 0)
        return 0;
    return p < q ? jh_beta_lower(p, a, b) : jh_beta_upper(q, b, a);
}

/* The odds x / (1 - x) of the x with I_x(a, b) = t. */
static double odds_at(double t, double a, double b)
{
    double x;

    if (a <= b) {
        x = jh_beta_quantile_lower(t, a, b);
        return x / (1 - x);
    }
    x = jh_beta_quantile_upper(t, b, a); /* its 1 - x */
    return (1 - x) / x;
}

jihe_status jh_rate_ratio_limits(double *lower, double *upper, const jh_rate_ratio_data *data, double conf,
                                 jihe_error *err)
{
    const jihe_status st = check(data, conf, err);
    const double y1 = data->count1, y0 = data->count0, share = jh_tail_of(conf) / 2;
    const double per_odds = data->exposure0 / data->exposure1;

    if (st != JIHE_OK)
        return st;
    *lower = y1 > 0 ? odds_at(share, y1, y0 + 1) * per_odds : 0;
    *upper = y0 > 0 ? per_odds / odds_at(share, y0, y1 + 1) : INFINITY;
    return JIHE_OK;
}

jihe_status jh_rate_ratio_test(jh_rate_ratio *out, const jh_rate_ratio_data *data, double ratio, double conf,
                               jihe_error *err)
{
    const double y1 = data->count1, y0 = data->count0;
    jihe_status st;

    if (!(ratio > 0 && isfinite(ratio)))
        return jh_fail(err, JIHE_USAGE, "ratio %.17g; it must be above 0, 1 for no difference", ratio);
    if ((st = jh_rate_ratio_limits(&out->lower, &out->upper, data, conf, err)) != JIHE_OK)
        return st;
    const double e1 = ratio * data->exposure1, e0 = data->exposure0;
    const double p = e1 / (e1 + e0), q = e0 / (e1 + e0);

    out->ratio = y1 / data->exposure1 / (y0 / data->exposure0);
    out->greater = tail(p, q, y1, y0 + 1);
    out->less = tail(q, p, y0, y1 + 1);
    out->two_sided = fmin(1, 2 * fmin(out->greater, out->less));
    out->greater_midp = (out->greater + tail(p, q, y1 + 1, y0)) / 2;
    return JIHE_OK;
}
