#include <criterion/criterion.h>

#include <math.h>

#include "stats/argument.h"
#include "stats/betabinom.h"
#include "stats/binom.h"
#include "stats/gamma.h"
#include "stats/goodman.h"
#include "stats/hyper.h"
#include "stats/jeffreys.h"
#include "stats/law.h"
#include "stats/nbinom.h"
#include "stats/normal.h"
#include "stats/poisson.h"
#include "stats/posterior.h"
#include "stats/student.h"
#include "stats/wilson.h"

static bool near(double got, double want, double rel_tol)
{
    return fabs(got - want) <= rel_tol * fabs(want);
}

/* A generator of its own, so that a failure names numbers that come again. */
static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

static const double confs[] = {0.5, 0.8, 0.9, 0.95, 0.99, 0.9999};

typedef jihe_status (*limits)(double, double, double, double *, double *, jihe_error *);

/* Random arguments: lower <= estimate <= upper, both limits rise with the errors, more confidence is wider. */
Test(limits, of_a_proportion_are_in_order)
{
    static const limits kinds[] = {jh_binom_limits, jh_wilson_limits, jh_jeffreys_limits};
    uint64_t state = 20261121;

    for (int round = 0; round < 3000; round++) {
        const uint64_t n = 1 + draw(&state, draw(&state, 2) == 0 ? 50 : 2000000), k = draw(&state, n + 1);
        const double errors = (double)k, sample = (double)n;

        for (size_t i = 0; i < 3; i++)
            for (size_t c = 0; c + 1 < 6; c++) {
                double lower, upper, wide_lower, wide_upper, next_lower, next_upper;

                cr_assert_eq(kinds[i](errors, sample, confs[c], &lower, &upper, NULL), JIHE_OK);
                cr_assert_eq(kinds[i](errors, sample, confs[c + 1], &wide_lower, &wide_upper, NULL), JIHE_OK);
                cr_assert(lower >= 0 && upper <= 1 && lower <= errors / sample && errors / sample <= upper,
                          "%zu: %lu of %lu at %g: %.17g %.17g", i, k, n, confs[c], lower, upper);
                cr_assert(wide_lower <= lower && upper <= wide_upper, "%zu: %lu of %lu at %g", i, k, n, confs[c]);
                if (k == n)
                    continue;
                kinds[i](errors + 1, sample, confs[c], &next_lower, &next_upper, NULL);
                cr_assert(next_lower >= lower && next_upper >= upper, "%zu: %lu of %lu at %g", i, k, n, confs[c]);
            }
    }
}

/* The same in a population, by the definition: K_U is the last K whose lower tail exceeds the risk, K_L the first whose
 * upper tail does. All inspected: no width. More inspected with the same errors in the rest: never wider. */
Test(limits, of_a_population_have_their_tails)
{
    uint64_t state = 7;

    for (int round = 0; round < 4000; round++) {
        const uint64_t N = 1 + draw(&state, draw(&state, 3) == 0 ? 1000000 : 400), n = draw(&state, N + 1);
        const uint64_t k = draw(&state, n + 1);
        const double conf = confs[draw(&state, 6)], tail = (1 - conf) / 2;
        uint64_t lower, upper, one_lower, one_upper;

        cr_assert_eq(jh_hyper_limits(k, n, N, conf, &lower, &upper, NULL), JIHE_OK);
        cr_assert_eq(jh_hyper_upper(k, n, N, conf, &one_upper, NULL), JIHE_OK);
        cr_assert_eq(jh_hyper_lower(k, n, N, conf, &one_lower, NULL), JIHE_OK);
        cr_assert(k <= lower && lower <= one_lower && one_lower <= one_upper && one_upper <= upper &&
                      upper <= N - n + k,
                  "%lu of %lu of %lu at %g: %lu %lu", k, n, N, conf, lower, upper);
        cr_assert(n < N || (lower == k && upper == k));
        for (uint64_t K = upper; K <= upper + 1 && K <= N - n + k; K++) {
            const jh_lot lot = {n, K, N};
            cr_assert((jh_hyper_at_most(k, &lot) > tail * (1 + 1e-9)) == (K == upper) ||
                          near(jh_hyper_at_most(k, &lot), tail, 1e-9),
                      "upper of %lu of %lu of %lu at %g: %lu", k, n, N, conf, upper);
        }
        for (uint64_t K = lower; K + 1 >= lower && K >= k && K <= lower; K--) {
            const jh_lot lot = {n, K, N};
            cr_assert((jh_hyper_at_least(k, &lot) > tail * (1 + 1e-9)) == (K == lower) ||
                          near(jh_hyper_at_least(k, &lot), tail, 1e-9),
                      "lower of %lu of %lu of %lu at %g: %lu", k, n, N, conf, lower);
            if (K == 0)
                break;
        }
    }
}

