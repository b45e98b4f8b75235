#include "stats/plan_two_point.h"

#include <inttypes.h>
#include <stdbool.h>

#include "stats/argument.h"
#include "stats/hyper.h"
#include "stats/law.h"

struct search {
    jh_law good, bad;
    double alpha, beta;
    uint64_t most; /* the largest sample there can be */
};

static bool refuses_bad(const struct search *s, uint64_t sample, uint64_t allowed)
{
    return jh_at_most(jh_law_at_most(&s->bad, allowed, sample), s->beta);
}

/* The smallest sample that refuses bad work with this many errors allowed; 0: none. */
static uint64_t least_sample(const struct search *s, uint64_t allowed)
{
    uint64_t low = allowed, high = allowed + 1; /* low does not do: it always accepts */

    while (high < s->most && !refuses_bad(s, high, allowed)) {
        low = high;
        high = high > s->most / 2 ? s->most : high * 2;
    }
    if (high > s->most || !refuses_bad(s, high, allowed))
        return 0;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (refuses_bad(s, middle, allowed))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* With this many errors allowed, does the smallest sample that refuses bad work accept good work? */
static bool will_do(const struct search *s, uint64_t allowed, uint64_t *sample)
{
    *sample = least_sample(s, allowed);
    return *sample > 0 && jh_at_most(jh_law_at_least(&s->good, allowed + 1, *sample), s->alpha);
}

/* A number of errors that will do, or the most that can be allowed. More errors allowed tell the two rates apart
 * better, but for the steps of small samples. */
static uint64_t some_allowed(const struct search *s)
{
    const uint64_t cap = s->bad.population > 0 ? s->bad.wrong - 1 : JH_PLAN_MAX; /* with more, bad work always passes */
    uint64_t low = 0, high = 0, sample;

    while (high < cap && !will_do(s, high, &sample)) {
        low = high + 1;
        high = sample > 0 && high < cap / 2 ? high * 2 + 1 : cap;
    }
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;

        if (will_do(s, middle, &sample))
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

/* The fewest errors that will do: those steps are taken in by a look back over a few. */
static bool first_allowed(const struct search *s, uint64_t *allowed, uint64_t *sample)
{
    enum { BACK = 16 };
    const uint64_t some = some_allowed(s);

    for (*allowed = some > BACK ? some - BACK : 0; *allowed <= some; ++*allowed)
        if (will_do(s, *allowed, sample))
            return true;
    return false;
}

jihe_status jh_plan_two_point(uint32_t good, double alpha, uint32_t bad, double beta, uint64_t population, jh_plan *out,
                              jihe_error *err)
{
    const uint64_t most = population > 0 && population < JH_PLAN_MAX ? population : JH_PLAN_MAX;
    const struct search s = {jh_law_near(good, population), jh_law_near(bad, population), alpha, beta, most};
    uint64_t allowed, sample;

    if (good == 0 || good >= bad || bad > 1000000)
        return jh_fail(err, JIHE_USAGE, "a good rate of %g%% and a bad rate of %g%%; above 0, the bad one higher",
                       good / 1e4, bad / 1e4);
    if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1))
        return jh_fail(err, JIHE_USAGE, "risks of %.17g and %.17g; each must be between 0 and 1, for example 0.05",
                       alpha, beta);
    if (population > JH_POPULATION_MAX)
        return jh_fail(err, JIHE_USAGE, "a population of %" PRIu64 " documents; at most %" PRIu64, population,
                       JH_POPULATION_MAX);
    if ((population > 0 && s.bad.wrong == 0) || !first_allowed(&s, &allowed, &sample))
        return jh_fail(err, JIHE_USAGE,
                       "no sample of up to %" PRIu64 " documents tells %g%% from %g%% with these risks", most,
                       good / 1e4, bad / 1e4);
    *out = (jh_plan){sample, allowed, jh_law_at_most(&s.bad, allowed, sample)};
    return JIHE_OK;
}
