#include "stats/stratified.h"

#include <inttypes.h>
#include <math.h>

#include "stats/argument.h"
#include "stats/binom.h"
#include "stats/student.h"

static jihe_status check(const jh_sampled *stratum, size_t number, jihe_error *err)
{
    if (stratum->population == 0)
        return jh_fail(err, JIHE_USAGE, "stratum %zu has no documents", number);
    if (stratum->inspected > stratum->population || stratum->errors > stratum->inspected)
        return jh_fail(err, JIHE_USAGE,
                       "stratum %zu: %" PRIu64 " errors in %" PRIu64 " inspected of %" PRIu64
                       " documents; errors cannot exceed inspected, nor inspected the documents",
                       number, stratum->errors, stratum->inspected, stratum->population);
    if (stratum->inspected < 2 && stratum->inspected < stratum->population)
        return jh_fail(err, JIHE_USAGE,
                       "stratum %zu: %" PRIu64 " of %" PRIu64
                       " documents inspected; its spread takes two, so join it with a similar stratum",
                       number, stratum->inspected, stratum->population);
    return JIHE_OK;
}

jihe_status jh_stratified_rate(const jh_sampled *strata, size_t count, jh_measured *out, jihe_error *err)
{
    double population = 0, value = 0, variance = 0;

    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no strata");
    for (size_t h = 0; h < count; h++) {
        const jihe_status status = check(&strata[h], h + 1, err);
        if (status != JIHE_OK)
            return status;
        population += (double)strata[h].population;
    }
    for (size_t h = 0; h < count; h++) {
        const double N = (double)strata[h].population, n = (double)strata[h].inspected, weight = N / population;
        const double p = (double)strata[h].errors / n;

        value += weight * p;
        if (n < N)
            variance += weight * weight * ((N - n) / N) * p * (1 - p) / (n - 1);
    }
    *out = (jh_measured){value, sqrt(variance)};
    return JIHE_OK;
}

/* Beyond this the beta quantiles lose digits; limits from less are wider. */
#define EFFECTIVE_MAX 1e9

jihe_status jh_korn_graubard_of(const jh_measured *p, double n, double groups, bool census, double conf, double *lower,
                                double *upper, jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);
    double effective = n;

    if (status != JIHE_OK)
        return status;
    if (census) {
        *lower = *upper = p->value;
        return JIHE_OK;
    }
    if (p->value > 0 && p->value < 1 && p->standard_error > 0 && n > groups) {
        const double tail = jh_tail_of(conf) / 2;
        const double ratio = jh_student_quantile_upper(tail, n - 1) / jh_student_quantile_upper(tail, n - groups);

        effective = p->value * (1 - p->value) / (p->standard_error * p->standard_error) * (ratio * ratio);
        effective = fmin(effective, EFFECTIVE_MAX);
    }
    return jh_binom_limits(effective * p->value, effective, conf, lower, upper, err);
}

jihe_status jh_korn_graubard(const jh_sampled *strata, size_t count, double conf, double *lower, double *upper,
                             jihe_error *err)
{
    jh_measured p;
    double n = 0;
    bool census = true;
    const jihe_status status = jh_stratified_rate(strata, count, &p, err);

    if (status != JIHE_OK)
        return status;
    for (size_t h = 0; h < count; h++) {
        n += (double)strata[h].inspected;
        census = census && strata[h].inspected == strata[h].population;
    }
    return jh_korn_graubard_of(&p, n, (double)count, census, conf, lower, upper, err);
}
