#include "stats/stringer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "stats/argument.h"
#include "stats/binom.h"
#include "stats/poisson.h"

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x < y) - (x > y);
}

static double limit(size_t errors, double sample, double conf, bool poisson)
{
    double upper = 0;

    if (poisson)
        (void)jh_poisson_upper((double)errors, conf, &upper, NULL); /* arguments are sound */
    else
        (void)jh_binom_upper((double)errors, sample, conf, &upper, NULL);
    return poisson ? upper / sample : upper;
}

jihe_status jh_stringer_upper(const double *taints, size_t count, uint64_t sample, double conf, bool poisson,
                              jh_arena *arena, double *upper, double *likely, jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);
    double *sorted, sum = 0, bound = 0;
    size_t kept = 0;

    if (status != JIHE_OK)
        return status;
    if (sample == 0 || count > sample)
        return jh_fail(err, JIHE_USAGE, "%zu misstated items in a sample of %" PRIu64 " money-units", count, sample);
    sorted = JH_NEW(arena, double, count + 1);
    if (sorted == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu taints", count);
    for (size_t i = 0; i < count; i++) {
        if (isnan(taints[i]))
            return jh_fail(err, JIHE_USAGE, "taint %zu is not a number", i + 1);
        if (taints[i] > 0)
            sorted[kept++] = taints[i] < 1 ? taints[i] : 1;
    }
    qsort(sorted, kept, sizeof *sorted, falling);
    for (size_t i = 0; i <= kept; i++) {
        const double here = i == 0 ? 1 : sorted[i - 1], next = i < kept ? sorted[i] : 0;

        if (here > next)
            bound += limit(i, (double)sample, conf, poisson) * (here - next);
        sum += i < kept ? sorted[i] : 0;
    }
    *upper = bound;
    *likely = sum / (double)sample;
    return JIHE_OK;
}
