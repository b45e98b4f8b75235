#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/beta.h"
#include "stats/binom.h"

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-14 * want;
}

/* Rows of the project's oracle file proportion_ci.csv (mpmath at 50 digits, agreed with R 4.2.2); after the gap, roots
 * of the hypergeometric series at 40 digits (mpmath): counts that are not whole, and a million documents. */
static const struct limits_case {
    double errors, sample, conf, lower, upper;
} cases[] = {

    {3.7, 81.25, 0.95, 0.011707721073368169, 0.11620976166589396},
    {0.25, 40.5, 0.9, 1.0320432007727896e-7, 0.0822219935696259},
    {5, 1000000, 0.95, 1.6234883192411698e-6, 1.1668293175208818e-5},
    {0, 1000000, 0.95, 0, 3.6888726502064891e-6},
    {12.5, 250000.75, 0.95, 2.6239620588341639e-5, 8.6387190970305204e-5},
    {999999, 1000000, 0.99, 0.99999256989438802, 0.99999999498745819},
    {5000, 1000000, 0.95, 0.0048626918204529564, 0.0051401872655792553},
};

Test(binom, reference_limits)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct limits_case *c = &cases[i];
        double lower = -1, upper = -1;
        jihe_error err = {0};

        cr_assert_eq(jh_binom_limits(c->errors, c->sample, c->conf, &lower, &upper, &err), JIHE_OK, "%s", err.message);
        cr_assert(near(lower, c->lower), "%g of %g at %g: lower %.17g, want %.17g", c->errors, c->sample, c->conf,
                  lower, c->lower);
        cr_assert(near(upper, c->upper), "%g of %g at %g: upper %.17g, want %.17g", c->errors, c->sample, c->conf,
                  upper, c->upper);
    }
}

/* No errors: upper = 1 - (a/2)^(1/n). One document: its two limits are a/2 and 1 - a/2. */
Test(binom, closed_forms)
{
    for (double n = 1; n < 1e9; n = n * 1.7 + 1) {
        double lower = -1, upper = -1, mirrored = -1;

        n = floor(n);
        jh_binom_limits(0, n, 0.9, &lower, &upper, NULL);
        cr_assert(lower == 0 && near(upper, -expm1(log(0.05) / n)), "n = %g: %.17g", n, upper);
        jh_binom_limits(n, n, 0.9, &lower, &mirrored, NULL);
        cr_assert(mirrored == 1 && near(lower, exp(log(0.05) / n)), "n = %g: %.17g", n, lower);
        cr_assert(near(1 - lower, upper) || n > 1000);
    }
}

/* More errors move both limits up; the interval holds the rate; what passes and what fails mirror each other; and the
 * limits have the tail they claim: P(X >= errors) at the lower, P(X <= errors) at the upper, each half of 1 - conf. */
Test(binom, limits_have_their_tails)
{
    static const double samples[] = {1, 2, 7, 30, 59.5, 400, 3000, 20000};
    static const double confs[] = {0.5, 0.8, 0.95, 0.999};

    for (size_t s = 0; s < 8; s++)
        for (size_t c = 0; c < 4; c++) {
            const double n = samples[s], conf = confs[c], tail = (1 - conf) / 2;
            double last_lower = -1, last_upper = -1;

            for (int step = 0; step <= 40; step++) {
                const double k = n * step / 40;
                double lower, upper, other_lower, other_upper;

                cr_assert_eq(jh_binom_limits(k, n, conf, &lower, &upper, NULL), JIHE_OK);
                cr_assert(lower >= last_lower && upper >= last_upper && (lower > last_lower || upper > last_upper));
                cr_assert(lower <= k / n && k / n <= upper);
                jh_binom_limits(n - k, n, conf, &other_lower, &other_upper, NULL);
                cr_assert(fabs(lower + other_upper - 1) < 1e-13 && fabs(upper + other_lower - 1) < 1e-13);
                if (step > 0)
                    cr_assert(fabs(jh_beta_lower(lower, k, n - k + 1) / tail - 1) < 1e-10, "lower of %g of %g", k, n);
                if (1 - upper > 1e-4) /* nearer to 1 a double holds too few digits of 1 - upper for this */
                    cr_assert(fabs(jh_beta_upper(upper, k + 1, n - k) / tail - 1) < 1e-10, "upper of %g of %g", k, n);
                last_lower = lower;
                last_upper = upper;
            }
        }
}

