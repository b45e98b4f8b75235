/* Two rates, two inspectors, many tests, leading digits. */
#include "oracle.h"

#include "stats/adjust.h"
#include "stats/agreement.h"
#include "stats/benford.h"
#include "stats/inspector_error.h"
#include "stats/two_rates.h"

static jh_two_rates read_rates(oracle_row *row)
{
    return (jh_two_rates){oracle_count(row, "k1"), oracle_count(row, "n1"), oracle_count(row, "k0"),
                          oracle_count(row, "n0")};
}

static void fisher(oracle_row *row)
{
    const jh_two_rates rates = read_rates(row);
    jihe_error err = {0};
    jh_fisher fisher = {0};

    oracle_check(row, jh_fisher_test(&fisher, &rates, &err), &err);
    oracle_give(row, oracle_is(row, "out", "p_greater") ? fisher.greater
                     : oracle_is(row, "out", "p_less")  ? fisher.less
                                                        : fisher.two_sided);
}

static void newcombe_diff_95(oracle_row *row)
{
    const jh_two_rates rates = read_rates(row);
    double lower = 0, upper = 0;
    jihe_error err = {0};

    oracle_check(row, jh_newcombe_limits(&lower, &upper, &rates, 0.95, &err), &err);
    oracle_give(row, oracle_is(row, "out", "lower") ? lower : upper);
}

static void two_prop_z_pooled(oracle_row *row)
{
    const jh_two_rates rates = read_rates(row);
    jihe_error err = {0};
    double z = 0;

    oracle_check(row, jh_pooled_z(&z, &rates, &err), &err);
    oracle_give(row, z);
}

static void adjust(oracle_row *row, jh_adjustment method)
{
    double *p;
    const size_t count = oracle_doubles(row, "p_values", &p);
    jihe_error err = {0};

    oracle_check(row, jh_adjust(p, p, count, method, row->arena, &err), &err);
    for (size_t i = 0; i < count; i++)
        if (oracle_is(row, "out", "adjusted"))
            oracle_give(row, p[i]);
        else
            oracle_give_count(row, p[i] <= oracle_double(row, "q"));
}

static void bh(oracle_row *row)
{
    adjust(row, JH_ADJUST_BH);
}

static void by(oracle_row *row)
{
    adjust(row, JH_ADJUST_BY);
}

static void holm(oracle_row *row)
{
    adjust(row, JH_ADJUST_HOLM);
}

static void bonferroni(oracle_row *row)
{
    adjust(row, JH_ADJUST_BONFERRONI);
}

static size_t digits_of(oracle_row *row)
{
    return oracle_is(row, "digits", "first") ? JH_BENFORD_FIRST : JH_BENFORD_FIRST_TWO;
}

static void benford_expected(oracle_row *row)
{
    for (size_t i = 0; i < digits_of(row); i++)
        oracle_give(row, jh_benford_share(digits_of(row), i));
}

static void benford_test(oracle_row *row)
{
    uint64_t *observed;
    const size_t count = oracle_counts(row, "observed", &observed);
    jihe_error err = {0};
    jh_benford test = {0};

    if (count != digits_of(row)) {
        oracle_fail(row, "%zu counts for %zu digits", count, digits_of(row));
        return;
    }
    oracle_check(row, jh_benford_test(&test, observed, count, &err), &err);
    oracle_give(row, oracle_is(row, "out", "chisq") ? test.chisq : oracle_is(row, "out", "p") ? test.p : test.mad);
}

static void leading_digits(oracle_row *row)
{
    const jh_digits digits = jh_leading_digits(oracle_whole(row, "amount_cents"));

    oracle_give_count(row, digits.first);
    oracle_give_count(row, digits.first_two);
}

static void agreement(oracle_row *row)
{
    uint64_t *table;
    const size_t count = oracle_counts(row, "table", &table);
    const size_t kinds = (size_t)oracle_count(row, "K");
    jihe_error err = {0};
    jh_agreement made = {0};

    if (kinds > JH_MAX_JUDGEMENTS || count != kinds * kinds) {
        oracle_fail(row, "%zu counts in a table of %zu kinds", count, kinds);
        return;
    }
    oracle_check(row, jh_agreement_make(&made, table, kinds, &err), &err);
    oracle_give(row, oracle_is(row, "out", "kappa")                ? made.kappa
                     : oracle_is(row, "out", "kappa_se")           ? made.kappa_se
                     : oracle_is(row, "out", "observed_agreement") ? made.observed
                                                                   : made.ac1);
}

static void rogan_gladen(oracle_row *row)
{
    jihe_error err = {0};
    double rate = 0;

    oracle_check(row,
                 jh_inspector_corrected(&rate, oracle_double(row, "observed"), oracle_double(row, "sensitivity"),
                                        oracle_double(row, "specificity"), &err),
                 &err);
    oracle_give(row, rate);
}

const oracle_function oracle_compare[] = {
    {"fisher", fisher},
    {"newcombe_diff_95", newcombe_diff_95},
    {"two_prop_z_pooled", two_prop_z_pooled},
    {"bh", bh},
    {"by", by},
    {"holm", holm},
    {"bonferroni", bonferroni},
    {"benford_expected", benford_expected},
    {"benford_test", benford_test},
    {"leading_digits", leading_digits},
    {"agreement", agreement},
    {"rogan_gladen", rogan_gladen},
    {NULL, NULL},
};
