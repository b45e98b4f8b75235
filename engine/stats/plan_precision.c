#include "stats/plan_precision.h"

#include <inttypes.h>
#include <math.h>

#include "stats/argument.h"
#include "stats/hyper.h"
#include "stats/normal.h"

jihe_status jh_plan_precision(double conf, double half_width, double rate, uint64_t population, uint64_t *sample,
                              jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);

    if (status != JIHE_OK)
        return status;
    if (!(half_width > 0 && half_width < 1))
        return jh_fail(err, JIHE_USAGE, "a half width of %.17g; it must be between 0 and 1, for example 0.01",
                       half_width);
    if (!(rate > 0 && rate < 1))
        return jh_fail(err, JIHE_USAGE, "a rate of %.17g; it must be between 0 and 1, and 0.5 when nothing is known",
                       rate);
    if (population > JH_POPULATION_MAX)
        return jh_fail(err, JIHE_USAGE, "a population of %" PRIu64 " documents; at most %" PRIu64, population,
                       JH_POPULATION_MAX);
    const double z = jh_normal_quantile_upper(jh_tail_of(conf) / 2);
    const double unlimited = z * z * rate * (1 - rate) / (half_width * half_width);
    const double needed = population > 0 ? unlimited / (1 + (unlimited - 1) / (double)population) : unlimited;
    if (!(needed <= (double)JH_POPULATION_MAX))
        return jh_fail(err, JIHE_USAGE, "a half width of %g takes more than %" PRIu64 " documents", half_width,
                       JH_POPULATION_MAX);
    *sample = needed > 1 ? (uint64_t)ceil(needed) : 1;
    return JIHE_OK;
}