Test(binom, unusable_arguments_change_nothing)
{
    static const double bad[][3] = {{-1, 10, 0.95},
                                    {11, 10, 0.95},
                                    {0, 0, 0.95},
                                    {0, -5, 0.95},
                                    {1, 10, 0},
                                    {1, 10, 1},
                                    {NAN, 10, 0.95},
                                    {1, NAN, 0.95},
                                    {1, 10, NAN},
                                    {1, INFINITY, 0.95},
                                    {1, 10, 95},
                                    {1, 10, -0.5},
                                    {INFINITY, INFINITY, 0.95}};
    double lower = 7, upper = 8;
    jihe_error err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(jh_binom_limits(bad[i][0], bad[i][1], bad[i][2], &lower, &upper, &err), JIHE_USAGE, "case %zu", i);
        cr_assert(lower == 7 && upper == 8);
    }
}

/* Extreme but legal: an answer in order, and an end. */
Test(binom, extremes_come_to_an_end)
{
    static const double extremes[][3] = {{1e-300, 10, 0.95}, {10 - 1e-15, 10, 0.95}, {5e14, 1e15, 0.95},
                                         {1, 1e300, 0.95},   {1e-310, 1e-308, 0.95}, {1, 10, 1 - 1.2e-16},
                                         {1, 10, 1e-300},    {5e299, 1e300, 0.5}};

    for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
        double lower = -1, upper = -1;
        cr_assert_eq(jh_binom_limits(extremes[i][0], extremes[i][1], extremes[i][2], &lower, &upper, NULL), JIHE_OK);
        cr_assert(lower >= 0 && lower <= upper && upper <= 1, "case %zu: %g, %g", i, lower, upper);
    }
}

/* Splits a line of an oracle file (no quotes in it) at its commas. */
static size_t split(char *line, char *fields[], size_t room)
{
    size_t count = 0;

    line[strcspn(line, "\n")] = '\0';
    while (line != NULL && count < room)
        fields[count++] = strsep(&line, ",");
    return count;
}

static FILE *open_oracle(const char *name)
{
    const char *shared = getenv("JIHE_SHARED");
    char path[4096];
    FILE *file = NULL;

    if (shared != NULL) {
        snprintf(path, sizeof path, "%s/oracles/%s", shared, name);
        file = fopen(path, "r");
    }
    if (file == NULL)
        cr_skip_test("skipped: set JIHE_SHARED to the folder that holds oracles/%s", name);
    return file;
}

/* id,function,k,n,conf,out,expected,... */
static double oracle_limit(char *fields[], bool *ours)
{
    const double k = strtod(fields[2], NULL), n = strtod(fields[3], NULL), conf = strtod(fields[4], NULL);
    double lower = -1, upper = -1;

    *ours = true;
    if (strcmp(fields[1], "cp_upper_one_sided") == 0)
        return k < n ? jh_beta_quantile_upper(1 - conf, k + 1, n - k) : 1;
    if (strcmp(fields[1], "cp_lower_one_sided") == 0)
        return k > 0 ? jh_beta_quantile_lower(1 - conf, k, n - k + 1) : 0;
    *ours = strcmp(fields[1], "clopper_pearson") == 0;
    if (*ours)
        cr_assert_eq(jh_binom_limits(k, n, conf, &lower, &upper, NULL), JIHE_OK);
    return strcmp(fields[5], "lower") == 0 ? lower : upper;
}

Test(binom, every_clopper_pearson_row_of_the_oracle_file)
{
    FILE *file = open_oracle("proportion_ci.csv");
    char line[1024], *fields[16];
    long rows = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        bool ours = false;
        if (split(line, fields, 16) < 7)
            continue;
        const double got = oracle_limit(fields, &ours), want = strtod(fields[6], NULL);
        rows += ours;
        cr_assert(!ours || near(got, want), "%s: %.17g, want %.17g", fields[0], got, want);
    }
    fclose(file);
    cr_assert_eq(rows, 444);
}

/* The AICPA's table of upper limits, one-sided: id,function,k,n,conf,expected,unrounded,... in percent, rounded up. */
Test(binom, every_row_of_the_aicpa_table)
{
    FILE *file = open_oracle("aicpa_upper_limits.csv");
    char line[1024], *fields[16];
    long rows = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        if (split(line, fields, 16) < 7 || strcmp(fields[1], "cp_upper_pct_ceil_1dp") != 0)
            continue;
        const double k = strtod(fields[2], NULL), n = strtod(fields[3], NULL), conf = strtod(fields[4], NULL);
        const double got = jh_beta_quantile_upper(1 - conf, k + 1, n - k);
        cr_assert(near(got, strtod(fields[6], NULL)), "%s: %.17g", fields[0], got);
        cr_assert(fabs(ceil(got * 1000) / 10 - strtod(fields[5], NULL)) < 1e-9, "%s: %.17g", fields[0], got);
        rows++;
    }
    fclose(file);
    cr_assert_eq(rows, 315);
}
