#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>

#include "base/pcg.h"
#include "stats/chart.h"
#include "stats/cusum.h"
#include "stats/ewma.h"

enum { MONTHS = 24 };

struct series {
    uint64_t errors[MONTHS], inspected[MONTHS];
};

static struct series made_up(uint64_t seed)
{
    struct series s;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, seed, 1);
    for (size_t i = 0; i < MONTHS; i++) {
        s.inspected[i] = 1 + jh_pcg64_below(&rng, 900);
        s.errors[i] = jh_pcg64_below(&rng, s.inspected[i] / 8 + 2);
    }
    return s;
}

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-12 * fmax(1, fabs(want));
}

/* What the definition says of any series: the weighted mean of the rates is the centre, limits lie around it, Laney's
 * are sigma_z times as far, and all months together are one month with the sums. */
Test(chart, follows_its_definition)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        const struct series s = made_up(seed);
        jh_chart_point plain[MONTHS], laney[MONTHS];
        jh_chart chart, again;
        double weighted = 0, all = 0;

        cr_assert_eq(jh_chart_p(&chart, plain, s.errors, s.inspected, MONTHS, JH_CHART_PLAIN, NULL), JIHE_OK);
        cr_assert_eq(jh_chart_p(&again, laney, s.errors, s.inspected, MONTHS, JH_CHART_LANEY, NULL), JIHE_OK);
        cr_assert(chart.sigma_z == again.sigma_z && chart.dispersion == again.dispersion);
        for (size_t i = 0; i < MONTHS; i++) {
            weighted += plain[i].rate * (double)s.inspected[i];
            all += (double)s.inspected[i];
            cr_assert(plain[i].lower >= 0 && plain[i].lower <= chart.center && plain[i].upper >= chart.center &&
                      plain[i].upper <= 1);
            cr_assert(near((plain[i].rate > plain[i].upper) - (plain[i].rate < plain[i].lower),
                           (plain[i].z > 3) - (plain[i].z < -3)) ||
                      fabs(fabs(plain[i].z) - 3) < 1e-9);
            if (laney[i].upper < 1 && plain[i].upper < 1)
                cr_assert(near(laney[i].upper - chart.center, chart.sigma_z * (plain[i].upper - chart.center)));
        }
        cr_assert(near(weighted / all, chart.center));
    }
}

/* Programs differ in sigma_z: ours, as Laney's and Minitab's, is of neighbours, and a slow drift hardly moves it. The
 * plain standard deviation of z that others print takes the drift for noise and widens the limits until it is inside.
 */
Test(chart, sigma_z_is_of_neighbours)
{
    uint64_t errors[MONTHS], inspected[MONTHS];
    jh_chart_point points[MONTHS];
    double squares = 0;
    jh_chart chart;

    for (size_t i = 0; i < MONTHS; i++) {
        inspected[i] = 1000;
        errors[i] = 40 + 5 * i;
    }
    jh_chart_p(&chart, points, errors, inspected, MONTHS, JH_CHART_LANEY, NULL);
    for (size_t i = 0; i < MONTHS; i++)
        squares += points[i].z * points[i].z;
    cr_assert(near(chart.sigma_z, (points[MONTHS - 1].z - points[0].z) / (MONTHS - 1) / 1.128));
    cr_assert(chart.sigma_z < 0.6 && sqrt(squares / (MONTHS - 1)) > 3);
    cr_assert(points[MONTHS - 1].rate > points[MONTHS - 1].upper, "the drift is seen");
}

