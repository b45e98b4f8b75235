#include <math.h>

#include "oracle.h"

#include "stats/betabinom.h"
#include "stats/binom.h"
#include "stats/goodman.h"
#include "stats/hyper.h"
#include "stats/jeffreys.h"
#include "stats/poisson.h"
#include "stats/posterior.h"
#include "stats/wilson.h"

static double chosen(oracle_row *row, double lower, double upper)
{
    if (!oracle_is(row, "out", "lower") && !oracle_is(row, "out", "upper"))
        oracle_fail(row, "out is neither lower nor upper");
    return oracle_is(row, "out", "lower") ? lower : upper;
}

/* k, n and conf to two limits. */
typedef jihe_status (*proportion_limits)(double, double, double, double *, double *, jihe_error *);

static void proportion(oracle_row *row, const char *errors, proportion_limits limits)
{
    double lower = NAN, upper = NAN;
    jihe_error err;

    oracle_check(
        row,
        limits(oracle_double(row, errors), oracle_double(row, "n"), oracle_double(row, "conf"), &lower, &upper, &err),
        &err);
    oracle_give(row, chosen(row, lower, upper));
}

static void clopper_pearson(oracle_row *row)
{
    proportion(row, "k", jh_binom_limits);
}

static void jeffreys(oracle_row *row)
{
    proportion(row, "k", jh_jeffreys_limits);
}

/* Two files: one calls the errors k, one x. */
static void wilson(oracle_row *row)
{
    proportion(row, oracle_has(row, "k") ? "k" : "x", jh_wilson_limits);
}

static double cp_upper(oracle_row *row)
{
    double upper = NAN;
    jihe_error err;

    oracle_check(
        row, jh_binom_upper(oracle_double(row, "k"), oracle_double(row, "n"), oracle_double(row, "conf"), &upper, &err),
        &err);
    return upper;
}

static void cp_upper_one_sided(oracle_row *row)
{
    oracle_give(row, cp_upper(row));
}

static void cp_lower_one_sided(oracle_row *row)
{
    double lower = NAN;
    jihe_error err;

    oracle_check(
        row, jh_binom_lower(oracle_double(row, "k"), oracle_double(row, "n"), oracle_double(row, "conf"), &lower, &err),
        &err);
    oracle_give(row, lower);
}

/* As the AICPA prints it: percent with one decimal, rounded up. */
static void cp_upper_pct_ceil_1dp(oracle_row *row)
{
    oracle_give(row, ceil(cp_upper(row) * 1000) / 10);
}

static void poisson_exact(oracle_row *row)
{
    double lower = NAN, upper = NAN;
    jihe_error err;

    oracle_check(row, jh_poisson_limits(oracle_double(row, "x"), oracle_double(row, "conf"), &lower, &upper, &err),
                 &err);
    oracle_give(row, chosen(row, lower, upper));
}

static void poisson_upper_one_sided(oracle_row *row)
{
    double upper = NAN;
    jihe_error err;

    oracle_check(row, jh_poisson_upper(oracle_double(row, "x"), oracle_double(row, "conf"), &upper, &err), &err);
    oracle_give(row, upper);
}

static void byar(oracle_row *row)
{
    double lower = NAN, upper = NAN;
    jihe_error err;

    oracle_check(row, jh_byar_limits(oracle_double(row, "x"), oracle_double(row, "conf"), &lower, &upper, &err), &err);
    oracle_give(row, chosen(row, lower, upper));
}

typedef jihe_status (*one_limit)(uint64_t, uint64_t, uint64_t, double, uint64_t *, jihe_error *);

static void hyper_one_sided(oracle_row *row, one_limit limit)
{
    uint64_t wrong = 0;
    jihe_error err;

    oracle_check(row,
                 limit(oracle_count(row, "k"), oracle_count(row, "n"), oracle_count(row, "N"),
                       oracle_double(row, "conf"), &wrong, &err),
                 &err);
    oracle_give_count(row, wrong);
}

static void hyper_upper_one_sided(oracle_row *row)
{
    hyper_one_sided(row, jh_hyper_upper);
}

static void hyper_lower_one_sided(oracle_row *row)
{
    hyper_one_sided(row, jh_hyper_lower);
}

static void hyper_two_sided(oracle_row *row)
{
    uint64_t lower = 0, upper = 0;
    jihe_error err;

    oracle_check(row,
                 jh_hyper_limits(oracle_count(row, "k"), oracle_count(row, "n"), oracle_count(row, "N"),
                                 oracle_double(row, "conf"), &lower, &upper, &err),
                 &err);
    oracle_give_count(row, oracle_is(row, "out", "K_lower") ? lower : upper);
}

static void goodman(oracle_row *row)
{
    uint64_t *counts;
    double lower[64], upper[64];
    const size_t count = oracle_counts(row, "counts", &counts);
    jihe_error err;

    if (count > 64) {
        oracle_fail(row, "more than 64 outcomes");
        return;
    }
    oracle_check(row, jh_goodman_limits(counts, count, oracle_double(row, "conf"), lower, upper, &err), &err);
    for (size_t i = 0; i < count && row->problem[0] == '\0'; i++)
        oracle_give(row, chosen(row, lower[i], upper[i]));
}

static void beta_binomial_posterior(oracle_row *row)
{
    jh_posterior got = {NAN, NAN, NAN, NAN};
    jihe_error err;

    oracle_check(row,
                 jh_posterior_of(oracle_double(row, "k"), oracle_double(row, "n"), oracle_double(row, "a"),
                                 oracle_double(row, "b"), oracle_double(row, "tolerable"), oracle_double(row, "conf"),
                                 &got, &err),
                 &err);
    if (oracle_is(row, "out", "posterior_mean"))
        oracle_give(row, got.mean);
    else if (oracle_is(row, "out", "upper_one_sided"))
        oracle_give(row, got.upper);
    else if (oracle_is(row, "out", "prob_below_tolerable"))
        oracle_give(row, got.below);
    else if (oracle_is(row, "out", "bayes_factor_below"))
        oracle_give(row, got.bayes_factor);
}

static void betabinom_tail_ge(oracle_row *row)
{
    double tail = NAN;
    jihe_error err;

    oracle_check(row,
                 jh_betabinom_at_least(oracle_count(row, "k"), oracle_count(row, "n"), oracle_double(row, "mean"),
                                       oracle_double(row, "rho"), &tail, &err),
                 &err);
    oracle_give(row, tail);
}

const oracle_function oracle_interval[] = {
    {"clopper_pearson", clopper_pearson},
    {"cp_upper_one_sided", cp_upper_one_sided},
    {"cp_lower_one_sided", cp_lower_one_sided},
    {"cp_upper_pct_ceil_1dp", cp_upper_pct_ceil_1dp},
    {"wilson", wilson},
    {"jeffreys", jeffreys},
    {"poisson_exact", poisson_exact},
    {"poisson_upper_one_sided", poisson_upper_one_sided},
    {"byar", byar},
    {"hyper_upper_one_sided", hyper_upper_one_sided},
    {"hyper_lower_one_sided", hyper_lower_one_sided},
    {"hyper_two_sided", hyper_two_sided},
    {"goodman", goodman},
    {"beta_binomial_posterior", beta_binomial_posterior},
    {"betabinom_tail_ge", betabinom_tail_ge},
    {NULL, NULL},
};
