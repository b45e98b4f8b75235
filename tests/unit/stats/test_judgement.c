/* Many tests, robust distances, digits, inspectors, funnels. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/pcg.h"
#include "stats/adjust.h"
#include "stats/agreement.h"
#include "stats/benford.h"
#include "stats/funnel.h"
#include "stats/inspector_error.h"
#include "stats/robust.h"

enum { MANY = 60 };

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-12 * fmax(1, fabs(want));
}

static double uniform(jh_pcg64 *rng)
{
    return (double)(jh_pcg64_next(rng) >> 11) * 0x1p-53;
}

/* The Benjamini-Hochberg rule as published: the largest rank whose p is at most rank q / m; all up to it are rejected.
 * Holm's: from the smallest on while p <= q / (m - rank + 1). */
static size_t rejected(const double *p, size_t count, jh_adjustment method, double q)
{
    double sorted[MANY];
    size_t most = 0;

    memcpy(sorted, p, count * sizeof *p);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (sorted[j] < sorted[i]) {
                const double swap = sorted[i];
                sorted[i] = sorted[j];
                sorted[j] = swap;
            }
    for (size_t rank = 1; rank <= count; rank++)
        if (method == JH_ADJUST_BH && sorted[rank - 1] <= q * (double)rank / (double)count)
            most = rank;
        else if (method == JH_ADJUST_HOLM && most == rank - 1 && sorted[rank - 1] <= q / (double)(count - rank + 1))
            most = rank;
    return most;
}

Test(adjust, published_rules)
{
    jh_arena arena;
    jh_pcg64 rng;

    jh_arena_init(&arena, 0);
    jh_pcg64_seed(&rng, 1, 2);
    for (int round = 0; round < 400; round++) {
        const size_t count = 1 + jh_pcg64_below(&rng, MANY);
        double p[MANY], reversed[MANY], adjusted[4][MANY], again[MANY];

        for (size_t i = 0; i < count; i++)
            p[i] = round % 2 == 0 ? pow(uniform(&rng), 3) : (double)jh_pcg64_below(&rng, 20) / 256;
        for (size_t i = 0; i < count; i++)
            reversed[i] = p[count - 1 - i];
        for (jh_adjustment m = JH_ADJUST_BH; m <= JH_ADJUST_BONFERRONI; m++) {
            cr_assert_eq(jh_adjust(adjusted[m], p, count, m, &arena, NULL), JIHE_OK);
            cr_assert_eq(jh_adjust(again, reversed, count, m, &arena, NULL), JIHE_OK);
            for (size_t i = 0; i < count; i++) {
                cr_assert(adjusted[m][i] == again[count - 1 - i], "the order given plays no part");
                cr_assert(adjusted[m][i] >= p[i] && adjusted[m][i] <= 1);
            }
        }
        for (double q = 0.013; q < 0.5; q *= 1.7) {
            size_t bh = 0, holm = 0;

            for (size_t i = 0; i < count; i++) {
                bh += adjusted[JH_ADJUST_BH][i] <= q;
                holm += adjusted[JH_ADJUST_HOLM][i] <= q;
                cr_assert(adjusted[JH_ADJUST_BH][i] <= adjusted[JH_ADJUST_HOLM][i] + 1e-15);
                cr_assert(adjusted[JH_ADJUST_HOLM][i] <= adjusted[JH_ADJUST_BONFERRONI][i]);
                cr_assert(adjusted[JH_ADJUST_BH][i] <= adjusted[JH_ADJUST_BY][i]);
            }
            cr_assert_eq(bh, rejected(p, count, JH_ADJUST_BH, q));
            cr_assert_eq(holm, rejected(p, count, JH_ADJUST_HOLM, q));
        }
    }
    jh_arena_deinit(&arena);
}

