#include "stats/chart.h"

#include <math.h>

#include "base/num.h"
#include "stats/error_counts.h"

/* The mean range between two neighbours is 1.128 standard deviations of a normal count. */
static const double range_per_sigma = 1.128;

static jihe_status check_limits(size_t count, jh_chart_limits limits, jihe_error *err)
{
    if (limits == JH_CHART_LANEY && count < 2)
        return jh_fail(err, JIHE_USAGE, "Laney's limits compare neighbours; at least 2 periods are needed, not %zu",
                       count);
    return JIHE_OK;
}

static void spread(jh_chart *chart, const jh_chart_point *points, size_t count)
{
    double squares = points[0].z * points[0].z, ranges = 0;

    for (size_t i = 1; i < count; i++) {
        squares += points[i].z * points[i].z;
        ranges += fabs(points[i].z - points[i - 1].z);
    }
    chart->sigma_z = count > 1 ? ranges / (double)(count - 1) / range_per_sigma : NAN;
    chart->dispersion = count > 1 ? squares / (double)(count - 1) : NAN;
}

/* On entry `upper` of each point is its plain standard error. */
static void set_limits(const jh_chart *chart, jh_chart_point *points, size_t count, jh_chart_limits limits,
                       double largest)
{
    const double width = limits == JH_CHART_LANEY ? 3 * chart->sigma_z : 3;

    for (size_t i = 0; i < count; i++) {
        const double reach = width * points[i].upper;

        points[i].lower = fmax(0, chart->center - reach);
        points[i].upper = fmin(largest, chart->center + reach);
    }
}

jihe_status jh_chart_p(jh_chart *out, jh_chart_point *points, const uint64_t *errors, const uint64_t *inspected,
                       size_t count, jh_chart_limits limits, jihe_error *err)
{
    jh_error_counts_sum sum;
    jihe_status st;

    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK ||
        (st = check_limits(count, limits, err)) != JIHE_OK)
        return st;
    const double total = (double)sum.inspected;
    const double variance = (double)sum.errors / total * ((double)(sum.inspected - sum.errors) / total);

    out->center = (double)sum.errors / total;
    for (size_t i = 0; i < count; i++) {
        const double n = (double)inspected[i], error = sqrt(variance / n);
        const jh_i128 beyond =
            (jh_i128)errors[i] * (jh_i128)sum.inspected - (jh_i128)sum.errors * (jh_i128)inspected[i];

        points[i].rate = (double)errors[i] / n;
        points[i].z = error > 0 ? (double)beyond / (n * total) / error : 0;
        points[i].upper = error;
    }
    spread(out, points, count);
    set_limits(out, points, count, limits, 1);
    return JIHE_OK;
}

static jihe_status check_exposure(const uint64_t *findings, const double *exposure, size_t count, jihe_error *err)
{
    double exposures = 0, all = 0;

    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no counts; at least one period is needed");
    for (size_t i = 0; i < count; i++) {
        if (!(exposure[i] > 0 && isfinite(exposure[i])))
            return jh_fail(err, JIHE_USAGE, "exposure number %zu is %.17g; it must be above 0", i + 1, exposure[i]);
        exposures += exposure[i];
        all += (double)findings[i];
    }
    if (!isfinite(exposures) || all > 9007199254740992.0)
        return jh_fail(err, JIHE_USAGE, "findings or exposures are too large to be added; give smaller ones");
    return JIHE_OK;
}

jihe_status jh_chart_u(jh_chart *out, jh_chart_point *points, const uint64_t *findings, const double *exposure,
                       size_t count, jh_chart_limits limits, jihe_error *err)
{
    double exposures = 0, all = 0;
    jihe_status st;

    if ((st = check_exposure(findings, exposure, count, err)) != JIHE_OK ||
        (st = check_limits(count, limits, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        exposures += exposure[i];
        all += (double)findings[i];
    }
    out->center = all / exposures;
    for (size_t i = 0; i < count; i++) {
        const double error = sqrt(out->center / exposure[i]);

        points[i].rate = (double)findings[i] / exposure[i];
        points[i].z = error > 0 ? (points[i].rate - out->center) / error : 0;
        points[i].upper = error;
    }
    spread(out, points, count);
    set_limits(out, points, count, limits, INFINITY);
    return JIHE_OK;
}
