#include "stats/cusum.h"

#include <math.h>

#include "stats/error_counts.h"

static jihe_status check_rate(const char *name, double rate, jihe_error *err)
{
    if (!(rate > 0 && rate < 1))
        return jh_fail(err, JIHE_USAGE, "%s rate %.17g; it must be between 0 and 1", name, rate);
    return JIHE_OK;
}

jihe_status jh_cusum_p(double *rising, double *falling, const uint64_t *errors, const uint64_t *inspected, size_t count,
                       double target, double slack, jihe_error *err)
{
    double up = 0, down = 0;
    jh_error_counts_sum sum;
    jihe_status st;

    if ((st = check_rate("target", target, err)) != JIHE_OK)
        return st;
    if (!(slack >= 0 && isfinite(slack)))
        return jh_fail(err, JIHE_USAGE, "slack %.17g; it must be 0 or more, for example 0.5", slack);
    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        const double n = (double)inspected[i];
        const double z = ((double)errors[i] / n - target) / sqrt(target * (1 - target) / n);

        rising[i] = up = fmax(0, up + z - slack);
        falling[i] = down = fmax(0, down - z - slack);
    }
    return JIHE_OK;
}

jihe_status jh_cusum_binomial(double *sums, const uint64_t *errors, const uint64_t *inspected, size_t count,
                              double usual, double changed, jihe_error *err)
{
    double evidence = 0;
    jh_error_counts_sum sum;
    jihe_status st;

    if ((st = check_rate("usual", usual, err)) != JIHE_OK || (st = check_rate("changed", changed, err)) != JIHE_OK)
        return st;
    if (usual == changed)
        return jh_fail(err, JIHE_USAGE, "usual and changed rate are both %.17g; they must differ", usual);
    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK)
        return st;
    const double wrong = log(changed / usual), right = log1p((usual - changed) / (1 - usual));

    for (size_t i = 0; i < count; i++)
        sums[i] = evidence = fmax(0, evidence + (double)errors[i] * wrong + (double)(inspected[i] - errors[i]) * right);
    return JIHE_OK;
}

jihe_status jh_cusum_poisson(double *sums, const uint64_t *counts, const double *means, size_t count, double ratio,
                             jihe_error *err)
{
    double evidence = 0;

    if (!(ratio > 0 && isfinite(ratio)) || ratio == 1)
        return jh_fail(err, JIHE_USAGE, "ratio %.17g; it must be above 0 and not 1, for example 1.5", ratio);
    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no counts; at least one period is needed");
    for (size_t i = 0; i < count; i++)
        if (!(means[i] > 0 && isfinite(means[i])))
            return jh_fail(err, JIHE_USAGE, "mean number %zu is %.17g; it must be above 0", i + 1, means[i]);
    for (size_t i = 0; i < count; i++)
        sums[i] = evidence = fmax(0, evidence + (double)counts[i] * log(ratio) - means[i] * (ratio - 1));
    return JIHE_OK;
}