Test(adjust, edges)
{
    static const double bad[] = {NAN, -0.1, 1.1, INFINITY};
    double one = 0.3;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    cr_assert_eq(jh_adjust(NULL, NULL, 0, JH_ADJUST_BH, &arena, NULL), JIHE_OK);
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(jh_adjust(&one, &bad[i], 1, JH_ADJUST_BH, &arena, NULL), JIHE_USAGE);
    cr_assert(one == 0.3);
    cr_assert_eq(jh_adjust(&one, &one, 1, JH_ADJUST_BY, &arena, NULL), JIHE_OK);
    cr_assert(one == 0.3);
    jh_arena_deinit(&arena);
}

Test(robust, moves_with_its_values)
{
    const double values[] = {3, 9, 4, 12, 200, 5, 7}, half[] = {2, 2, 2, 2, 10}, same[] = {4, 4}, bad[] = {1, NAN};
    double moved[7];
    jh_robust r, m;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < 7; i++)
        moved[i] = 100 - 3 * values[6 - i];
    cr_assert_eq(jh_robust_make(&r, values, 7, &arena, NULL), JIHE_OK);
    cr_assert_eq(jh_robust_make(&m, moved, 7, &arena, NULL), JIHE_OK);
    cr_assert(r.median == 7 && near(r.mad, 1.4826 * 3) && near(m.median, 79) && near(m.mad, 3 * r.mad));
    cr_assert(near(jh_robust_z(&m, 100 - 3 * 200), -jh_robust_z(&r, 200)));
    jh_robust_make(&r, half, 5, &arena, NULL);
    cr_assert(r.mad == 0 && near(jh_robust_z(&r, 10), 8 / (1.2533141 * 8 / 5)));
    jh_robust_make(&r, same, 2, &arena, NULL);
    cr_assert(r.median == 4 && isnan(jh_robust_z(&r, 5)));
    cr_assert_eq(jh_robust_make(&r, same, 0, &arena, NULL), JIHE_USAGE);
    cr_assert_eq(jh_robust_make(&r, bad, 2, &arena, NULL), JIHE_USAGE);
    jh_arena_deinit(&arena);
}

/* The printed number's first characters, over all lengths and both ends of the range. */
Test(digits, as_printed)
{
    jh_pcg64 rng;
    char text[32];

    jh_pcg64_seed(&rng, 3, 3);
    for (int i = 0; i < 20000; i++) {
        const int64_t amount = i == 0   ? INT64_MIN
                               : i == 1 ? INT64_MAX
                                        : (int64_t)(jh_pcg64_next(&rng) >> jh_pcg64_below(&rng, 64)) * (i % 2 ? 1 : -1);
        const jh_digits digits = jh_leading_digits(amount);
        const char *start = text + (amount < 0);

        snprintf(text, sizeof text, "%lld", (long long)amount);
        cr_assert(digits.first == start[0] - '0', "%s: %u", text, digits.first);
        cr_assert(digits.first_two == (start[0] - '0') * 10 + (start[1] != '\0' ? start[1] - '0' : 0));
    }
}

Test(benford, shares_and_fits)
{
    static const size_t kinds[] = {JH_BENFORD_FIRST, JH_BENFORD_FIRST_TWO};
    uint64_t observed[JH_BENFORD_FIRST_TWO] = {0};
    jh_benford test, twice;

    for (size_t k = 0; k < 2; k++) {
        double sum = 0;

        for (size_t i = 0; i < kinds[k]; i++) {
            sum += jh_benford_share(kinds[k], i);
            observed[i] = (uint64_t)llround(1e9 * jh_benford_share(kinds[k], i));
        }
        cr_assert(near(sum, 1));
        cr_assert_eq(jh_benford_test(&test, observed, kinds[k], NULL), JIHE_OK);
        cr_assert(test.p > 0.999999 && test.mad < 1e-8);
        observed[3] += 100000;
        jh_benford_test(&test, observed, kinds[k], NULL);
        observed[3] += 100000;
        jh_benford_test(&twice, observed, kinds[k], NULL);
        cr_assert(twice.chisq > test.chisq && twice.p < test.p && twice.mad > test.mad);
    }
    memset(observed, 0, sizeof observed);
    cr_assert_eq(jh_benford_test(&test, observed, 9, NULL), JIHE_USAGE);
    cr_assert_eq(jh_benford_test(&test, observed, 10, NULL), JIHE_USAGE);
    observed[0] = observed[1] = UINT64_MAX;
    cr_assert_eq(jh_benford_test(&test, observed, 9, NULL), JIHE_USAGE);
}