/* What doubles make of 1 - 0.9999999 is 6e-10 off; the decimal that was written is meant. Others stay as they are. */
Test(limits, a_tail_is_that_of_the_written_decimal)
{
    cr_assert(jh_tail_of(0.999) == 0.001 && jh_tail_of(0.9999999) == 1e-7 && jh_tail_of(0.95) == 0.05);
    cr_assert(jh_tail_of(2. / 3) == 1 - 2. / 3 && jh_tail_of(1 - 1e-12) == 1 - (1 - 1e-12));
}

/* One of 20 in exact arithmetic: P(X <= 0) with 19 wrong is exactly 1/20, which is not above 0.05. */
Test(limits, a_tie_belongs_to_neither_limit)
{
    uint64_t upper = 0;

    cr_assert_eq(jh_hyper_upper(0, 1, 20, 0.95, &upper, NULL), JIHE_OK);
    cr_assert_eq(upper, 18);
}

/* Where peers differ: samplingbook gives (110, 161) and (2, 19), jfa 113 for the first lower limit and 0.0061255 below.
 */
Test(limits, published_faults_are_not_repeated)
{
    uint64_t lower = 0, upper = 0;
    double low = 0, high = 0;

    jh_hyper_limits(45, 100, 300, 0.95, &lower, &upper, NULL);
    cr_assert(lower == 111 && upper == 160, "%lu %lu", lower, upper);
    jh_hyper_lower(45, 100, 300, 0.975, &lower, NULL);
    cr_assert_eq(lower, 111);
    jh_poisson_limits(3, 0.95, &low, &high, NULL);
    cr_assert(near(low / 100, 0.006186721, 1e-6), "%.17g", low);
}

/* Coverage on a grid, in exact sums: at least the confidence less a hundredth, and never below it for the exact limits.
 */
Test(limits, cover_what_they_say)
{
    static const uint64_t populations[] = {30, 120}, samples[] = {5, 12, 29};

    for (size_t p = 0; p < 2; p++)
        for (size_t s = 0; s < 3; s++)
            for (uint64_t K = 0; K <= populations[p]; K += 3) {
                const jh_lot lot = {samples[s], K, populations[p]};
                double covered = 0;

                for (uint64_t k = 0; k <= samples[s]; k++) {
                    uint64_t lower, upper;
                    const double above = k == 0 ? 0 : jh_hyper_at_most(k - 1, &lot);

                    if (k > K || samples[s] - k > populations[p] - K)
                        continue;
                    jh_hyper_limits(k, samples[s], populations[p], 0.9, &lower, &upper, NULL);
                    covered += lower <= K && K <= upper ? jh_hyper_at_most(k, &lot) - above : 0;
                }
                cr_assert(covered >= 0.9 - 1e-9, "%lu of %lu, sample %lu: %g", K, populations[p], samples[s], covered);
            }
}

/* Both tails of every law make 1 with the point between them, from both sides and at any size. */
Test(limits, tails_fit_together)
{
    uint64_t state = 99;

    for (int round = 0; round < 3000; round++) {
        const uint64_t N = 2 + draw(&state, draw(&state, 3) == 0 ? 1000000000 : 300), K = draw(&state, N + 1);
        const uint64_t n = draw(&state, N + 1), x = (uint64_t)((double)K * (double)n / (double)N) + draw(&state, 5);
        const jh_lot lot = {n, K, N};
        const double mean = 0.01 + (double)draw(&state, 1000000) / 700, rate = (double)(1 + draw(&state, 999)) / 1000;
        const double three[3] = {jh_hyper_at_most(x, &lot) + jh_hyper_at_least(x + 1, &lot),
                                 jh_binom_at_most(x, N, rate) + jh_binom_at_least(x + 1, N, rate),
                                 jh_poisson_at_most((uint64_t)mean, mean) +
                                     jh_poisson_at_least((uint64_t)mean + 1, mean)};

        for (size_t i = 0; i < 3; i++)
            cr_assert(fabs(three[i] - 1) < 1e-11, "%zu: %lu %lu %lu %lu %g %g: %.17g", i, x, n, K, N, rate, mean,
                      three[i]);
        /* Drawn and wrong may change places. */
        const jh_lot turned = {K, n, N};
        cr_assert(near(jh_hyper_at_most(x, &lot), jh_hyper_at_most(x, &turned), 1e-11) ||
                  jh_hyper_at_most(x, &lot) < 1e-290);
    }
}

Test(limits, closed_forms)
{
    uint64_t state = 5;

    for (double x = 1e-12; x < 600; x *= 1.7) {
        double upper = 0;

        cr_assert(near(jh_gamma_upper(1, x), exp(-x), 1e-13) && near(jh_gamma_lower(1, x), -expm1(-x), 1e-13), "%g", x);
        cr_assert(near(jh_gamma_upper(0.5, x), erfc(sqrt(x)), 1e-12), "%g", x);
        cr_assert(x < 1 || near(jh_gamma_quantile_upper(exp(-x), 1), x, 1e-12), "%g",
                  x); /* a tail near 1 says little */
        jh_poisson_upper(0, 1 - 1 / (1 + x), &upper, NULL);
        cr_assert(near(upper, log1p(x), 1e-9) || x < 1e-3, "%g: %g", x, upper);
    }
    for (int round = 0; round < 300; round++) {
        const double q = (double)(1 + draw(&state, 998)) / 2000;

        /* Cauchy, and df = 2, whose quantile is rational in its root. */
        cr_assert(near(jh_student_quantile_upper(q, 1), 1 / tan(3.14159265358979323846 * q), 1e-12), "%g", q);
        cr_assert(near(jh_student_quantile_upper(q, 2), (1 - 2 * q) / sqrt(2 * q * (1 - q)), 1e-11), "%g", q);
        cr_assert(near(jh_normal_upper(jh_normal_quantile_upper(q)), q, 1e-13));
        cr_assert(near(jh_student_quantile_upper(q, 1e9), jh_normal_quantile_upper(q), 1e-6));
        cr_assert(near(jh_nbinom_at_least(1, 3, q), 1 - q * q * q, 1e-13));
    }
}

