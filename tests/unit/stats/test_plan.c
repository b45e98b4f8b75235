#include <criterion/criterion.h>

#include <math.h>
#include <time.h>

#include "stats/argument.h"
#include "stats/gamma.h"
#include "stats/law.h"
#include "stats/plan_attribute.h"
#include "stats/plan_money.h"
#include "stats/plan_precision.h"
#include "stats/plan_two_point.h"

/* The definition, tried sample by sample; 0: none up to `most`. */
static uint64_t try_all(double conf, uint32_t tolerable, uint32_t expected, uint64_t population, uint64_t most)
{
    const jh_law law = jh_law_reaching(tolerable, population);

    for (uint64_t n = 1; n <= most; n++) {
        const uint64_t k = jh_ppm_ceil(n, expected);
        if (n > k && jh_at_most(jh_law_at_most(&law, k, n), jh_tail_of(conf)))
            return n;
    }
    return 0;
}

static const double confs[] = {0.5, 0.8, 0.9, 0.95, 0.99, 0.999};
static const uint32_t rates[] = {0,     700,    1000,   5000,   10000,  33333,  49000,
                                 60000, 123456, 250000, 333333, 480000, 750000, 990000};

/* Every population, rate and confidence of a grid: the planner finds the first sample that will do, or says there is
 * none. */
Test(plan, attribute_is_the_first_of_all_samples)
{
    static const uint64_t populations[] = {1, 2, 3, 7, 10, 19, 50, 99, 238, 640, 1500};
    long planned = 0;

    for (size_t c = 0; c < 6; c++)
        for (size_t t = 1; t < 14; t++)
            for (size_t e = 0; e < t; e++)
                for (size_t p = 0; p < 11; p++) {
                    const uint64_t N = populations[p], want = try_all(confs[c], rates[t], rates[e], N, N);
                    jh_plan plan = {0, 0, 0};
                    const jihe_status status = jh_plan_attribute(confs[c], rates[t], rates[e], N, &plan, NULL);

                    cr_assert_eq(status, want > 0 ? JIHE_OK : JIHE_USAGE, "%g %u %u %lu", confs[c], rates[t], rates[e],
                                 N);
                    cr_assert_eq(plan.sample, want, "%g %u %u of %lu: %lu, want %lu", confs[c], rates[t], rates[e], N,
                                 plan.sample, want);
                    planned += want > 0;
                }
    cr_assert(planned > 1000, "%ld", planned);
}

Test(plan, attribute_of_a_large_population_is_the_first_of_all_samples)
{
    for (size_t c = 0; c < 6; c++)
        for (size_t t = 1; t < 14; t++)
            for (size_t e = 0; e < t; e++) {
                jh_plan plan = {0, 0, 0};

                cr_assert_eq(jh_plan_attribute(confs[c], rates[t], rates[e], 0, &plan, NULL), JIHE_OK);
                if (plan.sample > 6000)
                    continue;
                const uint64_t want = try_all(confs[c], rates[t], rates[e], 0, 6000);
                cr_assert_eq(plan.sample, want, "%g %u %u: %lu, want %lu", confs[c], rates[t], rates[e], plan.sample,
                             want);
                cr_assert_eq(plan.allowed, jh_ppm_ceil(plan.sample, rates[e]));
                cr_assert(jh_at_most(plan.risk, jh_tail_of(confs[c])));
            }
}

/* The tables that take ceilings of binary fractions: 6 % of 100 is 6 wrong documents, not 7 (jfa prints 28 for 32,
 * whose risk is 13.1 %); and AICPA's misprint, 112 for 113. */
