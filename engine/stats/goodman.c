#include "stats/goodman.h"

#include "stats/argument.h"
#include "stats/wilson.h"

jihe_status jh_goodman_limits(const uint64_t *counts, size_t count, double conf, double *lower, double *upper,
                              jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);
    double sum = 0;

    if (status != JIHE_OK)
        return status;
    if (count < 2)
        return jh_fail(err, JIHE_USAGE, "%zu kinds of outcome; a mix has at least two", count);
    for (size_t i = 0; i < count; i++)
        sum += (double)counts[i];
    if (sum <= 0)
        return jh_fail(err, JIHE_USAGE, "no documents in any of the %zu outcomes", count);

    const double each = 1 - jh_tail_of(conf) / (double)count;
    for (size_t i = 0; i < count; i++)
        (void)jh_wilson_limits((double)counts[i], sum, each, &lower[i], &upper[i], NULL); /* arguments are sound */
    return JIHE_OK;
}
