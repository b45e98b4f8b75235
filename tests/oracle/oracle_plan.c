#include <math.h>
#include <string.h>

#include "oracle.h"

#include "stats/law.h"
#include "stats/plan_attribute.h"
#include "stats/plan_money.h"
#include "stats/plan_precision.h"
#include "stats/plan_two_point.h"

static uint32_t to_ppm(oracle_row *row, const char *text)
{
    uint32_t ppm = 0;

    if (!jh_num_rate(text, strlen(text), &ppm))
        oracle_fail(row, "not a rate in parts per million: '%.40s'", text);
    return ppm;
}

static void give_plan(oracle_row *row, uint64_t population)
{
    const double conf = oracle_double(row, "conf");
    const uint32_t tolerable = to_ppm(row, oracle_text(row, "tolerable"));
    jh_plan plan = {0, 0, 0};
    jihe_error err;

    if (oracle_has(row, "expected_k"))
        oracle_check(row, jh_plan_allowing(conf, tolerable, oracle_count(row, "expected_k"), population, &plan, &err),
                     &err);
    else
        oracle_check(
            row,
            jh_plan_attribute(conf, tolerable, to_ppm(row, oracle_text(row, "expected_rate")), population, &plan, &err),
            &err);
    oracle_give_count(row, oracle_is(row, "out", "n") ? plan.sample : plan.allowed);
}

static void plan_binomial(oracle_row *row)
{
    give_plan(row, 0);
}

static void plan_hypergeometric(oracle_row *row)
{
    give_plan(row, oracle_count(row, "N"));
}

static void plan_poisson(oracle_row *row)
{
    const double conf = oracle_double(row, "conf"), tolerable = oracle_double(row, "tolerable");
    uint64_t sample = 0;
    jihe_error err;

    if (oracle_has(row, "expected_k"))
        oracle_check(row, jh_plan_poisson_allowing(conf, tolerable, oracle_count(row, "expected_k"), &sample, &err),
                     &err);
    else
        oracle_check(row, jh_plan_poisson(conf, tolerable, oracle_double(row, "expected_rate"), &sample, &err), &err);
    oracle_give_count(row, sample);
}

static void mus_n_poisson(oracle_row *row)
{
    const double tolerable = oracle_double(row, "tolerable");
    uint64_t sample = 0;
    jihe_error err;

    oracle_check(
        row,
        jh_plan_poisson(oracle_double(row, "conf"), tolerable, oracle_double(row, "ratio") * tolerable, &sample, &err),
        &err);
    oracle_give_count(row, sample);
}

static void mus_factor(oracle_row *row)
{
    double factor = NAN;
    jihe_error err;

    oracle_check(row, jh_money_factor(oracle_double(row, "conf"), oracle_double(row, "ratio"), &factor, &err), &err);
    oracle_give(row, factor);
}

static void mus_n_conservative(oracle_row *row)
{
    uint64_t sample = 0;
    jihe_error err;

    oracle_check(row,
                 jh_plan_money(oracle_double(row, "conf"), oracle_double(row, "ratio"),
                               to_ppm(row, oracle_text(row, "tolerable")), 1000000, &sample, &err),
                 &err);
    oracle_give_count(row, sample);
}

/* "inf" or nothing: very large. */
static uint64_t population_of(oracle_row *row)
{
    return !oracle_has(row, "N") || oracle_is(row, "N", "inf") ? 0 : oracle_count(row, "N");
}

static void n_for_precision(oracle_row *row)
{
    uint64_t sample = 0;
    jihe_error err;

    oracle_check(row,
                 jh_plan_precision(oracle_double(row, "conf"), oracle_double(row, "half_width"),
                                   oracle_double(row, "rate"), population_of(row), &sample, &err),
                 &err);
    oracle_give_count(row, sample);
}

static void acceptance(oracle_row *row)
{
    oracle_give(row, jh_acceptance(oracle_count(row, "n"), oracle_count(row, "c"), to_ppm(row, oracle_text(row, "p")),
                                   population_of(row)));
}

/* p holds good rate, alpha, bad rate, beta. */
static jh_plan two_point(oracle_row *row)
{
    char **p;
    jh_plan plan = {0, 0, 0};
    jihe_error err;

    if (oracle_texts(row, "p", &p) != 4)
        oracle_fail(row, "p has not four numbers");
    else
        oracle_check(row,
                     jh_plan_two_point(to_ppm(row, p[0]), oracle_to_double(row, p[1]), to_ppm(row, p[2]),
                                       oracle_to_double(row, p[3]), population_of(row), &plan, &err),
                     &err);
    return plan;
}

static void plan_two_point_n(oracle_row *row)
{
    oracle_give_count(row, two_point(row).sample);
}

static void plan_two_point_c(oracle_row *row)
{
    oracle_give_count(row, two_point(row).allowed);
}

const oracle_function oracle_plan[] = {
    {"plan_binomial", plan_binomial},
    {"plan_hypergeometric", plan_hypergeometric},
    {"plan_poisson", plan_poisson},
    {"mus_n_poisson", mus_n_poisson},
    {"mus_factor", mus_factor},
    {"mus_n_conservative", mus_n_conservative},
    {"n_for_precision", n_for_precision},
    {"oc_binomial", acceptance},
    {"oc_hypergeometric", acceptance},
    {"plan_two_point_n", plan_two_point_n},
    {"plan_two_point_c", plan_two_point_c},
    {NULL, NULL},
};