Test(plan, published_faults_are_not_repeated)
{
    jh_plan plan;
    const jh_law six = jh_law_reaching(60000, 100), seven = jh_law_reaching(70000, 0);

    cr_assert_eq(jh_plan_attribute(0.9, 60000, 0, 100, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 32);
    cr_assert(fabs(jh_law_at_most(&six, 0, 28) - 0.131) < 0.0005);
    cr_assert_eq(jh_plan_attribute(0.9, 50000, 35000, 0, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 400);
    cr_assert_eq(jh_plan_attribute(0.9, 80000, 70000, 0, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 1300);
    cr_assert_eq(jh_plan_attribute(0.9, 70000, 32500, 0, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 113);
    cr_assert(jh_law_at_most(&seven, 4, 112) > 0.1);
}

/* Once a Poisson sample does, all larger ones do: what the search leans on. */
Test(plan, poisson_is_the_first_of_all_samples)
{
    for (size_t c = 0; c < 6; c++)
        for (size_t t = 1; t < 14; t++)
            for (size_t e = 0; e < t; e++) {
                uint64_t got = 0, first = 0;
                const double tolerable = rates[t] / 1e6, expected = rates[e] / 1e6;

                cr_assert_eq(jh_plan_poisson(confs[c], tolerable, expected, &got, NULL), JIHE_OK);
                for (uint64_t n = 1; n <= 3000 && got <= 3000; n++) {
                    const double m = (double)n;
                    const bool does = jh_gamma_upper(1 + m * expected, m * tolerable) <= 1 - confs[c] + 1e-15;

                    cr_assert(does || first == 0, "%g %g %g: %lu does, %lu not", confs[c], tolerable, expected, first,
                              n);
                    first = does && first == 0 ? n : first;
                }
                cr_assert(got > 3000 || got == first, "%g %g %g: %lu, want %lu", confs[c], tolerable, expected, got,
                          first);
            }
}

/* Smaller samples, with any number of errors allowed, miss one of the risks. */
Test(plan, two_point_is_the_first_of_all_samples)
{
    static const uint64_t populations[] = {0, 40, 100, 333, 1000};
    static const double risks[] = {0.01, 0.05, 0.1, 0.3};

    for (size_t g = 1; g < 12; g++)
        for (size_t b = g + 1; b < 13; b++)
            for (size_t r = 0; r < 4; r++)
                for (size_t p = 0; p < 5; p++) {
                    const uint64_t N = populations[p], most = N > 0 ? N : 400;
                    const jh_law good = jh_law_near(rates[g], N), bad = jh_law_near(rates[b], N);
                    const double alpha = risks[r], beta = risks[3 - r];
                    jh_plan plan = {0, 0, 0};
                    uint64_t n = 1, c = 0;
                    const jihe_status status = jh_plan_two_point(rates[g], alpha, rates[b], beta, N, &plan, NULL);

                    for (bool found = false; n <= most && !found; n += !found)
                        for (c = 0; c < n && !found; c += !found)
                            found = jh_at_most(jh_law_at_most(&bad, c, n), beta) &&
                                    jh_at_most(jh_law_at_least(&good, c + 1, n), alpha);
                    cr_assert(n > most ? plan.sample > most || status == JIHE_USAGE
                                       : plan.sample == n && plan.allowed == c,
                              "%u %g %u %g of %lu: (%lu, %lu), want (%lu, %lu)", rates[g], alpha, rates[b], beta, N,
                              plan.sample, plan.allowed, n, c);
                }
}

Test(plan, detection_is_the_chance_of_missing_all)
{
    jh_plan plan;

    /* 3 among 10: missing all with 4 drawn is 7.6.5.4 / 10.9.8.7 = 1/6, with 5 drawn 1/12. */
    cr_assert_eq(jh_plan_detect(0.9, 3, 10, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 5);
    cr_assert(fabs(plan.risk - 1. / 12) < 1e-14);
    cr_assert_eq(jh_plan_detect(0.95, 1, 1000, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 950); /* exactly 5 % is left: the tie belongs to the plan */
    cr_assert_eq(jh_plan_detect(0.95, 1000, 1000, &plan, NULL), JIHE_OK);
    cr_assert_eq(plan.sample, 1);
}

static double milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The budget is 10 ms for a million documents; ten times as much is allowed here, for sanitizers and busy machines. */
Test(plan, a_million_documents_are_planned_at_once)
{
    static const uint32_t cases[][2] = {{50000, 10000}, {50000, 49000}, {1000, 0},
                                        {1000, 900},    {20, 10},       {500000, 499000}};

    for (size_t i = 0; i < 6; i++) {
        const double before = milliseconds();
        jh_plan plan;

        cr_assert_eq(jh_plan_attribute(0.95, cases[i][0], cases[i][1], 1000000, &plan, NULL), JIHE_OK);
        cr_log_info("tolerable %u expected %u: %lu documents in %.2f ms\n", cases[i][0], cases[i][1], plan.sample,
                    milliseconds() - before);
        cr_assert(milliseconds() - before < 100, "%u %u: %g ms", cases[i][0], cases[i][1], milliseconds() - before);
    }
}

Test(plan, nonsense_is_refused)
{
    static const double bad_confs[] = {0, 1, -0.5, 1.5, 95, NAN, INFINITY};
    jh_plan plan = {7, 7, 7};
    uint64_t sample = 7;
    double factor = 7;

    for (size_t i = 0; i < 7; i++) {
        cr_assert_eq(jh_plan_attribute(bad_confs[i], 50000, 0, 0, &plan, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_allowing(bad_confs[i], 50000, 0, 0, &plan, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_detect(bad_confs[i], 1, 10, &plan, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_two_point(10000, bad_confs[i], 50000, 0.1, 0, &plan, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_poisson(bad_confs[i], 0.05, 0, &sample, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_precision(bad_confs[i], 0.05, 0.5, 0, &sample, NULL), JIHE_USAGE);
        cr_assert_eq(jh_money_factor(bad_confs[i], 0, &factor, NULL), JIHE_USAGE);
        cr_assert_eq(jh_plan_poisson(0.95, i == 0 ? 0 : bad_confs[i] > 1 ? 2 : -1, 0, &sample, NULL), JIHE_USAGE);
    }
    cr_assert_eq(jh_plan_attribute(0.95, 0, 0, 0, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_attribute(0.95, 1000001, 0, 0, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_attribute(0.95, 50000, 50000, 0, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_attribute(0.95, 50000, 49999, 10, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_attribute(0.95, 2, 1, UINT64_MAX, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_allowing(0.95, 50000, 10, 10, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_detect(0.95, 0, 10, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_detect(0.95, 11, 10, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_two_point(50000, 0.05, 50000, 0.1, 0, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_two_point(0, 0.05, 50000, 0.1, 0, &plan, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_poisson(0.95, 0.05, 0.05, &sample, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_poisson(0.95, 0.05, NAN, &sample, NULL), JIHE_USAGE);
    cr_assert_eq(jh_money_factor(0.95, 1, &factor, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_money(0.95, 0, 0, 100, &sample, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_money(0.95, 0, 101, 100, &sample, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_precision(0.95, 0, 0.5, 0, &sample, NULL), JIHE_USAGE);
    cr_assert_eq(jh_plan_precision(0.95, 0.1, NAN, 0, &sample, NULL), JIHE_USAGE);
    cr_assert(plan.sample == 7 && sample == 7 && factor == 7);
}
