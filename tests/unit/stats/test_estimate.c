#include <criterion/criterion.h>

#include <math.h>

#include "stats/domain.h"
#include "stats/horvitz.h"
#include "stats/monetary.h"
#include "stats/multiplicity.h"
#include "stats/pattern.h"
#include "stats/stratified.h"
#include "stats/stringer.h"

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

/* Strata of any kind: the limits hold the rate, more confidence is wider, whole strata have no width. */
Test(estimate, stratified_limits_hold_the_rate)
{
    uint64_t state = 11;

    for (int round = 0; round < 3000; round++) {
        jh_sampled strata[6];
        const size_t count = 1 + (size_t)draw(&state, 6);
        const bool whole = draw(&state, 4) == 0;
        jh_measured p;
        double lower, upper, wide_lower, wide_upper;

        for (size_t h = 0; h < count; h++) {
            const uint64_t N = 2 + draw(&state, 5000), n = whole ? N : 2 + draw(&state, N - 1);
            strata[h] = (jh_sampled){N, n, draw(&state, 3) == 0 ? 0 : draw(&state, n + 1)};
        }
        cr_assert_eq(jh_stratified_rate(strata, count, &p, NULL), JIHE_OK);
        cr_assert_eq(jh_korn_graubard(strata, count, 0.9, &lower, &upper, NULL), JIHE_OK);
        cr_assert_eq(jh_korn_graubard(strata, count, 0.99, &wide_lower, &wide_upper, NULL), JIHE_OK);
        cr_assert(0 <= lower && lower <= p.value && p.value <= upper && upper <= 1, "round %d: %g %g %g", round, lower,
                  p.value, upper);
        cr_assert(wide_lower <= lower + 1e-15 && upper <= wide_upper + 1e-15, "round %d", round);
        cr_assert(!whole || (lower == upper && p.standard_error == 0), "round %d", round);
    }
}

/* One stratum drawn whole but for its fpc is a plain proportion. */
Test(estimate, of_one_stratum_is_the_plain_rate)
{
    const jh_sampled one = {1000000000, 200, 10};
    jh_measured p;

    cr_assert_eq(jh_stratified_rate(&one, 1, &p, NULL), JIHE_OK);
    cr_assert(p.value == 0.05 && fabs(p.standard_error - sqrt(0.05 * 0.95 / 199)) < 1e-8);
}

/* 10,000 documents, 200 over the threshold with 40 errors, 980 of the rest with 26: naive 66 / 1180, right 3 %. */
Test(estimate, targeted_documents_stand_for_themselves)
{
    const jh_pattern patterns[2] = {{{200, 200, 40}, 1}, {{9800, 980, 26}, 0.1}};
    jh_sampled *strata;
    size_t count, joined;
    jh_measured p;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    cr_assert_eq(jh_pattern_strata(patterns, 2, &arena, &strata, &count, &joined, NULL), JIHE_OK);
    cr_assert(count == 2 && joined == 0);
    cr_assert_eq(jh_stratified_rate(strata, count, &p, NULL), JIHE_OK);
    cr_assert(fabs(p.value - 0.03) < 1e-12, "%.17g", p.value);
    jh_arena_deinit(&arena);
}

/* Nothing inspected of one pattern, one of another: each joins the sampled one nearest in probability; no document is
 * lost. */
Test(estimate, thin_patterns_are_joined)
{
    const jh_pattern patterns[5] = {
        {{50, 50, 5}, 1}, {{400, 40, 4}, 0.1}, {{30, 0, 0}, 0.12}, {{600, 300, 30}, 0.5}, {{10, 1, 1}, 0.4}};
    const jh_pattern alone[2] = {{{50, 50, 5}, 1}, {{30, 1, 0}, 0.1}};
    jh_sampled *strata;
    size_t count, joined;
    uint64_t population = 0, inspected = 0, errors = 0;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    cr_assert_eq(jh_pattern_strata(patterns, 5, &arena, &strata, &count, &joined, NULL), JIHE_OK);
    cr_assert(count == 3 && joined == 2, "%zu %zu", count, joined);
    for (size_t h = 0; h < count; h++) {
        population += strata[h].population;
        inspected += strata[h].inspected;
        errors += strata[h].errors;
        cr_assert(strata[h].population == 50 || strata[h].population == 430 || strata[h].population == 610);
    }
    cr_assert(population == 1090 && inspected == 391 && errors == 40);
    cr_assert_eq(jh_pattern_strata(alone, 2, &arena, &strata, &count, &joined, NULL), JIHE_USAGE);
    jh_arena_deinit(&arena);
}

