#include "stats/ewma.h"

#include <math.h>

#include "stats/error_counts.h"

jihe_status jh_ewma_p(jh_ewma_point *points, const uint64_t *errors, const uint64_t *inspected, size_t count,
                      double lambda, double target, jihe_error *err)
{
    double value = target, variance = 0;
    jh_error_counts_sum sum;
    jihe_status st;

    if (!(lambda > 0 && lambda <= 1))
        return jh_fail(err, JIHE_USAGE, "lambda %.17g; it must be above 0 and at most 1, for example 0.2", lambda);
    if (!(target > 0 && target < 1))
        return jh_fail(err, JIHE_USAGE, "target rate %.17g; it must be between 0 and 1", target);
    if ((st = jh_error_counts_add(&sum, errors, inspected, count, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++) {
        const double n = (double)inspected[i];

        value = lambda * ((double)errors[i] / n) + (1 - lambda) * value;
        variance = lambda * lambda * (target * (1 - target) / n) + (1 - lambda) * (1 - lambda) * variance;
        points[i].value = value;
        points[i].lower = fmax(0, target - 3 * sqrt(variance));
        points[i].upper = fmin(1, target + 3 * sqrt(variance));
    }
    return JIHE_OK;
}