/* a = b = 1: every count is as likely as any other. */
Test(limits, betabinom_of_a_flat_prior_is_flat)
{
    for (uint64_t n = 1; n < 300; n += 7)
        for (uint64_t k = 0; k <= n; k++) {
            double tail = -1;

            cr_assert_eq(jh_betabinom_at_least(k, n, 0.5, 1. / 3, &tail, NULL), JIHE_OK);
            cr_assert(near(tail, (double)(n + 1 - k) / (double)(n + 1), 1e-12), "%lu of %lu: %.17g", k, n, tail);
        }
}

Test(limits, nonsense_is_refused)
{
    static const double bad[][3] = {{-1, 10, 0.95},      {11, 10, 0.95},  {0, 0, 0.95},         {1, 10, 0},
                                    {1, 10, 1},          {NAN, 10, 0.95}, {1, NAN, 0.95},       {1, 10, NAN},
                                    {1, INFINITY, 0.95}, {1, 10, 95},     {INFINITY, 10, 0.95}, {1, 10, -0.5},
                                    {1, 10, INFINITY}};
    double lower = 7, upper = 8;
    uint64_t low = 7, high = 8;
    jh_posterior posterior = {7, 7, 7, 7};
    const uint64_t counts[2] = {0, 0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(jh_wilson_limits(bad[i][0], bad[i][1], bad[i][2], &lower, &upper, NULL), JIHE_USAGE, "case %zu",
                     i);
        cr_assert_eq(jh_jeffreys_limits(bad[i][0], bad[i][1], bad[i][2], &lower, &upper, NULL), JIHE_USAGE);
        cr_assert_eq(jh_binom_upper(bad[i][0], bad[i][1], bad[i][2], &upper, NULL), JIHE_USAGE);
        cr_assert_eq(jh_binom_lower(bad[i][0], bad[i][1], bad[i][2], &lower, NULL), JIHE_USAGE);
    }
    for (size_t i = 3; i < 5; i++) {
        cr_assert_eq(jh_hyper_limits(1, 2, 3, bad[i][2], &low, &high, NULL), JIHE_USAGE);
        cr_assert_eq(jh_poisson_limits(1, bad[i][2], &lower, &upper, NULL), JIHE_USAGE);
        cr_assert_eq(jh_byar_limits(1, bad[i][2], &lower, &upper, NULL), JIHE_USAGE);
        cr_assert_eq(jh_posterior_of(1, 2, 1, 1, 0.05, bad[i][2], &posterior, NULL), JIHE_USAGE);
    }
    cr_assert_eq(jh_hyper_limits(3, 2, 10, 0.95, &low, &high, NULL), JIHE_USAGE);
    cr_assert_eq(jh_hyper_limits(3, 11, 10, 0.95, &low, &high, NULL), JIHE_USAGE);
    cr_assert_eq(jh_hyper_upper(0, 0, 0, 0.95, &high, NULL), JIHE_USAGE);
    cr_assert_eq(jh_hyper_lower(0, 0, UINT64_MAX, 0.95, &low, NULL), JIHE_USAGE);
    cr_assert_eq(jh_poisson_limits(-1, 0.95, &lower, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_poisson_limits(NAN, 0.95, &lower, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_goodman_limits(counts, 2, 0.95, &lower, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_goodman_limits(counts, 1, 0.95, &lower, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_posterior_of(1, 2, 0, 1, 0.05, 0.95, &posterior, NULL), JIHE_USAGE);
    cr_assert_eq(jh_posterior_of(3, 2, 1, 1, 0.05, 0.95, &posterior, NULL), JIHE_USAGE);
    cr_assert_eq(jh_posterior_of(1, 2, 1, 1, NAN, 0.95, &posterior, NULL), JIHE_USAGE);
    cr_assert_eq(jh_betabinom_at_least(1, 2, 0, 0.5, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_betabinom_at_least(1, 2, 0.5, 1, &upper, NULL), JIHE_USAGE);
    cr_assert_eq(jh_betabinom_at_least(1, 0, 0.5, 0.5, &upper, NULL), JIHE_USAGE);
    cr_assert(lower == 7 && upper == 8 && low == 7 && high == 8 && posterior.mean == 7);
}