/* A p chart of few errors among very many documents is a u chart; one document of exposure each makes rates counts. */
Test(chart, u_is_the_limit_of_p)
{
    const uint64_t errors[] = {12, 9, 15, 7}, inspected[] = {1000000000, 900000000, 1100000000, 800000000};
    const double exposure[] = {1000000000, 900000000, 1100000000, 800000000};
    jh_chart_point p[4], u[4];
    jh_chart chart_p, chart_u;

    jh_chart_p(&chart_p, p, errors, inspected, 4, JH_CHART_LANEY, NULL);
    jh_chart_u(&chart_u, u, errors, exposure, 4, JH_CHART_LANEY, NULL);
    for (size_t i = 0; i < 4; i++)
        cr_assert(fabs(p[i].z - u[i].z) < 1e-7 && fabs(p[i].upper / u[i].upper - 1) < 1e-7);
    cr_assert(fabs(chart_p.sigma_z - chart_u.sigma_z) < 1e-7);
}

Test(chart, edges)
{
    const uint64_t none[] = {0, 0, 0}, some[] = {1, 0, 2}, sizes[] = {5, 9, 2};
    const double exposure[] = {5, 9, 2}, bad[] = {5, NAN, 2}, zero[] = {5, 0, 2};
    jh_chart_point points[3] = {{7, 7, 7, 7}};
    jh_chart chart = {7, 7, 7};

    cr_assert_eq(jh_chart_p(&chart, points, some, sizes, 0, JH_CHART_PLAIN, NULL), JIHE_USAGE);
    cr_assert_eq(jh_chart_p(&chart, points, sizes, some, 3, JH_CHART_PLAIN, NULL), JIHE_USAGE);
    cr_assert_eq(jh_chart_p(&chart, points, some, sizes, 1, JH_CHART_LANEY, NULL), JIHE_USAGE);
    cr_assert_eq(jh_chart_u(&chart, points, some, bad, 3, JH_CHART_PLAIN, NULL), JIHE_USAGE);
    cr_assert_eq(jh_chart_u(&chart, points, some, zero, 3, JH_CHART_PLAIN, NULL), JIHE_USAGE);
    cr_assert(chart.center == 7 && points[0].z == 7, "a refused call leaves its results alone");
    cr_assert_eq(jh_chart_p(&chart, points, some, sizes, 1, JH_CHART_PLAIN, NULL), JIHE_OK);
    cr_assert(isnan(chart.sigma_z) && isnan(chart.dispersion) && points[0].z == 0);
    cr_assert_eq(jh_chart_p(&chart, points, none, sizes, 3, JH_CHART_LANEY, NULL), JIHE_OK);
    cr_assert(chart.center == 0 && chart.sigma_z == 0 && points[1].upper == 0 && points[1].z == 0);
    cr_assert_eq(jh_chart_p(&chart, points, sizes, sizes, 3, JH_CHART_PLAIN, NULL), JIHE_OK);
    cr_assert(chart.center == 1 && points[1].lower == 1 && points[1].z == 0);
    cr_assert_eq(jh_chart_u(&chart, points, none, exposure, 3, JH_CHART_LANEY, NULL), JIHE_OK);
    cr_assert(chart.center == 0 && points[2].z == 0);
}

/* lambda = 1 forgets all but the last month: a p chart around the target. */
Test(ewma, without_memory_it_is_a_p_chart)
{
    const struct series s = made_up(3);
    jh_ewma_point points[MONTHS];

    cr_assert_eq(jh_ewma_p(points, s.errors, s.inspected, MONTHS, 1, 0.05, NULL), JIHE_OK);
    for (size_t i = 0; i < MONTHS; i++) {
        const double n = (double)s.inspected[i];
        cr_assert(near(points[i].value, (double)s.errors[i] / n));
        cr_assert(near(points[i].upper, fmin(1, 0.05 + 3 * sqrt(0.05 * 0.95 / n))));
    }
    for (double lambda = 0.05; lambda < 1; lambda += 0.1) {
        jh_ewma_p(points, s.errors, s.inspected, MONTHS, lambda, 0.05, NULL);
        cr_assert(near(points[0].value, 0.05 + lambda * ((double)s.errors[0] / (double)s.inspected[0] - 0.05)));
        cr_assert(points[0].upper <= points[1].upper || s.inspected[1] > s.inspected[0]);
    }
}