/* The mean deviation that chance gives, exactly (A. de Moivre 1730): E|X - np| = 2 v C(n, v) p^v q^(n - v + 1) with v the
 * whole number above np. */
Test(benford, deviation_by_chance)
{
    static const size_t kinds[] = {JH_BENFORD_FIRST, JH_BENFORD_FIRST_TWO};
    static const uint64_t sizes[] = {1000, 1150, 5000, 100000, 3000000};

    for (size_t k = 0; k < 2; k++)
        for (size_t s = 0; s < 5; s++) {
            const double n = (double)sizes[s];
            double sum = 0;

            for (size_t i = 0; i < kinds[k]; i++) {
                const double p = jh_benford_share(kinds[k], i), v = floor(n * p) + 1;

                sum += 2 * v *
                       exp(lgamma(n + 1) - lgamma(v + 1) - lgamma(n - v + 1) + v * log(p) + (n - v + 1) * log1p(-p)) / n;
            }
            const double exact = sum / (double)kinds[k], chance = jh_benford_mad_chance(kinds[k], sizes[s]);

            cr_assert(fabs(chance / exact - 1) < 0.03, "%zu digits of %g: %g, exact %g", kinds[k], n, chance, exact);
        }
    cr_assert(near(jh_benford_z(300, 1000, 0.25), (0.05 - 0.0005) / sqrt(0.25 * 0.75 / 1000)));
    cr_assert(near(jh_benford_z(200, 1000, 0.25), -(0.05 - 0.0005) / sqrt(0.25 * 0.75 / 1000)));
    cr_assert(jh_benford_z(250, 1000, 0.2503) == 0);
}

/* Which inspector is the first plays no part, nor how judgements are numbered; rare errors lower kappa but not AC1. */
Test(agreement, symmetries)
{
    const uint64_t table[] = {50, 3, 2, 4, 20, 1, 0, 5, 15}, turned[] = {50, 4, 0, 3, 20, 5, 2, 1, 15};
    const uint64_t renumbered[] = {15, 5, 0, 1, 20, 4, 2, 3, 50}, rare[] = {970, 14, 14, 2};
    jh_agreement a, b, c;

    jh_agreement_make(&a, table, 3, NULL);
    jh_agreement_make(&b, turned, 3, NULL);
    jh_agreement_make(&c, renumbered, 3, NULL);
    cr_assert(near(a.kappa, b.kappa) && near(a.kappa_se, b.kappa_se) && near(a.ac1, b.ac1));
    cr_assert(near(a.kappa, c.kappa) && near(a.kappa_se, c.kappa_se) && near(a.ac1, c.ac1));
    jh_agreement_make(&a, rare, 2, NULL);
    cr_assert(a.observed == 0.972 && a.kappa < 0.12 && a.ac1 > 0.97);
    jh_agreement_make(&a, (uint64_t[]){7, 0, 0, 9}, 2, NULL);
    cr_assert(a.kappa == 1 && a.kappa_se == 0 && a.ac1 == 1 && a.observed == 1);
    jh_agreement_make(&a, (uint64_t[]){7, 0, 0, 0}, 2, NULL);
    cr_assert(isnan(a.kappa) && isnan(a.kappa_se) && a.ac1 == 1 && a.observed == 1);
    cr_assert_eq(jh_agreement_make(&a, table, 1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_agreement_make(&a, table, 65, NULL), JIHE_USAGE);
    cr_assert_eq(jh_agreement_make(&a, (uint64_t[]){0, 0, 0, 0}, 2, NULL), JIHE_USAGE);
    cr_assert_eq(jh_agreement_make(&a, (uint64_t[]){UINT64_MAX, 0, 0, 2}, 2, NULL), JIHE_USAGE);
}

/* What inspectors of this quality would see of a true rate leads back to it. */
Test(inspector_error, leads_back)
{
    static const double bad[][3] = {{-0.1, 0.9, 0.9}, {1.1, 0.9, 0.9},  {0.1, 0.5, 0.5},
                                    {0.1, 0.3, 0.3},  {NAN, 0.9, 0.9},  {0.1, NAN, 0.9},
                                    {0.1, 0.9, NAN},  {0.1, 0.9, 1.01}, {0.1, -1, 1}};
    double rate = 7;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_inspector_corrected(&rate, bad[i][0], bad[i][1], bad[i][2], NULL), JIHE_USAGE, "case %zu", i);
    cr_assert(rate == 7);
    for (double truth = 0; truth <= 1; truth += 0.05) {
        const double seen = truth * 0.8 + (1 - truth) * 0.03;

        cr_assert_eq(jh_inspector_corrected(&rate, seen, 0.8, 0.97, NULL), JIHE_OK);
        cr_assert(fabs(rate - truth) < 1e-14);
    }
    jh_inspector_corrected(&rate, 0.01, 0.8, 0.97, NULL);
    cr_assert(rate == 0, "fewer errors seen than false alarms alone would make");
}

