#include "stats/pattern.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

static jihe_status check(const jh_pattern *pattern, size_t number, jihe_error *err)
{
    const jh_sampled *s = &pattern->sampled;

    if (s->population == 0 || s->inspected > s->population || s->errors > s->inspected)
        return jh_fail(err, JIHE_USAGE,
                       "pattern %zu: %" PRIu64 " errors in %" PRIu64 " inspected of %" PRIu64
                       " documents do not fit together",
                       number, s->errors, s->inspected, s->population);
    if (!(pattern->probability > 0 && pattern->probability <= 1))
        return jh_fail(err, JIHE_USAGE, "pattern %zu: probability %.17g; it must be above 0 and at most 1", number,
                       pattern->probability);
    return JIHE_OK;
}

static bool is_thin(const jh_sampled *s)
{
    return s->inspected < 2 && s->inspected < s->population;
}

/* The sampled pattern nearest to `thin` in probability; `count` where there is none. A census stands for itself alone.
 */
static size_t nearest(const jh_pattern *patterns, size_t count, size_t thin)
{
    size_t best = count;
    double least = 2;

    for (size_t i = 0; i < count; i++) {
        const double away = fabs(patterns[i].probability - patterns[thin].probability);
        const bool census = patterns[i].sampled.inspected == patterns[i].sampled.population;

        if (i != thin && !census && away < least) {
            best = i;
            least = away;
        }
    }
    return best;
}

/* Puts the pattern at `from` into the one at `into`, whose probability becomes that of their documents on average. */
static void join(jh_pattern *patterns, size_t *count, size_t into, size_t from)
{
    jh_pattern *a = &patterns[into];
    const jh_pattern *b = &patterns[from];
    const double of_a = (double)a->sampled.population, of_b = (double)b->sampled.population;

    a->probability = (a->probability * of_a + b->probability * of_b) / (of_a + of_b);
    a->sampled.population += b->sampled.population;
    a->sampled.inspected += b->sampled.inspected;
    a->sampled.errors += b->sampled.errors;
    patterns[from] = patterns[--*count];
}

static jihe_status join_thin(jh_pattern *patterns, size_t *count, size_t *joined, jihe_error *err)
{
    for (size_t i = 0; i < *count;) {
        const size_t other = is_thin(&patterns[i].sampled) ? nearest(patterns, *count, i) : i;

        if (other == *count)
            return jh_fail(err, JIHE_USAGE,
                           "%" PRIu64 " of the %" PRIu64
                           " documents that could be drawn at random were inspected; a rate with its error takes two",
                           patterns[i].sampled.inspected, patterns[i].sampled.population);
        if (other == i) {
            i++;
            continue;
        }
        join(patterns, count, other, i);
        ++*joined;
        i = 0; /* whatever took this one's place, and the joined one, are looked at again */
    }
    return JIHE_OK;
}

jihe_status jh_pattern_strata(const jh_pattern *patterns, size_t count, jh_arena *arena, jh_sampled **strata,
                              size_t *stratum_count, size_t *joined, jihe_error *err)
{
    jh_pattern *kept = JH_NEW(arena, jh_pattern, count);
    jihe_status status = JIHE_OK;

    *joined = 0;
    *stratum_count = count;
    *strata = JH_NEW(arena, jh_sampled, count);
    if (kept == NULL || *strata == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu patterns", count);
    if (count == 0)
        return jh_fail(err, JIHE_USAGE, "no patterns");
    for (size_t i = 0; i < count && status == JIHE_OK; i++) {
        kept[i] = patterns[i];
        status = check(&patterns[i], i + 1, err);
    }
    if (status == JIHE_OK)
        status = join_thin(kept, stratum_count, joined, err);
    for (size_t i = 0; i < *stratum_count && status == JIHE_OK; i++)
        (*strata)[i] = kept[i].sampled;
    return status;
}
