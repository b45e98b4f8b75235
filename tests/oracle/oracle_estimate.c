#include <math.h>
#include <string.h>

#include "oracle.h"

#include "stats/domain.h"
#include "stats/horvitz.h"
#include "stats/monetary.h"
#include "stats/multiplicity.h"
#include "stats/pattern.h"
#include "stats/stratified.h"
#include "stats/stringer.h"

/* Lists of one length, or the row is wrong. */
static bool same_length(oracle_row *row, size_t a, size_t b)
{
    if (a != b)
        oracle_fail(row, "lists of different length: %zu and %zu", a, b);
    return a == b;
}

static size_t strata_of(oracle_row *row, jh_sampled **out)
{
    uint64_t *N, *n, *k;
    const size_t count = oracle_counts(row, "N_h", &N);

    *out = NULL;
    if (!same_length(row, count, oracle_counts(row, "n_h", &n)) ||
        !same_length(row, count, oracle_counts(row, "k_h", &k)))
        return 0;
    *out = JH_NEW(row->arena, jh_sampled, count);
    for (size_t h = 0; h < count; h++)
        (*out)[h] = (jh_sampled){N[h], n[h], k[h]};
    return count;
}

static void stratified_rate(oracle_row *row)
{
    jh_sampled *strata;
    const size_t count = strata_of(row, &strata);
    jh_measured got = {NAN, NAN};
    jihe_error err;

    oracle_check(row, jh_stratified_rate(strata, count, &got, &err), &err);
    oracle_give(row, oracle_is(row, "out", "se") ? got.standard_error : got.value);
}

static void stratified_korn_graubard(oracle_row *row)
{
    jh_sampled *strata;
    const size_t count = strata_of(row, &strata);
    double lower = NAN, upper = NAN;
    jihe_error err;

    oracle_check(row, jh_korn_graubard(strata, count, oracle_double(row, "conf"), &lower, &upper, &err), &err);
    oracle_give(row, oracle_is(row, "out", "lower") ? lower : upper);
}

/* Outcomes: 0 ok, 1 in-rule, 2 out-of-rule, 3 both. */
static bool counts_for(const char *out, const char *outcome)
{
    if (strncmp(out, "in_rule", 7) == 0)
        return outcome[0] == '1' || outcome[0] == '3';
    if (strncmp(out, "out_of_rule", 11) == 0)
        return outcome[0] == '2' || outcome[0] == '3';
    return strncmp(out, "both", 4) == 0 ? outcome[0] == '3' : outcome[0] != '0';
}

enum { PATTERNS = 1024 };

/* Documents to patterns; how many there are. */
static size_t patterns_of(oracle_row *row, jh_pattern *patterns)
{
    uint64_t *number, *selected;
    char **outcome;
    const size_t count = oracle_counts(row, "pattern", &number);
    size_t most = 0, kept = 0;

    if (!same_length(row, count, oracle_counts(row, "selected", &selected)) ||
        !same_length(row, count, oracle_texts(row, "outcome", &outcome)))
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (number[i] >= PATTERNS) {
            oracle_fail(row, "pattern number too large");
            return 0;
        }
        jh_sampled *s = &patterns[number[i]].sampled;
        s->population++;
        s->inspected += selected[i];
        s->errors += selected[i] != 0 && counts_for(oracle_text(row, "out"), outcome[i]);
        most = number[i] > most ? number[i] : most;
    }
    for (size_t g = 0; g <= most; g++)
        if (patterns[g].sampled.population > 0) {
            const jh_sampled s = patterns[g].sampled;
            const double share = (double)s.inspected / (double)s.population;
            patterns[kept++] = (jh_pattern){s, share > 0 ? share : 1e-9};
        }
    return kept;
}

static void pattern_rate(oracle_row *row)
{
    jh_pattern patterns[PATTERNS] = {0};
    const size_t count = patterns_of(row, patterns);
    jh_sampled *strata = NULL;
    size_t stratum_count = 0, joined;
    jh_measured got = {NAN, NAN};
    jihe_error err;

    oracle_check(row, jh_pattern_strata(patterns, count, row->arena, &strata, &stratum_count, &joined, &err), &err);
    if (row->problem[0] == '\0')
        oracle_check(row, jh_stratified_rate(strata, stratum_count, &got, &err), &err);
    oracle_give(row, strstr(oracle_text(row, "out"), "_se") != NULL ? got.standard_error : got.value);
}

/* Every document the same weight: what must not be called a rate of the population. */
static void naive_pooled_any(oracle_row *row)
{
    jh_pattern patterns[PATTERNS] = {0};
    const size_t count = patterns_of(row, patterns);
    double errors = 0, inspected = 0;

    for (size_t g = 0; g < count; g++) {
        errors += (double)patterns[g].sampled.errors;
        inspected += (double)patterns[g].sampled.inspected;
    }
    oracle_give(row, errors / inspected);
}

static jh_weighted weighted(oracle_row *row)
{
    double *pi, *y;
    const size_t count = oracle_doubles(row, "pi", &pi);
    jh_weighted got = {{NAN, NAN}, NAN, {NAN, NAN}, NAN};
    jihe_error err;

    if (same_length(row, count, oracle_doubles(row, "y", &y)))
        oracle_check(row, jh_weighted_of(pi, y, count, &got, &err), &err);
    return got;
}

