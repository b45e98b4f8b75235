/* Charts over time: what is asked is in the column `out`; each function gives one number or one per period. */
#include "oracle.h"

#include "stats/chart.h"
#include "stats/cusum.h"
#include "stats/ewma.h"
#include "stats/run_rules.h"
#include "stats/trend_test.h"

struct series {
    uint64_t *counts, *sizes;
    size_t count;
};

static struct series read_series(oracle_row *row, const char *counts, const char *sizes)
{
    struct series s;

    s.count = oracle_counts(row, counts, &s.counts);
    if (oracle_counts(row, sizes, &s.sizes) != s.count)
        oracle_fail(row, "%s and %s differ in length", counts, sizes);
    return s;
}

static void give_chart(oracle_row *row, const jh_chart *chart, const jh_chart_point *points, size_t count)
{
    if (oracle_is(row, "out", "center"))
        oracle_give(row, chart->center);
    else if (oracle_is(row, "out", "sigma_z"))
        oracle_give(row, chart->sigma_z);
    else if (oracle_is(row, "out", "pearson_dispersion"))
        oracle_give(row, chart->dispersion);
    else
        for (size_t i = 0; i < count; i++)
            oracle_give(row, oracle_is(row, "out", "z")     ? points[i].z
                             : oracle_is(row, "out", "lcl") ? points[i].lower
                                                            : points[i].upper);
}

static void answer_p(oracle_row *row, jh_chart_limits limits)
{
    const struct series s = read_series(row, "counts", "sizes");
    jh_chart_point *points = JH_NEW(row->arena, jh_chart_point, s.count);
    jihe_error err = {0};
    jh_chart chart;
    const jihe_status st = jh_chart_p(&chart, points, s.counts, s.sizes, s.count, limits, &err);

    oracle_check(row, st, &err);
    if (st == JIHE_OK)
        give_chart(row, &chart, points, s.count);
}

static void answer_u(oracle_row *row, jh_chart_limits limits)
{
    uint64_t *counts;
    double *exposure;
    const size_t count = oracle_counts(row, "counts", &counts);
    jh_chart_point *points = JH_NEW(row->arena, jh_chart_point, count);
    jihe_error err = {0};
    jh_chart chart;

    if (oracle_doubles(row, "sizes", &exposure) != count) {
        oracle_fail(row, "counts and sizes differ in length");
        return;
    }
    const jihe_status st = jh_chart_u(&chart, points, counts, exposure, count, limits, &err);

    oracle_check(row, st, &err);
    if (st == JIHE_OK)
        give_chart(row, &chart, points, count);
}

static void p_chart(oracle_row *row)
{
    answer_p(row, JH_CHART_PLAIN);
}

static void laney_p(oracle_row *row)
{
    answer_p(row, JH_CHART_LANEY);
}

static void u_chart(oracle_row *row)
{
    answer_u(row, JH_CHART_PLAIN);
}

static void laney_u(oracle_row *row)
{
    answer_u(row, JH_CHART_LANEY);
}

static void ewma_p(oracle_row *row)
{
    const struct series s = read_series(row, "counts", "sizes");
    jh_ewma_point *points = JH_NEW(row->arena, jh_ewma_point, s.count);
    jihe_error err = {0};

    oracle_check(
        row, jh_ewma_p(points, s.counts, s.sizes, s.count, oracle_double(row, "lam"), oracle_double(row, "k"), &err),
        &err);
    for (size_t i = 0; i < s.count; i++)
        oracle_give(row, oracle_is(row, "out", "z")     ? points[i].value
                         : oracle_is(row, "out", "lcl") ? points[i].lower
                                                        : points[i].upper);
}

static void cusum_p(oracle_row *row)
{
    const struct series s = read_series(row, "counts", "sizes");
    double *rising = JH_NEW(row->arena, double, s.count), *falling = JH_NEW(row->arena, double, s.count);
    jihe_error err = {0};

    oracle_check(row,
                 jh_cusum_p(rising, falling, s.counts, s.sizes, s.count, oracle_double(row, "lam"),
                            oracle_double(row, "k"), &err),
                 &err);
    for (size_t i = 0; i < s.count; i++)
        oracle_give(row, oracle_is(row, "out", "c_plus") ? rising[i] : falling[i]);
}

