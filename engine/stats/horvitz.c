#include "stats/horvitz.h"

#include <math.h>

static double variance(const double *probability, const double *value, size_t count, double centre)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        const double share = (value[i] - centre) / probability[i];
        sum += (1 - probability[i]) * share * share;
    }
    return sum;
}

jihe_status jh_weighted_of(const double *probability, const double *value, size_t count, jh_weighted *out,
                           jihe_error *err)
{
    double total = 0, size = 0, plain = 0;

    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no selected documents");
    for (size_t i = 0; i < count; i++) {
        if (!(probability[i] > 0 && probability[i] <= 1))
            return jh_fail(err, JIHE_USAGE, "document %zu: probability %.17g; it must be above 0 and at most 1", i + 1,
                           probability[i]);
        if (!isfinite(value[i]))
            return jh_fail(err, JIHE_USAGE, "document %zu: value %.17g is not a number", i + 1, value[i]);
        total += value[i] / probability[i];
        size += 1 / probability[i];
        plain += value[i];
    }
    *out = (jh_weighted){{total, sqrt(variance(probability, value, count, 0))},
                         size,
                         {total / size, sqrt(variance(probability, value, count, total / size)) / size},
                         plain / (double)count};
    return JIHE_OK;
}
