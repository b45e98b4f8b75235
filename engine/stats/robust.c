#include "stats/robust.h"

#include <math.h>
#include <stdlib.h>

static int order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double sort_to_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, order);
    return count % 2 == 1 ? values[count / 2] : values[count / 2 - 1] / 2 + values[count / 2] / 2;
}

jihe_status jh_robust_make(jh_robust *out, const double *values, size_t count, jh_arena *arena, jihe_error *err)
{
    double *sorted, sum = 0;

    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no values; a median needs at least one");
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return jh_fail(err, JIHE_USAGE, "value number %zu is %g; it must be a finite number", i + 1, values[i]);
    sorted = JH_NEW(arena, double, count);
    if (sorted == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "sorting %zu values", count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = values[i];
    out->median = sort_to_median(sorted, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = fabs(sorted[i] - out->median);
    out->mad = 1.4826 * sort_to_median(sorted, count);
    for (size_t i = 0; i < count; i++) /* sorted: the sum does not depend on the order given */
        sum += sorted[i] / (double)count;
    out->mean_ad = 1.2533141 * sum;
    return JIHE_OK;
}

double jh_robust_z(const jh_robust *robust, double x)
{
    if (robust->mad > 0)
        return (x - robust->median) / robust->mad;
    return robust->mean_ad > 0 ? (x - robust->median) / robust->mean_ad : NAN;
}
