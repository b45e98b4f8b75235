#include "stats/domain.h"

#include <inttypes.h>
#include <math.h>

struct part {
    double n;        /* inspected in this stratum */
    double members;  /* of them in the domain */
    double sum;      /* of y in the domain */
    double residual; /* mean of the residuals, zeros included */
    double squares;  /* of the residuals around it */
};

static jihe_status count_parts(const uint64_t *populations, struct part *parts, size_t strata,
                               const jh_domain_document *documents, size_t count, jihe_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (documents[i].stratum >= strata || !isfinite(documents[i].value))
            return jh_fail(err, JIHE_USAGE, "document %zu: stratum %zu of %zu, value %.17g do not fit together", i + 1,
                           documents[i].stratum + 1, strata, documents[i].value);
        struct part *part = &parts[documents[i].stratum];
        part->n += 1;
        part->members += documents[i].in_domain;
        part->sum += documents[i].in_domain ? documents[i].value : 0;
    }
    for (size_t h = 0; h < strata; h++)
        if (parts[h].n > (double)populations[h] || (parts[h].n < 2 && parts[h].n < (double)populations[h]))
            return jh_fail(err, JIHE_USAGE,
                           "stratum %zu: %.0f of %" PRIu64
                           " documents inspected; it takes two, or all, and not more than there are",
                           h + 1, parts[h].n, populations[h]);
    return JIHE_OK;
}

/* Of the linearised residuals; the 1 / size is left to the caller. */
static double variance(const uint64_t *populations, struct part *parts, size_t strata,
                       const jh_domain_document *documents, size_t count, double rate)
{
    double sum = 0;

    for (size_t h = 0; h < strata; h++)
        parts[h].residual = parts[h].n > 0 ? (parts[h].sum - rate * parts[h].members) / parts[h].n : 0;
    for (size_t i = 0; i < count; i++) {
        struct part *part = &parts[documents[i].stratum];
        const double away = (documents[i].in_domain ? documents[i].value - rate : 0) - part->residual;
        part->squares += away * away;
    }
    for (size_t h = 0; h < strata; h++) {
        const double N = (double)populations[h], n = parts[h].n;
        if (n < N)
            sum += N * (N - n) / n * parts[h].squares / (n - 1);
    }
    return sum;
}

jihe_status jh_domain_rate(const uint64_t *populations, size_t strata, const jh_domain_document *documents,
                           size_t count, jh_arena *arena, jh_domain *out, jihe_error *err)
{
    struct part *parts = JH_NEW(arena, struct part, strata);
    double size = 0, errors = 0;
    jihe_status status;

    if (parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu strata", strata);
    if (strata == 0)
        return jh_fail(err, JIHE_USAGE, "no strata");
    status = count_parts(populations, parts, strata, documents, count, err);
    if (status != JIHE_OK)
        return status;
    for (size_t h = 0; h < strata; h++) {
        const double weight = parts[h].n > 0 ? (double)populations[h] / parts[h].n : 0;
        size += weight * parts[h].members;
        errors += weight * parts[h].sum;
    }
    *out = (jh_domain){{NAN, NAN}, size};
    if (size > 0) {
        const double rate = errors / size;
        out->rate = (jh_measured){rate, sqrt(variance(populations, parts, strata, documents, count, rate)) / size};
    }
    return JIHE_OK;
}