static void llr_cusum_binomial(oracle_row *row)
{
    const struct series s = read_series(row, "counts", "sizes");
    double *sums = JH_NEW(row->arena, double, s.count);
    jihe_error err = {0};

    oracle_check(
        row,
        jh_cusum_binomial(sums, s.counts, s.sizes, s.count, oracle_double(row, "lam"), oracle_double(row, "k"), &err),
        &err);
    for (size_t i = 0; i < s.count; i++)
        oracle_give(row, sums[i]);
}

static void llr_cusum_poisson(oracle_row *row)
{
    uint64_t *counts;
    double *means;
    const size_t count = oracle_counts(row, "counts", &counts);
    double *sums = JH_NEW(row->arena, double, count);
    jihe_error err = {0};

    if (oracle_doubles(row, "sizes", &means) != count) {
        oracle_fail(row, "counts and sizes differ in length");
        return;
    }
    oracle_check(row, jh_cusum_poisson(sums, counts, means, count, oracle_double(row, "k"), &err), &err);
    for (size_t i = 0; i < count; i++)
        oracle_give(row, sums[i]);
}

static void answer_rule(oracle_row *row, jh_run_rule rule)
{
    double *z;
    const size_t count = oracle_doubles(row, "z", &z);
    uint16_t *marks = JH_NEW(row->arena, uint16_t, count + 1);
    jihe_error err = {0};
    size_t given = 0;

    oracle_check(row, jh_run_rules(marks, z, count, &err), &err);
    for (size_t i = 0; i < count; i++)
        if ((marks[i] & rule) != 0) {
            oracle_give_count(row, i + 1);
            given++;
        }
    if (given == 0)
        oracle_give_text(row, "none");
}

static void we1(oracle_row *row)
{
    answer_rule(row, JH_RUN_BEYOND_3);
}

static void we2(oracle_row *row)
{
    answer_rule(row, JH_RUN_2_OF_3);
}

static void we3(oracle_row *row)
{
    answer_rule(row, JH_RUN_4_OF_5);
}

static void we4(oracle_row *row)
{
    answer_rule(row, JH_RUN_8_ONE_SIDE);
}

static void nelson2(oracle_row *row)
{
    answer_rule(row, JH_RUN_9_ONE_SIDE);
}

static void nelson3(oracle_row *row)
{
    answer_rule(row, JH_RUN_6_STEADY);
}

static void nelson4(oracle_row *row)
{
    answer_rule(row, JH_RUN_14_ZIGZAG);
}

static void nelson7(oracle_row *row)
{
    answer_rule(row, JH_RUN_15_INSIDE);
}

static void nelson8(oracle_row *row)
{
    answer_rule(row, JH_RUN_8_OUTSIDE);
}

static void cochran_armitage(oracle_row *row)
{
    const struct series s = read_series(row, "k", "n");
    jihe_error err = {0};
    jh_trend trend = {0};

    oracle_check(row, jh_trend_test(&trend, s.counts, s.sizes, s.count, &err), &err);
    oracle_give(row, oracle_is(row, "out", "z") ? trend.z : oracle_is(row, "out", "chisq") ? trend.chisq : trend.p);
}

const oracle_function oracle_chart[] = {
    {"p_chart", p_chart},
    {"laney_p", laney_p},
    {"u_chart", u_chart},
    {"laney_u", laney_u},
    {"ewma_p", ewma_p},
    {"cusum_p", cusum_p},
    {"llr_cusum_binomial", llr_cusum_binomial},
    {"llr_cusum_poisson", llr_cusum_poisson},
    {"we1", we1},
    {"we2", we2},
    {"we3", we3},
    {"we4", we4},
    {"nelson2", nelson2},
    {"nelson3", nelson3},
    {"nelson4", nelson4},
    {"nelson7", nelson7},
    {"nelson8", nelson8},
    {"cochran_armitage", cochran_armitage},
    {NULL, NULL},
};
