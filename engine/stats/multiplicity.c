#include "stats/multiplicity.h"

#include <inttypes.h>
#include <math.h>

struct part {
    double n, sum, sum_of_ones, squares; /* of one rule: of y / m, of 1 / m, of (y / m - mean)^2 */
};

static jihe_status sum_up(const jh_drawn *drawn, size_t count, struct part *parts, size_t rules, jihe_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (drawn[i].rule >= rules || drawn[i].frames == 0 || drawn[i].frames > rules || !isfinite(drawn[i].value))
            return jh_fail(err, JIHE_USAGE,
                           "document %zu: rule %zu of %zu, in %" PRIu64 " frames, value %.17g do not fit together",
                           i + 1, drawn[i].rule + 1, rules, drawn[i].frames, drawn[i].value);
        struct part *part = &parts[drawn[i].rule];
        part->n += 1;
        part->sum += drawn[i].value / (double)drawn[i].frames;
        part->sum_of_ones += 1 / (double)drawn[i].frames;
    }
    for (size_t i = 0; i < count; i++) {
        struct part *part = &parts[drawn[i].rule];
        const double away = drawn[i].value / (double)drawn[i].frames - part->sum / part->n;
        part->squares += away * away;
    }
    return JIHE_OK;
}

jihe_status jh_multiplicity_of(const uint64_t *populations, size_t rules, const jh_drawn *drawn, size_t count,
                               jh_arena *arena, jh_multiplicity *out, jihe_error *err)
{
    struct part *parts = JH_NEW(arena, struct part, rules);
    double total = 0, size = 0, variance = 0;
    jihe_status status;

    if (parts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu rules", rules);
    if (rules == 0)
        return jh_fail(err, JIHE_USAGE, "no rules");
    status = sum_up(drawn, count, parts, rules, err);
    if (status != JIHE_OK)
        return status;
    for (size_t r = 0; r < rules; r++) {
        const double N = (double)populations[r], n = parts[r].n;

        if (n > N || n < 1 || (n < 2 && n < N))
            return jh_fail(err, JIHE_USAGE,
                           "rule %zu: %.0f of %" PRIu64
                           " documents inspected; it takes two, or all, and not more than there are",
                           r + 1, n, populations[r]);
        total += N / n * parts[r].sum;
        size += N / n * parts[r].sum_of_ones;
        if (n < N)
            variance += N * (N - n) / n * parts[r].squares / (n - 1);
    }
    *out = (jh_multiplicity){{total, sqrt(variance)}, size};
    return JIHE_OK;
}
