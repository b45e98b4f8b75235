#include "stats/plan_attribute.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "base/num.h"
#include "stats/argument.h"
#include "stats/hyper.h"
#include "stats/law.h"

struct search {
    jh_law law; /* at the tolerable rate */
    uint32_t expected;
    double risk;   /* 1 - conf */
    uint64_t most; /* the largest sample there can be */
};

static bool will_do(const struct search *s, uint64_t sample, uint64_t allowed)
{
    return sample > allowed && jh_at_most(jh_law_at_most(&s->law, allowed, sample), s->risk);
}

/* The smallest sample in (low, high] that will do with this many errors; `high` does. More documents only make it rarer
 * to see so few errors. */
static uint64_t smallest(const struct search *s, uint64_t low, uint64_t high, uint64_t allowed)
{
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (will_do(s, middle, allowed))
            high = middle;
        else
            low = middle;
    }
    return high;
}

static jihe_status check(double conf, uint32_t tolerable, uint64_t population, jihe_error *err)
{
    if (tolerable == 0 || tolerable > 1000000)
        return jh_fail(err, JIHE_USAGE, "a tolerable rate of %g%%; it must be above 0 and at most 100%%",
                       tolerable / 1e4);
    if (population > JH_POPULATION_MAX)
        return jh_fail(err, JIHE_USAGE, "a population of %" PRIu64 " documents; at most %" PRIu64, population,
                       JH_POPULATION_MAX);
    return jh_check_confidence(conf, err);
}

static void finish(const struct search *s, uint64_t sample, uint64_t allowed, jh_plan *out)
{
    *out = (jh_plan){sample, allowed, jh_law_at_most(&s->law, allowed, sample)};
}

static uint64_t most_sampled(uint64_t population)
{
    return population > 0 && population < JH_PLAN_MAX ? population : JH_PLAN_MAX;
}

/* The smallest sample with a fixed number of allowed errors. */
static jihe_status plan_allowing(const struct search *s, uint64_t allowed, jh_plan *out, jihe_error *err)
{
    uint64_t low = allowed, high = allowed + 1; /* low does not do */

    while (high < s->most && !will_do(s, high, allowed)) {
        low = high;
        high = high > s->most / 2 ? s->most : high * 2;
    }
    if (high > s->most || !will_do(s, high, allowed))
        return jh_fail(err, JIHE_USAGE, "no sample of up to %" PRIu64 " documents does with %" PRIu64 " errors allowed",
                       s->most, allowed);
    finish(s, smallest(s, low, high, allowed), allowed, out);
    return JIHE_OK;
}

/* The largest sample of which `allowed` is ceil(sample x expected). */
static uint64_t last_sample(const struct search *s, uint64_t allowed)
{
    const uint64_t last = (uint64_t)((jh_u128)allowed * 1000000 / s->expected);

    return last < s->most ? last : s->most;
}

static bool tooth_will_do(const struct search *s, uint64_t allowed)
{
    return will_do(s, last_sample(s, allowed), allowed);
}

/* A number of allowed errors whose last sample does, with one below it whose last sample does not; 0: none does. */
static uint64_t some_tooth(const struct search *s)
{
    const uint64_t most = jh_ppm_ceil(s->most, s->expected);
    uint64_t low = 0, high = 1;

    while (high < most && !tooth_will_do(s, high)) {
        low = high;
        high = high > most / 2 ? most : high * 2;
    }
    if (!tooth_will_do(s, high))
        return 0;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (tooth_will_do(s, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The first tooth that does. If samples were not whole numbers, P(X <= k) at k / expected documents would fall steadily
 * with k; one document less or more moves the place where it crosses the risk by 2 e t / (t - e) teeth at most (normal
 * approximation, checked against trying every sample). So the first lies no farther than that before any crossing. */
static uint64_t first_tooth(const struct search *s)
{
    const uint64_t some = some_tooth(s);
    const double e = s->expected / 1e6;
    const double t = s->law.population > 0 ? (double)s->law.wrong / (double)s->law.population : s->law.rate;
    const double apart = t > e ? ceil(2 * e * t / (t - e)) + 3 : 1e9;
    uint64_t tooth = some > apart + 1 ? some - (uint64_t)apart : 1;

    while (tooth < some && !tooth_will_do(s, tooth))
        tooth++;
    return some == 0 ? 0 : tooth;
}

jihe_status jh_plan_attribute(double conf, uint32_t tolerable, uint32_t expected, uint64_t population, jh_plan *out,
                              jihe_error *err)
{
    const jihe_status status = check(conf, tolerable, population, err);
    const struct search s = {jh_law_reaching(tolerable, population), expected, jh_tail_of(conf),
                             most_sampled(population)};
    uint64_t allowed, before;

    if (status != JIHE_OK)
        return status;
    if (expected >= tolerable)
        return jh_fail(err, JIHE_USAGE, "an expected rate of %g%% is not below the tolerable %g%%", expected / 1e4,
                       tolerable / 1e4);
    if (expected == 0)
        return plan_allowing(&s, 0, out, err);
    allowed = first_tooth(&s);
    if (allowed == 0)
        return jh_fail(err, JIHE_USAGE,
                       "no sample of up to %" PRIu64
                       " documents tells %g%% expected from %g%% tolerable; they are too near",
                       s.most, expected / 1e4, tolerable / 1e4);
    before = last_sample(&s, allowed - 1);
    finish(&s, smallest(&s, before > allowed ? before : allowed, last_sample(&s, allowed), allowed), allowed, out);
    return JIHE_OK;
}

jihe_status jh_plan_allowing(double conf, uint32_t tolerable, uint64_t allowed, uint64_t population, jh_plan *out,
                             jihe_error *err)
{
    const jihe_status status = check(conf, tolerable, population, err);
    const struct search s = {jh_law_reaching(tolerable, population), 0, jh_tail_of(conf), most_sampled(population)};

    if (status != JIHE_OK)
        return status;
    if (allowed >= s.most)
        return jh_fail(err, JIHE_USAGE, "%" PRIu64 " errors allowed in at most %" PRIu64 " documents", allowed, s.most);
    return plan_allowing(&s, allowed, out, err);
}

jihe_status jh_plan_detect(double conf, uint64_t kind, uint64_t population, jh_plan *out, jihe_error *err)
{
    const jihe_status status = check(conf, 1, population, err);
    const struct search s = {{population, kind, 0}, 0, jh_tail_of(conf), most_sampled(population)};

    if (status != JIHE_OK)
        return status;
    if (population == 0 || kind == 0 || kind > population)
        return jh_fail(err, JIHE_USAGE,
                       "%" PRIu64 " of a kind among %" PRIu64 " documents; it must be 1 to the population", kind,
                       population);
    return plan_allowing(&s, 0, out, err);
}
