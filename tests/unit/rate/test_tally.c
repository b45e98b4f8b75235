#include <criterion/criterion.h>
#include <math.h>

#include "rate/tally.h"

static void near(double got, double want, double tolerance, const char *what)
{
    cr_assert(fabs(got - want) <= tolerance, "%s: got %.15g, want %.15g", what, got, want);
}

/* 2 errors in 200: the exact interval is 0.12 % to 3.57 % (DOMAIN.md). Limits by bisection of the binomial sums in
 * doubles. */
Test(tally, equal_weights_are_plain_clopper_pearson)
{
    jh_tally tally = {0};
    jh_estimate in, out;
    jihe_error err;

    for (int i = 0; i < 200; i++)
        jh_tally_add(&tally, 0.1, i < 2, i == 0);
    cr_assert(!jh_tally_weighted(&tally));
    cr_assert(jh_tally_estimate(&tally, 0, &in, &err) == JIHE_OK &&
              jh_tally_estimate(&tally, 1, &out, &err) == JIHE_OK);
    near(in.rate, 0.01, 1e-15, "rate");
    near(in.low, 0.0012133490137360317, 1e-14, "low");
    near(in.high, 0.03565466839723979, 1e-13, "high");
    near(out.rate, 0.005, 1e-15, "out-of-rule rate");
    near(tally.weight, 2000.0, 1e-9, "documents represented");
}

/* DOMAIN.md's example: 600 large documents at 4 % checked whole, 10 % of 9,400 others at 0.8 %: 0.99 %, where pooling
 * says 2.05 %. */
Test(tally, weights_undo_unequal_chances)
{
    jh_tally tally = {0};
    jh_estimate estimate;
    jihe_error err;

    for (int i = 0; i < 600; i++)
        jh_tally_add(&tally, 1.0, i < 24, false);
    for (int i = 0; i < 940; i++)
        jh_tally_add(&tally, 0.1, i < 8, false); /* 7.52 expected */
    cr_assert(jh_tally_weighted(&tally));
    cr_assert(jh_tally_estimate(&tally, 0, &estimate, &err) == JIHE_OK);
    near(estimate.rate, (24.0 + 80.0) / 10000.0, 1e-12, "rate");
    near(tally.weight, 10000.0, 1e-6, "documents represented");
    /* n_eff = 10000^2 / (600 + 940 * 100) = 1057.08; wider than the 1,540 documents would give if they were equal */
    cr_assert(estimate.low > 0.004 && estimate.low < estimate.rate && estimate.high > estimate.rate &&
              estimate.high < 0.02);
}

Test(tally, ends)
{
    jh_tally none = {0}, every = {0};
    jh_estimate estimate;
    jihe_error err;

    for (int i = 0; i < 5; i++) {
        jh_tally_add(&none, 1.0, false, false);
        jh_tally_add(&every, i == 0 ? 0.5 : 1.0, true, false);
    }
    cr_assert(jh_tally_estimate(&none, 0, &estimate, &err) == JIHE_OK);
    cr_assert(estimate.low == 0.0 && estimate.rate == 0.0);
    near(estimate.high, 1.0 - pow(0.025, 0.2), 1e-12, "0 of 5");
    cr_assert(jh_tally_estimate(&every, 0, &estimate, &err) == JIHE_OK);
    cr_assert(estimate.high == 1.0 && estimate.rate == 1.0 && estimate.low > 0.0);
}
