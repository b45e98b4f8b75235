#include "jihe/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/plan_words.h"
#include "base/error.h"
#include "base/num.h"
#include "stats/hyper.h"
#include "stats/law.h"
#include "stats/plan_attribute.h"
#include "stats/plan_money.h"
#include "stats/plan_precision.h"
#include "stats/plan_two_point.h"

jihe_status jihe_rate_of(uint32_t *ppm, const char *text, jihe_error *err)
{
    uint32_t read;

    if (!jh_num_rate(text, strlen(text), &read) || read > 1000000)
        return jh_fail(err, JIHE_USAGE,
                       "'%.64s' is not a rate; expected 0%% to 100%% (5%% or 0.05), no finer than 0.0001%%", text);
    *ppm = read;
    return JIHE_OK;
}

jihe_status jihe_amount_of(uint64_t *amount, const char *text, jihe_error *err)
{
    jh_decimal decimal;
    int64_t low = 0, high = 1;

    if (!jh_num_decimal(text, strlen(text), &decimal) || !jh_num_scale_floor(decimal, 4, &low) ||
        !jh_num_scale_ceil(decimal, 4, &high) || low != high || low < 0 || low > INT64_C(9000000000000000000))
        return jh_fail(
            err, JIHE_USAGE,
            "'%.64s' is not an amount; expected a number like 1250000 or 1250000.50, with at most 4 decimals", text);
    *amount = (uint64_t)low;
    return JIHE_OK;
}

static void fill(jihe_plan *out, jihe_plan_kind kind, const jh_plan *plan, uint64_t population)
{
    *out = (jihe_plan){
        .kind = kind, .population = population, .sample = plan->sample, .allowed = plan->allowed, .risk = plan->risk};
    snprintf(out->method, sizeof out->method, "%s", population > 0 ? "hypergeometric" : "binomial");
}

/* The chance that the sample shows more errors than allowed. */
static double refused(const jihe_plan *plan, uint32_t rate)
{
    const jh_law law = jh_law_near(rate, plan->population);

    return jh_law_at_least(&law, plan->allowed + 1, plan->sample);
}

jihe_status jihe_plan_attribute(jihe_plan *out, double confidence, uint32_t tolerable, uint32_t expected,
                                uint64_t population, const char *lang, jihe_error *err)
{
    jh_plan plan;
    const jihe_status st = jh_plan_attribute(confidence, tolerable, expected, population, &plan, err);

    if (st != JIHE_OK)
        return st;
    fill(out, JIHE_PLAN_ATTRIBUTE, &plan, population);
    out->good = expected;
    out->bad = tolerable;
    /* Nobody expects no errors at all: then a fifth of the tolerable rate is the example. */
    const uint32_t example = expected > 0 || tolerable < 5 ? expected : tolerable / 5;
    jh_say_attribute(out, confidence, example, refused(out, example), jh_is_zh(lang));
    return JIHE_OK;
}

jihe_status jihe_plan_two_point(jihe_plan *out, uint32_t good, double good_risk, uint32_t bad, double bad_risk,
                                uint64_t population, const char *lang, jihe_error *err)
{
    jh_plan plan;
    const jihe_status st = jh_plan_two_point(good, good_risk, bad, bad_risk, population, &plan, err);

    if (st != JIHE_OK)
        return st;
    fill(out, JIHE_PLAN_TWO_POINT, &plan, population);
    out->good = good;
    out->bad = bad;
    jh_say_two_point(out, jh_acceptance(out->sample, out->allowed, good, population), jh_is_zh(lang));
    return JIHE_OK;
}

jihe_status jihe_plan_detect(jihe_plan *out, double confidence, uint64_t kind, uint32_t rate, uint64_t population,
                             const char *lang, jihe_error *err)
{
    jh_plan plan;
    const jihe_status st = kind > 0 ? jh_plan_detect(confidence, kind, population, &plan, err)
                                    : jh_plan_attribute(confidence, rate, 0, population, &plan, err);

    if (st != JIHE_OK)
        return st;
    fill(out, JIHE_PLAN_DETECT, &plan, population);
    out->bad = kind > 0 ? (uint32_t)((jh_u128)kind * 1000000 / population) : rate;
    jh_say_detect(out, kind, jh_is_zh(lang));
    return JIHE_OK;
}

jihe_status jihe_plan_precision(jihe_plan *out, double confidence, uint32_t half_width, uint32_t expected,
                                uint64_t population, const char *lang, jihe_error *err)
{
    jh_plan plan = {0, 0, 0};
    const jihe_status st =
        jh_plan_precision(confidence, half_width / 1e6, expected / 1e6, population, &plan.sample, err);

    if (st != JIHE_OK)
        return st;
    fill(out, JIHE_PLAN_PRECISION, &plan, population);
    out->good = expected;
    snprintf(out->method, sizeof out->method, "normal");
    jh_say_precision(out, confidence, half_width, jh_is_zh(lang));
    return JIHE_OK;
}

jihe_status jihe_plan_money(jihe_plan *out, double confidence, uint64_t tolerable, uint64_t expected, uint64_t book,
                            const char *lang, jihe_error *err)
{
    jh_plan plan = {0, 0, 0};
    char texts[3][32];
    double factor;
    jihe_status st;

    if (tolerable == 0 || tolerable > book || expected >= tolerable)
        return jh_fail(
            err, JIHE_USAGE,
            "a tolerable misstatement of %s, %s expected, in a book value of %s; the tolerable one must be above 0 and "
            "above the expected, and at most the book value",
            jh_ten_thousandths_text((double)tolerable, texts[0]), jh_ten_thousandths_text((double)expected, texts[1]),
            jh_ten_thousandths_text((double)book, texts[2]));
    const double share = (double)tolerable / (double)book, ratio = (double)expected / (double)tolerable;
    if ((st = jh_plan_poisson(confidence, share, ratio * share, &plan.sample, err)) != JIHE_OK ||
        (st = jh_money_factor(confidence, ratio, &factor, err)) != JIHE_OK)
        return st;
    plan.risk = jh_plan_poisson_risk(plan.sample, share, ratio * share);
    fill(out, JIHE_PLAN_MONEY, &plan, 0);
    out->factor = factor;
    out->interval = (double)book / (double)plan.sample;
    snprintf(out->method, sizeof out->method, "poisson");
    jh_say_money(out, confidence, tolerable, expected, book, jh_is_zh(lang));
    return JIHE_OK;
}

jihe_status jihe_acceptance(double *out, uint64_t sample, uint64_t allowed, uint32_t rate, uint64_t population,
                            jihe_error *err)
{
    if (sample == 0 || sample > JH_POPULATION_MAX || (population > 0 && sample > population))
        return jh_fail(err, JIHE_USAGE, "a sample of %" PRIu64 " out of %" PRIu64 " documents", sample, population);
    if (population > JH_POPULATION_MAX)
        return jh_fail(err, JIHE_USAGE, "a population of %" PRIu64 " documents; at most %" PRIu64, population,
                       JH_POPULATION_MAX);
    if (allowed > sample || rate > 1000000)
        return jh_fail(err, JIHE_USAGE,
                       "%" PRIu64 " errors allowed in %" PRIu64
                       " documents at a rate of %g%%; at most the sample, at most 100%%",
                       allowed, sample, rate / 1e4);
    *out = jh_acceptance(sample, allowed, rate, population);
    return JIHE_OK;
}