/* The order of people plays no part; equal rates have no spread beyond chance; a person alone stands nowhere. */
Test(funnel, order_and_edges)
{
    const uint64_t k[] = {3, 0, 12, 7, 30, 1, 4}, n[] = {100, 40, 150, 90, 120, 60, 75};
    uint64_t back_k[7], back_n[7];
    jh_funnel_point points[7], back[7];
    jh_funnel funnel, other;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    for (size_t i = 0; i < 7; i++) {
        back_k[i] = k[6 - i];
        back_n[i] = n[6 - i];
    }
    cr_assert_eq(jh_funnel_make(&funnel, points, k, n, 7, &arena, NULL), JIHE_OK);
    cr_assert_eq(jh_funnel_make(&other, back, back_k, back_n, 7, &arena, NULL), JIHE_OK);
    cr_assert(funnel.phi == other.phi && funnel.tau2 == other.tau2 && funnel.tau2 > 0);
    for (size_t i = 0; i < 7; i++) {
        cr_assert(memcmp(&points[i], &back[6 - i], sizeof points[i]) == 0);
        cr_assert(fabs(points[i].z_adjusted) <= fabs(points[i].z) && points[i].p_upper > 0 && points[i].p_upper <= 1);
    }
    cr_assert_eq(jh_funnel_make(&funnel, points, (uint64_t[]){1, 2, 3}, (uint64_t[]){10, 20, 30}, 3, &arena, NULL),
                 JIHE_OK);
    cr_assert(funnel.tau2 == 0 && points[1].z == 0 && points[1].z_adjusted == 0);
    jh_funnel_make(&funnel, points, k, n, 1, &arena, NULL);
    cr_assert(funnel.tau2 == 0 && points[0].z == 0);
    jh_funnel_make(&funnel, points, (uint64_t[]){0, 0}, (uint64_t[]){10, 20}, 2, &arena, NULL);
    cr_assert(funnel.target == 0 && points[0].z == 0 && points[0].p_upper == 1 && points[1].z_adjusted == 0);
    jh_funnel_make(&funnel, points, (uint64_t[]){10, 20}, (uint64_t[]){10, 20}, 2, &arena, NULL);
    cr_assert(funnel.target == 1 && points[0].z == 0 && points[0].p_upper == 1);
    cr_assert_eq(jh_funnel_make(&funnel, points, k, n, 0, &arena, NULL), JIHE_USAGE);
    cr_assert_eq(jh_funnel_make(&funnel, points, n, k, 7, &arena, NULL), JIHE_USAGE);
    jh_arena_deinit(&arena);
}
