#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "jihe/stats.h"

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

/* Random samples: the limits hold the estimate, two-sided ones hold one-sided ones, more errors move both up, and
 * everything inspected leaves no width. */
Test(stats_api, evaluations_are_in_order)
{
    uint64_t state = 1;

    for (int round = 0; round < 3000; round++) {
        const uint64_t N = 1 + draw(&state, draw(&state, 2) == 0 ? 100 : 3000000), n = 1 + draw(&state, N);
        const uint64_t k = draw(&state, n + 1), population = draw(&state, 4) == 0 ? 0 : N;
        const double confidence = 0.51 + (double)draw(&state, 48) / 100;
        jihe_evaluation both, upper, lower, more;
        jihe_error err;

        cr_assert_eq(jihe_evaluate(&both, k, n, population, confidence, JIHE_BOTH, NULL, &err), JIHE_OK, "%s",
                     err.message);
        cr_assert_eq(jihe_evaluate(&upper, k, n, population, confidence, JIHE_UPPER, NULL, &err), JIHE_OK);
        cr_assert_eq(jihe_evaluate(&lower, k, n, population, confidence, JIHE_LOWER, NULL, &err), JIHE_OK);
        cr_assert(0 <= both.lower && both.lower <= lower.lower && lower.lower <= both.estimate, "%lu %lu %lu", k, n, N);
        cr_assert(both.estimate <= upper.upper && upper.upper <= both.upper && both.upper <= 1, "%lu %lu %lu", k, n, N);
        cr_assert(population != n || (both.lower == both.upper && both.low == (double)k && both.high == (double)k));
        if (k < n) {
            jihe_evaluate(&more, k + 1, n, population, confidence, JIHE_BOTH, NULL, NULL);
            cr_assert(more.lower >= both.lower && more.upper >= both.upper, "%lu %lu %lu", k, n, N);
        }
        cr_assert(both.reason[0] != '\0' && strlen(both.reason) + 1 < sizeof both.reason);
    }
}

/* Sentences are whole in both languages, whatever the numbers. */
Test(stats_api, sentences_are_whole)
{
    static const char *const langs[] = {NULL, "zh"};
    const uint64_t most = UINT64_C(900000000000000);

    for (size_t i = 0; i < 2; i++) {
        jihe_plan plans[5];

        cr_assert_eq(jihe_plan_attribute(&plans[0], 0.999999, 123, 45, 1000000000000, langs[i], NULL), JIHE_OK);
        cr_assert_eq(jihe_plan_money(&plans[1], 0.999999, most / 10000, most / 20001, most, langs[i], NULL), JIHE_OK);
        cr_assert_eq(jihe_plan_precision(&plans[2], 0.999999, 123, 999999, 1000000000000, langs[i], NULL), JIHE_OK);
        cr_assert_eq(jihe_plan_two_point(&plans[3], 123456, 0.001, 234567, 0.001, 999999999999, langs[i], NULL),
                     JIHE_OK);
        cr_assert_eq(jihe_plan_detect(&plans[4], 0.999999, 123456789, 0, 999999999999, langs[i], NULL), JIHE_OK);
        for (size_t p = 0; p < 5; p++)
            for (int part = 0; part < 2; part++) {
                const char *text = part == 0 ? plans[p].promise : plans[p].limits;
                const size_t len = strlen(text);

                cr_assert(len > 40 && len + 1 < sizeof plans[p].promise, "plan %zu: %zu bytes", p, len);
                cr_assert(i == 0 ? text[len - 1] == '.' : strcmp(text + len - 3, "。") == 0, "plan %zu: %s", p, text);
            }
    }
}

