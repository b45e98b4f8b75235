#include "stats/funnel.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "stats/beta.h"
#include "stats/error_counts.h"

static int order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Type 7: straight lines between the order statistics, the first at 0 and the last at 1. `tenth` is in tenths. */
static double quantile(const double *sorted, size_t count, size_t tenth)
{
    const size_t below = (count - 1) * tenth / 10, rest = (count - 1) * tenth % 10;

    return rest == 0 ? sorted[below] : sorted[below] + (sorted[below + 1] - sorted[below]) * ((double)rest / 10);
}

static jihe_status winsorised_phi(double *phi, const jh_funnel_point *points, size_t count, jh_arena *arena,
                                  jihe_error *err)
{
    double *sorted = JH_NEW(arena, double, count), squares = 0;

    if (sorted == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "sorting %zu rates", count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = points[i].z;
    qsort(sorted, count, sizeof *sorted, order);
    const double low = quantile(sorted, count, 1), high = quantile(sorted, count, 9);

    for (size_t i = 0; i < count; i++) {
        const double z = fmax(low, fmin(high, sorted[i]));
        squares += z * z;
    }
    *phi = squares / (double)count;
    return JIHE_OK;
}

/* The sum of w less that of w^2 over it is (N^2 - sum n^2) / N times 1 / variance, in whole numbers. */
static double between_variance(double phi, double variance, uint64_t all, const uint64_t *inspected, size_t count)
{
    jh_u128 squares = 0;

    for (size_t i = 0; i < count; i++)
        squares += (jh_u128)inspected[i] * inspected[i];
    const double spread = (double)((jh_u128)all * all - squares) / (double)all;
    const double excess = (double)count * phi - (double)(count - 1);

    return spread > 0 && excess > 0 ? excess * variance / spread : 0;
}

jihe_status jh_funnel_make(jh_funnel *out, jh_funnel_point *points, const uint64_t *errors, const uint64_t *inspected,
                           size_t count, jh_arena *arena, jihe_error *err)
{
    jh_error_counts_sum sum;
    jihe_status st;

    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK)
        return st;
    const double all = (double)sum.inspected;
    const double target = (double)sum.errors / all, right = (double)(sum.inspected - sum.errors) / all;
    const double variance = target * right;

    for (size_t i = 0; i < count; i++) {
        const double n = (double)inspected[i], k = (double)errors[i];
        const jh_i128 beyond =
            (jh_i128)errors[i] * (jh_i128)sum.inspected - (jh_i128)sum.errors * (jh_i128)inspected[i];

        points[i].rate = k / n;
        points[i].z = variance > 0 ? (double)beyond / (n * all) / sqrt(variance / n) : 0;
        points[i].z_adjusted = (double)beyond / (n * all); /* for now the bare difference */
        points[i].p_upper = errors[i] == 0   ? 1
                            : target < right ? jh_beta_lower(target, k, n - k + 1)
                                             : jh_beta_upper(right, n - k + 1, k);
    }
    if ((st = winsorised_phi(&out->phi, points, count, arena, err)) != JIHE_OK)
        return st;
    out->target = target;
    out->tau2 = between_variance(out->phi, variance, sum.inspected, inspected, count);
    for (size_t i = 0; i < count; i++)
        points[i].z_adjusted =
            variance > 0 ? points[i].z_adjusted / sqrt(variance / (double)inspected[i] + out->tau2) : 0;
    return JIHE_OK;
}