/* Over every sample of a small population the estimates average to the truth, and their variances to the true variance.
 */
Test(estimate, is_right_on_average)
{
    static const double wrong[6] = {0, 1, 0, 0, 1, 1};
    const uint64_t population = 6;
    double total = 0, square = 0, variance = 0, samples = 0;

    for (int a = 0; a < 6; a++)
        for (int b = a + 1; b < 6; b++)
            for (int c = b + 1; c < 6; c++) {
                const jh_drawn drawn[3] = {{0, 1, wrong[a]}, {0, 1, wrong[b]}, {0, 1, wrong[c]}};
                jh_multiplicity got;
                jh_arena arena;

                jh_arena_init(&arena, 0);
                cr_assert_eq(jh_multiplicity_of(&population, 1, drawn, 3, &arena, &got, NULL), JIHE_OK);
                jh_arena_deinit(&arena);
                total += got.total.value;
                square += got.total.value * got.total.value;
                variance += got.total.standard_error * got.total.standard_error;
                samples += 1;
            }
    cr_assert(fabs(total / samples - 3) < 1e-12);
    cr_assert(fabs(variance / samples - (square / samples - 9)) < 1e-12);
}

/* A domain that is everything is the stratified rate; one that nobody is in has none. */
Test(estimate, of_the_whole_domain_is_the_stratified_rate)
{
    static const uint64_t populations[2] = {40, 90};
    const jh_sampled strata[2] = {{40, 4, 1}, {90, 6, 2}};
    jh_domain_document documents[10];
    jh_domain domain;
    jh_measured p;
    jh_arena arena;

    for (size_t i = 0; i < 10; i++)
        documents[i] = (jh_domain_document){i < 4 ? 0 : 1, true, i == 0 || i == 4 || i == 5 ? 1 : 0};
    jh_arena_init(&arena, 0);
    jh_stratified_rate(strata, 2, &p, NULL);
    cr_assert_eq(jh_domain_rate(populations, 2, documents, 10, &arena, &domain, NULL), JIHE_OK);
    cr_assert(fabs(domain.rate.value - p.value) < 1e-14 && fabs(domain.rate.standard_error - p.standard_error) < 1e-14);
    cr_assert(fabs(domain.size - 130) < 1e-12);
    for (size_t i = 0; i < 10; i++)
        documents[i].in_domain = false;
    cr_assert_eq(jh_domain_rate(populations, 2, documents, 10, &arena, &domain, NULL), JIHE_OK);
    cr_assert(isnan(domain.rate.value) && domain.size == 0);
    jh_arena_deinit(&arena);
}

/* Taints of 1 are whole errors, whose limit is the binomial one; smaller taints lower the limit, in any order. */
Test(estimate, stringer_is_between_none_and_all)
{
    uint64_t state = 3;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    for (int round = 0; round < 500; round++) {
        double taints[8], whole[8], upper, most, least, likely, again;
        const size_t count = (size_t)draw(&state, 9);

        for (size_t i = 0; i < count; i++) {
            taints[i] = (double)draw(&state, 1200) / 1000;
            whole[i] = 1;
        }
        cr_assert_eq(jh_stringer_upper(taints, count, 60, 0.95, false, &arena, &upper, &likely, NULL), JIHE_OK);
        jh_stringer_upper(whole, count, 60, 0.95, false, &arena, &most, &again, NULL);
        jh_stringer_upper(whole, 0, 60, 0.95, false, &arena, &least, &again, NULL);
        cr_assert(least <= upper && upper <= most + 1e-15 && likely <= upper, "round %d", round);
        for (size_t i = 0; i + 1 < count; i++) {
            const double other = taints[i];
            taints[i] = taints[count - 1 - i];
            taints[count - 1 - i] = other;
        }
        jh_stringer_upper(taints, count, 60, 0.95, false, &arena, &again, &likely, NULL);
        cr_assert(again == upper, "round %d", round);
    }
    jh_arena_deinit(&arena);
}

