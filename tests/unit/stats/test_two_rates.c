#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>

#include "stats/rate_ratio.h"
#include "stats/trend_test.h"
#include "stats/two_rates.h"

static bool near(double got, double want, double rel_tol)
{
    return fabs(got - want) <= rel_tol * fabs(want);
}

/* Tails at 40 digits (mpmath). */
static const struct fisher_case {
    jh_two_rates rates;
    double greater, less;
} cases[] = {
    {{50, 1000, 20, 1000}, 0.00017425967665861996, 0.99993630801158316},
    {{5000, 100000, 4800, 100000}, 0.019632817803465527, 0.98133383919946923},
    {{300, 10000, 100000, 10000000}, 2.930571620473989e-59, 1.0},
    {{0, 5, 0, 7}, 1.0, 1.0},
    {{1200, 500000, 1000, 499999}, 1.0685683812322632e-5, 0.99999117963570221},
    {{60000, 450000000, 60600, 500000000}, 6.7406472295860588e-62, 1.0},
    {{80, 100, 3, 900}, 8.4928277696752805e-95, 1.0},
};

Test(fisher, reference_tails)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fisher_case *c = &cases[i];
        const double tolerance = c->rates.inspected1 > 1000000 ? 1e-9 : 1e-11;
        jh_fisher got;

        cr_assert_eq(jh_fisher_test(&got, &c->rates, NULL), JIHE_OK);
        cr_assert(near(got.greater, c->greater, tolerance), "case %zu: %.17g, want %.17g", i, got.greater, c->greater);
        cr_assert(near(got.less, c->less, tolerance), "case %zu: %.17g, want %.17g", i, got.less, c->less);
    }
}

static uint64_t choose(uint64_t n, uint64_t k)
{
    uint64_t ways = 1;

    for (uint64_t i = 1; i <= k; i++)
        ways = ways * (n - k + i) / i;
    return ways;
}

/* Every table of two groups of at most 14: tables counted in whole numbers, so that ties are ties. */
Test(fisher, every_small_table)
{
    for (uint64_t n1 = 1; n1 <= 14; n1++)
        for (uint64_t n0 = 1; n0 <= 14; n0++)
            for (uint64_t k1 = 0; k1 <= n1; k1++)
                for (uint64_t k0 = 0; k0 <= n0; k0++) {
                    const jh_two_rates rates = {k1, n1, k0, n0}, swapped = {k0, n0, k1, n1};
                    const uint64_t observed = choose(n1, k1) * choose(n0, k0);
                    uint64_t all = 0, greater = 0, less = 0, rare = 0;
                    jh_fisher got, other;

                    for (uint64_t x = 0; x <= n1 && x <= k1 + k0; x++) {
                        const uint64_t ways = k1 + k0 - x <= n0 ? choose(n1, x) * choose(n0, k1 + k0 - x) : 0;

                        all += ways;
                        greater += x >= k1 ? ways : 0;
                        less += x <= k1 ? ways : 0;
                        rare += ways <= observed ? ways : 0;
                    }
                    jh_fisher_test(&got, &rates, NULL);
                    jh_fisher_test(&other, &swapped, NULL);
                    cr_assert(near(got.greater, (double)greater / (double)all, 1e-14));
                    cr_assert(near(got.less, (double)less / (double)all, 1e-14));
                    cr_assert(near(got.two_sided, (double)rare / (double)all, 1e-14));
                    cr_assert(near(other.greater, got.less, 1e-13) && near(other.two_sided, got.two_sided, 1e-13));
                }
}

/* Swapping the groups turns everything round; the interval holds the difference; more confidence widens it. */
Test(newcombe, turns_round)
{
    for (uint64_t k1 = 0; k1 <= 20; k1 += 4)
        for (uint64_t k0 = 0; k0 <= 50; k0 += 10) {
            const jh_two_rates rates = {k1, 20, k0, 50}, swapped = {k0, 50, k1, 20};
            const double difference = (double)k1 / 20 - (double)k0 / 50;
            double lower, upper, other_lower, other_upper, wide_lower, wide_upper, z, other_z;

            jh_newcombe_limits(&lower, &upper, &rates, 0.9, NULL);
            jh_newcombe_limits(&other_lower, &other_upper, &swapped, 0.9, NULL);
            jh_newcombe_limits(&wide_lower, &wide_upper, &rates, 0.99, NULL);
            jh_pooled_z(&z, &rates, NULL);
            jh_pooled_z(&other_z, &swapped, NULL);
            cr_assert(fabs(lower + other_upper) < 1e-15 && fabs(upper + other_lower) < 1e-15 && z == -other_z);
            cr_assert(lower <= difference && difference <= upper && lower >= -1 && upper <= 1);
            cr_assert(wide_lower < lower || lower == -1);
            cr_assert(wide_upper > upper || upper == 1);
        }
}

Test(two_rates, refusals)
{
    static const jh_two_rates bad[] = {{0, 0, 1, 2}, {1, 2, 0, 0},          {3, 2, 1, 2},
                                       {1, 2, 3, 2}, {1, 1000000000, 1, 1}, {1, UINT64_MAX, 1, UINT64_MAX}};
    const jh_two_rates good = {1, 2, 3, 4};
    double lower = 7, upper = 7;
    jh_fisher fisher;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(jh_fisher_test(&fisher, &bad[i], NULL), JIHE_USAGE);
        cr_assert_eq(jh_newcombe_limits(&lower, &upper, &bad[i], 0.95, NULL), JIHE_USAGE);
        cr_assert_eq(jh_pooled_z(&lower, &bad[i], NULL), JIHE_USAGE);
    }
    for (int i = 0; i < 3; i++)
        cr_assert_eq(jh_newcombe_limits(&lower, &upper, &good, (double[]){0, 1, NAN}[i], NULL), JIHE_USAGE);
    cr_assert(lower == 7 && upper == 7);
}