Test(stats_api, strata_of_one_kind_are_like_one_sample)
{
    const jihe_stratum strata[2] = {{100, 100, 4}, {50, 50, 2}}, thin[2] = {{100, 1, 0}, {50, 50, 2}};
    jihe_evaluation got;

    cr_assert_eq(jihe_evaluate_strata(&got, strata, 2, 0.95, JIHE_BOTH, NULL, NULL), JIHE_OK);
    cr_assert(got.lower == got.upper && got.estimate == got.lower && got.low <= 6 && got.high >= 6);
    cr_assert_eq(jihe_evaluate_strata(&got, thin, 2, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_strata(&got, thin, 0, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
}

Test(stats_api, nonsense_is_refused_with_a_message)
{
    static const double bad[] = {0, 1, -1, 2, 95, NAN, INFINITY};
    const jihe_money_item item = {100, 50, 1}, worthless = {0, 0, 1}, broken = {NAN, 1, 1};
    const jihe_stratum stratum = {10, 5, 1};
    jihe_plan plan;
    jihe_evaluation got;
    double chance;
    uint64_t amount;
    uint32_t ppm;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        jihe_error err = {0};

        cr_assert_eq(jihe_plan_attribute(&plan, bad[i], 50000, 0, 0, NULL, &err), JIHE_USAGE);
        cr_assert(strstr(err.message, "confidence") != NULL, "%s", err.message);
        cr_assert_eq(jihe_plan_money(&plan, bad[i], 5, 0, 100, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_plan_precision(&plan, bad[i], 5, 5, 100, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_plan_detect(&plan, bad[i], 5, 0, 100, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_plan_two_point(&plan, 10000, bad[i], 50000, 0.1, 0, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_evaluate(&got, 1, 10, 0, bad[i], JIHE_BOTH, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_evaluate(&got, 1, 10, 20, bad[i], JIHE_UPPER, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_evaluate_strata(&got, &stratum, 1, bad[i], JIHE_LOWER, NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_evaluate_money(&got, &item, 1, 5, 100, bad[i], NULL, &err), JIHE_USAGE);
        cr_assert_eq(jihe_evaluate_findings(&got, 1, 5, bad[i], JIHE_BOTH, NULL, &err), JIHE_USAGE);
        cr_assert(err.message[0] != '\0');
    }
    cr_assert_eq(jihe_evaluate(&got, 1, 0, 0, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate(&got, 2, 1, 0, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate(&got, 1, 11, 10, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate(&got, 1, UINT64_MAX, UINT64_MAX, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_findings(&got, 1, 0, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_findings(&got, UINT64_MAX, 5, 0.95, JIHE_BOTH, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_money(&got, &worthless, 1, 5, 100, 0.95, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_money(&got, &broken, 1, 5, 100, 0.95, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_evaluate_money(&got, &item, 1, 5, NAN, 0.95, NULL, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_acceptance(&chance, 10, 11, 50000, 0, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_acceptance(&chance, 10, 1, 1000001, 0, NULL), JIHE_USAGE);
    cr_assert_eq(jihe_acceptance(&chance, 11, 1, 50000, 10, NULL), JIHE_USAGE);
    static const char *const no_rates[] = {"", "NaN", "-1%", "101%", "0.00001%", "5 %", "1e-3", "inf"};
    for (size_t i = 0; i < sizeof no_rates / sizeof no_rates[0]; i++)
        cr_assert_eq(jihe_rate_of(&ppm, no_rates[i], NULL), JIHE_USAGE, "'%s'", no_rates[i]);
    static const char *const no_amounts[] = {"", "NaN", "-1", "0.00001", "1,000", "1e5", "99999999999999999999"};
    for (size_t i = 0; i < sizeof no_amounts / sizeof no_amounts[0]; i++)
        cr_assert_eq(jihe_amount_of(&amount, no_amounts[i], NULL), JIHE_USAGE, "'%s'", no_amounts[i]);
    cr_assert(jihe_rate_of(&ppm, "3.25%", NULL) == JIHE_OK && ppm == 32500);
    cr_assert(jihe_amount_of(&amount, "1234.5", NULL) == JIHE_OK && amount == 12345000);
}