static void ht(oracle_row *row)
{
    const jh_weighted got = weighted(row);

    if (oracle_is(row, "out", "total"))
        oracle_give(row, got.total.value);
    else if (oracle_is(row, "out", "total_se"))
        oracle_give(row, got.total.standard_error);
    else if (oracle_is(row, "out", "rate"))
        oracle_give(row, got.total.value / oracle_double(row, "N"));
    else if (oracle_is(row, "out", "rate_se"))
        oracle_give(row, got.total.standard_error / oracle_double(row, "N"));
    else if (oracle_is(row, "out", "N_hat"))
        oracle_give(row, got.size);
}

static void hajek(oracle_row *row)
{
    const jh_weighted got = weighted(row);

    oracle_give(row, oracle_is(row, "out", "rate") ? got.ratio.value : got.ratio.standard_error);
}

static void naive_pooled(oracle_row *row)
{
    oracle_give(row, weighted(row).pooled);
}

static void multiplicity(oracle_row *row)
{
    uint64_t *populations, *rule, *frames;
    double *y;
    const size_t rules = oracle_counts(row, "N_r", &populations), count = oracle_counts(row, "rule", &rule);
    jh_multiplicity got = {{NAN, NAN}, NAN};
    jh_drawn *drawn = JH_NEW(row->arena, jh_drawn, count);
    jihe_error err;

    if (!same_length(row, count, oracle_doubles(row, "y", &y)) ||
        !same_length(row, count, oracle_counts(row, "multiplicity", &frames)))
        return;
    for (size_t i = 0; i < count; i++)
        drawn[i] = (jh_drawn){rule[i] - 1, frames[i], y[i]};
    oracle_check(row, jh_multiplicity_of(populations, rules, drawn, count, row->arena, &got, &err), &err);
    if (oracle_is(row, "out", "total"))
        oracle_give(row, got.total.value);
    else if (oracle_is(row, "out", "total_se"))
        oracle_give(row, got.total.standard_error);
    else if (oracle_is(row, "out", "N_hat"))
        oracle_give(row, got.size);
}

static void domain_rate(oracle_row *row)
{
    uint64_t *populations, *stratum, *member;
    double *y;
    const size_t strata = oracle_counts(row, "N_h", &populations), count = oracle_counts(row, "stratum", &stratum);
    jh_domain got = {{NAN, NAN}, NAN};
    jh_domain_document *documents = JH_NEW(row->arena, jh_domain_document, count);
    jihe_error err;

    if (!same_length(row, count, oracle_counts(row, "in_domain", &member)) ||
        !same_length(row, count, oracle_doubles(row, "y", &y)))
        return;
    for (size_t i = 0; i < count; i++)
        documents[i] = (jh_domain_document){stratum[i] - 1, member[i] != 0, y[i]};
    oracle_check(row, jh_domain_rate(populations, strata, documents, count, row->arena, &got, &err), &err);
    if (oracle_is(row, "out", "estimate"))
        oracle_give(row, got.rate.value);
    else if (oracle_is(row, "out", "se"))
        oracle_give(row, got.rate.standard_error);
    else if (oracle_is(row, "out", "domain_size"))
        oracle_give(row, got.size);
}

static double stringer(oracle_row *row, bool poisson, bool want_upper)
{
    double *taints, upper = NAN, likely = NAN;
    const size_t count = oracle_doubles(row, "taints", &taints);
    jihe_error err;

    oracle_check(row,
                 jh_stringer_upper(taints, count, oracle_count(row, "n"), oracle_double(row, "conf"), poisson,
                                   row->arena, &upper, &likely, &err),
                 &err);
    return want_upper ? upper : likely;
}

static void stringer_binomial(oracle_row *row)
{
    oracle_give(row, stringer(row, false, true));
}

static void stringer_poisson(oracle_row *row)
{
    oracle_give(row, stringer(row, true, true));
}

static void taint_mle(oracle_row *row)
{
    oracle_give(row, stringer(row, false, false));
}

static void monetary(oracle_row *row, jh_monetary_method method)
{
    double *book, *audited;
    const size_t count = oracle_doubles(row, "book", &book);
    jh_monetary got = {NAN, NAN, NAN};
    jihe_error err;

    if (!same_length(row, count, oracle_doubles(row, "audit", &audited)))
        return;
    oracle_check(row,
                 jh_monetary_of(method, book, audited, count, oracle_double(row, "N"), oracle_double(row, "total_book"),
                                oracle_double(row, "conf"), &got, &err),
                 &err);
    oracle_give(row, oracle_is(row, "out", "mle")     ? got.likely
                     : oracle_is(row, "out", "lower") ? got.lower
                                                      : got.upper);
}

static void direct(oracle_row *row)
{
    monetary(row, JH_MONETARY_DIRECT);
}

static void difference(oracle_row *row)
{
    monetary(row, JH_MONETARY_DIFFERENCE);
}

static void quotient(oracle_row *row)
{
    monetary(row, JH_MONETARY_QUOTIENT);
}

static void regression(oracle_row *row)
{
    monetary(row, JH_MONETARY_REGRESSION);
}

const oracle_function oracle_estimate[] = {
    {"stratified_rate", stratified_rate},
    {"stratified_korn_graubard", stratified_korn_graubard},
    {"pattern_rate", pattern_rate},
    {"naive_pooled_any", naive_pooled_any},
    {"ht", ht},
    {"hajek", hajek},
    {"naive_pooled", naive_pooled},
    {"multiplicity", multiplicity},
    {"domain_rate", domain_rate},
    {"stringer_binomial", stringer_binomial},
    {"stringer_poisson", stringer_poisson},
    {"taint_mle", taint_mle},
    {"direct", direct},
    {"difference", difference},
    {"quotient", quotient},
    {"regression", regression},
    {NULL, NULL},
};