/* The limits are where the tests say so; swapping the counts inverts the ratio. */
Test(rate_ratio, limits_are_where_the_tests_are)
{
    static const jh_rate_ratio_data data[] = {{3, 10, 7, 9}, {4000, 21, 11000, 126.5}, {1, 5, 0, 2},
                                              {0, 5, 4, 2},  {12.5, 1, 3.25, 2},       {1e6, 1, 1e6, 3}};

    for (size_t i = 0; i < sizeof data / sizeof data[0]; i++) {
        const jh_rate_ratio_data *d = &data[i];
        const jh_rate_ratio_data swapped = {d->count0, d->exposure0, d->count1, d->exposure1};
        jh_rate_ratio test, at, other;

        cr_assert_eq(jh_rate_ratio_test(&test, d, 1.3, 0.9, NULL), JIHE_OK);
        cr_assert_eq(jh_rate_ratio_test(&other, &swapped, 1 / 1.3, 0.9, NULL), JIHE_OK);
        cr_assert(near(test.greater, other.less, 1e-9) && near(test.less, other.greater, 1e-9));
        cr_assert(test.lower <= test.ratio && test.ratio <= test.upper);
        cr_assert(test.greater_midp <= test.greater && test.greater_midp >= 0);
        if (test.lower > 0) {
            cr_assert(near(test.lower, 1 / other.upper, 1e-11));
            jh_rate_ratio_test(&at, d, test.lower, 0.9, NULL);
            cr_assert(near(at.greater, 0.05, 1e-9), "case %zu: %.17g", i, at.greater);
        }
        if (isfinite(test.upper)) {
            jh_rate_ratio_test(&at, d, test.upper, 0.9, NULL);
            cr_assert(near(at.less, 0.05, 1e-9), "case %zu: %.17g", i, at.less);
        }
    }
}

Test(rate_ratio, edges)
{
    static const jh_rate_ratio_data bad[] = {{-1, 1, 1, 1},  {NAN, 1, 1, 1},      {1, 0, 1, 1}, {1, 1, 1, -2},
                                             {1, NAN, 1, 1}, {1, INFINITY, 1, 1}, {1, 1, 1, 0}, {INFINITY, 1, 1, 1}};
    const jh_rate_ratio_data nothing = {0, 1, 0, 1};
    jh_rate_ratio test;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_rate_ratio_test(&test, &bad[i], 1, 0.95, NULL), JIHE_USAGE, "case %zu", i);
    cr_assert_eq(jh_rate_ratio_test(&test, &nothing, 0, 0.95, NULL), JIHE_USAGE);
    cr_assert_eq(jh_rate_ratio_test(&test, &nothing, 1, 1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_rate_ratio_test(&test, &nothing, 1, 0.95, NULL), JIHE_OK);
    cr_assert(isnan(test.ratio) && test.lower == 0 && isinf(test.upper) && test.greater == 1 && test.less == 1);
}

/* Turned round in time the trend changes its sign; right documents for wrong ones too; more of everything keeps the
 * direction; and where nothing can be told there is no trend. */
Test(trend, symmetries)
{
    const uint64_t k[] = {3, 9, 4, 12, 20}, n[] = {90, 120, 80, 150, 200};
    uint64_t back_k[5], back_n[5], right[5], twice_k[5], twice_n[5];
    jh_trend trend, back, mirrored, twice;

    for (size_t i = 0; i < 5; i++) {
        back_k[i] = k[4 - i];
        back_n[i] = n[4 - i];
        right[i] = n[i] - k[i];
        twice_k[i] = 2 * k[i];
        twice_n[i] = 2 * n[i];
    }
    jh_trend_test(&trend, k, n, 5, NULL);
    jh_trend_test(&back, back_k, back_n, 5, NULL);
    jh_trend_test(&mirrored, right, n, 5, NULL);
    jh_trend_test(&twice, twice_k, twice_n, 5, NULL);
    cr_assert(trend.z > 0 && near(back.z, -trend.z, 1e-14) && mirrored.z == -trend.z);
    cr_assert(near(twice.chisq, 2 * trend.chisq, 1e-14) && twice.p < trend.p);
    jh_trend_test(&trend, (uint64_t[]){0, 0}, (uint64_t[]){5, 6}, 2, NULL);
    cr_assert(trend.z == 0 && trend.p == 1);
    jh_trend_test(&trend, (uint64_t[]){2}, (uint64_t[]){5}, 1, NULL);
    cr_assert(trend.z == 0 && trend.p == 1);
    cr_assert_eq(jh_trend_test(&trend, k, n, 0, NULL), JIHE_USAGE);
    cr_assert_eq(jh_trend_test(&trend, n, k, 5, NULL), JIHE_USAGE);
    cr_assert_eq(jh_trend_test(&trend, k, (uint64_t[]){90, 0, 80, 150, 200}, 5, NULL), JIHE_USAGE);
    cr_assert_eq(jh_trend_test(&trend, k, (uint64_t[]){UINT64_MAX, 1, 80, 150, 200}, 5, NULL), JIHE_USAGE);
}
