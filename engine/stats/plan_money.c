#include "stats/plan_money.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "base/num.h"
#include "stats/argument.h"
#include "stats/gamma.h"
#include "stats/plan_attribute.h"

static jihe_status check(double conf, double tolerable, double expected, jihe_error *err)
{
    if (!(tolerable > 0 && tolerable <= 1))
        return jh_fail(err, JIHE_USAGE, "a tolerable share of %.17g; it must be above 0 and at most 1", tolerable);
    if (!(expected >= 0 && expected < tolerable))
        return jh_fail(err, JIHE_USAGE,
                       "an expected share of %.17g; it must be at least 0 and below the tolerable %.17g", expected,
                       tolerable);
    return jh_check_confidence(conf, err);
}

struct search {
    double risk, tolerable, expected; /* allowed errors are fixed + n x expected */
    double fixed;
};

static bool will_do(const struct search *s, uint64_t sample)
{
    const double n = (double)sample;

    return n > s->fixed && jh_at_most(jh_gamma_upper(1 + s->fixed + n * s->expected, n * s->tolerable), s->risk);
}

/* Once a sample does, all larger ones do (tests try them). */
static jihe_status smallest(const struct search *s, uint64_t *sample, jihe_error *err)
{
    uint64_t low = 0, high = 1;

    while (high < JH_PLAN_MAX && !will_do(s, high)) {
        low = high;
        high *= 2;
    }
    if (high > JH_PLAN_MAX && !will_do(s, high))
        return jh_fail(err, JIHE_USAGE,
                       "no sample of up to %" PRIu64
                       " money-units tells %g expected from %g tolerable; they are too near",
                       JH_PLAN_MAX, s->expected, s->tolerable);
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (will_do(s, middle))
            high = middle;
        else
            low = middle;
    }
    *sample = high;
    return JIHE_OK;
}

jihe_status jh_plan_poisson(double conf, double tolerable, double expected, uint64_t *sample, jihe_error *err)
{
    const jihe_status status = check(conf, tolerable, expected, err);
    const struct search s = {jh_tail_of(conf), tolerable, expected, 0};

    return status == JIHE_OK ? smallest(&s, sample, err) : status;
}

double jh_plan_poisson_risk(uint64_t sample, double tolerable, double expected)
{
    return jh_gamma_upper(1 + (double)sample * expected, (double)sample * tolerable);
}

jihe_status jh_plan_poisson_allowing(double conf, double tolerable, uint64_t allowed, uint64_t *sample, jihe_error *err)
{
    const jihe_status status = check(conf, tolerable, 0, err);
    const struct search s = {jh_tail_of(conf), tolerable, 0, (double)allowed};

    if (status == JIHE_OK && allowed >= JH_PLAN_MAX)
        return jh_fail(err, JIHE_USAGE, "%" PRIu64 " errors allowed; below %" PRIu64, allowed, JH_PLAN_MAX);
    return status == JIHE_OK ? smallest(&s, sample, err) : status;
}

jihe_status jh_money_factor(double conf, double ratio, double *factor, jihe_error *err)
{
    const jihe_status status = jh_check_confidence(conf, err);
    const double risk = jh_tail_of(conf);
    double low = 0, high = 1;

    if (status != JIHE_OK)
        return status;
    if (!(ratio >= 0 && ratio < 1))
        return jh_fail(err, JIHE_USAGE, "expected over tolerable is %.17g; it must be at least 0 and below 1", ratio);
    while (jh_gamma_upper(1 + ratio * high, high) > risk) {
        low = high;
        high *= 2;
        if (high > 1e9)
            return jh_fail(err, JIHE_USAGE,
                           "expected over tolerable is %.17g, too near to 1 for a sample of usable size", ratio);
    }
    for (int round = 0; round < 200; round++) {
        const double middle = low + (high - low) / 2;

        if (middle <= low || middle >= high)
            break;
        if (jh_gamma_upper(1 + ratio * middle, middle) > risk)
            low = middle;
        else
            high = middle;
    }
    *factor = high;
    return JIHE_OK;
}

jihe_status jh_plan_money(double conf, double ratio, uint64_t tolerable, uint64_t book, uint64_t *sample,
                          jihe_error *err)
{
    double factor;
    const jihe_status status = jh_money_factor(conf, ratio, &factor, err);

    if (status != JIHE_OK)
        return status;
    if (tolerable == 0 || tolerable > book)
        return jh_fail(err, JIHE_USAGE,
                       "a tolerable misstatement of %" PRIu64 " in a book value of %" PRIu64
                       "; it must be above 0 and at most the book value",
                       tolerable, book);
    const jh_u128 hundredths = (jh_u128)ceil(factor * 100), parts = (jh_u128)tolerable * 100;
    const jh_u128 needed = (hundredths * book + parts - 1) / parts;
    if (needed > JH_PLAN_MAX)
        return jh_fail(err, JIHE_USAGE,
                       "a tolerable misstatement of %" PRIu64 " in %" PRIu64 " takes more than %" PRIu64 " money-units",
                       tolerable, book, JH_PLAN_MAX);
    *sample = (uint64_t)needed;
    return JIHE_OK;
}