Test(ewma, refusals)
{
    static const double bad[][2] = {{0, 0.1}, {1.1, 0.1}, {NAN, 0.1}, {0.2, 0}, {0.2, 1}, {0.2, NAN}, {-1, 0.1}};
    const uint64_t errors[] = {1}, inspected[] = {5};
    jh_ewma_point point;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(jh_ewma_p(&point, errors, inspected, 1, bad[i][0], bad[i][1], NULL), JIHE_USAGE, "%zu", i);
    cr_assert_eq(jh_ewma_p(&point, inspected, errors, 1, 0.2, 0.1, NULL), JIHE_USAGE);
}

/* Sums never fall below 0, one more error moves the rising sum up from there on and the falling one down, and right and
 * wrong documents mirror each other. */
Test(cusum, evidence_moves_the_right_way)
{
    const struct series s = made_up(5);
    struct series more = s, mirrored = s;
    double up[MONTHS], down[MONTHS], up_more[MONTHS], down_more[MONTHS], up_mirrored[MONTHS], down_mirrored[MONTHS];

    more.inspected[4] = more.inspected[4] > more.errors[4] ? more.inspected[4] : more.inspected[4] + 1;
    more.errors[4]++;
    for (size_t i = 0; i < MONTHS; i++)
        mirrored.errors[i] = s.inspected[i] - s.errors[i];
    cr_assert_eq(jh_cusum_p(up, down, s.errors, s.inspected, MONTHS, 0.06, 0.5, NULL), JIHE_OK);
    cr_assert_eq(jh_cusum_p(up_more, down_more, more.errors, more.inspected, MONTHS, 0.06, 0.5, NULL), JIHE_OK);
    cr_assert_eq(jh_cusum_p(up_mirrored, down_mirrored, mirrored.errors, s.inspected, MONTHS, 0.94, 0.5, NULL),
                 JIHE_OK);
    for (size_t i = 0; i < MONTHS; i++) {
        cr_assert(up[i] >= 0 && down[i] >= 0 && up_more[i] >= up[i] && down_more[i] <= down[i]);
        cr_assert(i >= 4 || up_more[i] == up[i]);
        cr_assert(fabs(up_mirrored[i] - down[i]) < 1e-9 && fabs(down_mirrored[i] - up[i]) < 1e-9);
    }
}

/* By hand: ln 2 per error and ln(8/9) per right document; ln 2 per count less the mean. */
Test(cusum, likelihood_ratios_by_hand)
{
    const uint64_t errors[] = {0, 5, 1}, inspected[] = {10, 10, 10};
    const double means[] = {3, 3, 3};
    double sums[3];

    cr_assert_eq(jh_cusum_binomial(sums, errors, inspected, 3, 0.1, 0.2, NULL), JIHE_OK);
    cr_assert(sums[0] == 0 && near(sums[1], 5 * log(2) + 5 * log(8. / 9)));
    cr_assert(near(sums[2], sums[1] + log(2) + 9 * log(8. / 9)));
    cr_assert_eq(jh_cusum_poisson(sums, errors, means, 3, 2, NULL), JIHE_OK);
    cr_assert(sums[0] == 0 && near(sums[1], 5 * log(2) - 3) && sums[2] == 0);
    cr_assert_eq(jh_cusum_poisson(sums, errors, means, 3, 1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_cusum_poisson(sums, errors, means, 3, NAN, NULL), JIHE_USAGE);
    cr_assert_eq(jh_cusum_binomial(sums, errors, inspected, 3, 0.1, 0.1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_cusum_binomial(sums, errors, inspected, 3, NAN, 0.1, NULL), JIHE_USAGE);
    cr_assert_eq(jh_cusum_p(sums, sums, errors, inspected, 3, 0.1, -1, NULL), JIHE_USAGE);
}