/* No error at all: nothing is overstated, by any method that knows the book values; equal items defeat the regression.
 */
Test(estimate, money_without_errors_is_exact)
{
    static const double book[4] = {10, 20, 30, 45}, equal[4] = {5, 5, 5, 5};
    jh_monetary got;

    for (jh_monetary_method m = JH_MONETARY_DIFFERENCE; m <= JH_MONETARY_QUOTIENT; m++) {
        cr_assert_eq(jh_monetary_of(m, book, book, 4, 100, 2700, 0.95, &got, NULL), JIHE_OK);
        cr_assert(fabs(got.likely) < 1e-9 && got.upper - got.lower < 1e-9, "method %d: %g", m, got.likely);
    }
    cr_assert_eq(jh_monetary_of(JH_MONETARY_REGRESSION, equal, book, 4, 100, 2700, 0.95, &got, NULL), JIHE_USAGE);
}

Test(estimate, nonsense_is_refused)
{
    static const jh_sampled bad[] = {{0, 0, 0}, {5, 6, 1}, {5, 3, 4}, {5, 1, 0}, {5, 0, 0}};
    static const double pi[2] = {0.5, 1.5}, one[2] = {1, NAN}, ok[2] = {1, 1};
    static const uint64_t populations[1] = {1};
    const jh_drawn drawn[2] = {{0, 1, 1}, {0, 2, 1}};
    jh_measured p = {7, 7};
    jh_weighted w;
    jh_monetary m;
    jh_multiplicity total;
    double upper = 7, likely = 7;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(jh_stratified_rate(&bad[i], 1, &p, NULL), JIHE_USAGE, "case %zu", i);
    cr_assert_eq(jh_stratified_rate(bad, 0, &p, NULL), JIHE_USAGE);
    cr_assert_eq(jh_korn_graubard(&(jh_sampled){9, 3, 1}, 1, 1, &upper, &likely, NULL), JIHE_USAGE);
    cr_assert_eq(jh_weighted_of(pi, ok, 2, &w, NULL), JIHE_USAGE);
    cr_assert_eq(jh_weighted_of(ok, one, 2, &w, NULL), JIHE_USAGE);
    cr_assert_eq(jh_weighted_of(ok, ok, 0, &w, NULL), JIHE_USAGE);
    cr_assert_eq(jh_stringer_upper(one, 2, 60, 0.95, false, &arena, &upper, &likely, NULL), JIHE_USAGE);
    cr_assert_eq(jh_stringer_upper(ok, 2, 1, 0.95, false, &arena, &upper, &likely, NULL), JIHE_USAGE);
    cr_assert_eq(jh_stringer_upper(ok, 2, 60, 0, false, &arena, &upper, &likely, NULL), JIHE_USAGE);
    cr_assert_eq(jh_monetary_of(JH_MONETARY_DIRECT, ok, one, 2, 5, 5, 0.95, &m, NULL), JIHE_USAGE);
    cr_assert_eq(jh_monetary_of(JH_MONETARY_DIRECT, ok, ok, 2, 1, 5, 0.95, &m, NULL), JIHE_USAGE);
    cr_assert_eq(jh_monetary_of(JH_MONETARY_DIRECT, ok, ok, 1, 5, 5, 0.95, &m, NULL), JIHE_USAGE);
    cr_assert_eq(jh_monetary_of(JH_MONETARY_DIRECT, ok, ok, 2, 5, 5, 1, &m, NULL), JIHE_USAGE);
    cr_assert_eq(jh_multiplicity_of(populations, 1, drawn, 1, &arena, &total, NULL), JIHE_OK);
    cr_assert_eq(jh_multiplicity_of(populations, 1, drawn, 2, &arena, &total, NULL), JIHE_USAGE);
    cr_assert(p.value == 7 && upper == 7 && likely == 7);
    jh_arena_deinit(&arena);
}
