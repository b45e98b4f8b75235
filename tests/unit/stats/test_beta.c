#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>

#include "stats/beta.h"

static bool near(double got, double want, double rel_tol)
{
    return fabs(got - want) <= rel_tol * want;
}

/* From the project's oracle file special_functions.csv (mpmath at 50 digits, agreed with R 4.2.2): I_x(a, b) and its
 * complement, each to be met in its own relative error. */
static const struct beta_case {
    double x, a, b, lower, upper;
} cases[] = {
    {0.996996473, 138.37, 1, 0.65953290547315968, 0.34046709452684032},
    {0.9930162204, 138.37, 1, 0.37918322446085355, 0.62081677553914645},
    {0.9994303633, 25000, 5.95, 0.0044443396696150981, 0.9955556603303849},
    {0.999999999, 7.5, 0.595, 0.99998386065699943, 1.6139343000573401e-5},
    {0.0001215393093, 0.5, 9000, 0.86089028889661198, 0.13910971110338802},
    {0.9998171681, 25000, 0.595, 0.0034643951210839405, 0.99653560487891606},
    {0.3988318533, 3, 2, 0.17785691623931356, 0.82214308376068644},
    {1e-09, 1, 0.5, 5.0000000012500003e-10, 0.9999999995},
    {0.001529262372, 10.275, 9000, 0.86236375202154341, 0.13763624797845659},
    {0.9937144891, 1500, 5.95, 0.086716470305510667, 0.91328352969448933},
    {0.7010829273, 25000, 10710, 0.65934397441895829, 0.34065602558104171},
    {0.3515698614, 20, 5, 1.7373116130765545e-6, 0.99999826268838692},
    {0.999999999, 0.5, 0.5, 0.99997986831543953, 2.0131684560468627e-5},
    {0.8408703895, 101, 33, 0.9946682083112906, 0.0053317916887094032},
    {0.999999999, 0.5, 1.19, 0.99999999999089719, 9.102809913355474e-12},
    {0.999999999, 2, 2.38, 1, 1.2850400721613165e-21},
    {0.02085582233, 10.275, 400, 0.31787399268576181, 0.68212600731423819},
    {5.658541008e-05, 0.5, 10710, 0.72907655657638672, 0.27092344342361328},
    {1.873393474e-05, 2.74, 9000, 0.0015408965449716709, 0.99845910345502833},
    {0.04997293938, 7.5, 400, 0.99971654417700924, 0.00028345582299075509},
    {1e-09, 2, 1.19, 1.3030499998349471e-18, 1},
    {0.778901037, 20, 5.95, 0.50562541526333907, 0.49437458473666093},
    {0.4846841553, 10.275, 5.95, 0.1093233945262808, 0.8906766054737192},
    {0.9590086038, 138.37, 1, 0.0030533726229241566, 0.99694662737707584},
};

Test(beta, reference_tails)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct beta_case *c = &cases[i];
        const double lower = jh_beta_lower(c->x, c->a, c->b), upper = jh_beta_upper(c->x, c->a, c->b);

        cr_assert(near(lower, c->lower, 5e-14), "I_%g(%g, %g) = %.17g, want %.17g", c->x, c->a, c->b, lower, c->lower);
        cr_assert(near(upper, c->upper, 5e-14), "1 - I_%g(%g, %g) = %.17g, want %.17g", c->x, c->a, c->b, upper,
                  c->upper);
    }
}

/* I_x(1, b) = 1 - (1-x)^b, I_x(a, 1) = x^a, I_x(a, b) = 1 - I_(1-x)(b, a), and both tails make 1, from a tiny tail to
 * all. */
Test(beta, identities)
{
    static const double shapes[] = {0.3, 0.5, 1, 1.5, 2, 7.25, 40, 333.3, 5000, 1e6};

    for (size_t i = 0; i < 10; i++)
        for (double x = 1e-9; x < 1; x = x * 1.9 < 0.5 ? x * 1.9 : x + 0.04) {
            const double s = shapes[i];

            if (s * log1p(-x) > -600)
                cr_assert(near(jh_beta_upper(x, 1, s), exp(s * log1p(-x)), 2e-13), "b = %g, x = %g", s, x);
            cr_assert(near(jh_beta_lower(x, 1, s), -expm1(s * log1p(-x)), 2e-13), "b = %g, x = %g", s, x);
            if (s * log(x) > -600)
                cr_assert(near(jh_beta_lower(x, s, 1), exp(s * log(x)), 2e-13), "a = %g, x = %g", s, x);
            for (size_t j = 0; j < 10; j++) {
                const double lower = jh_beta_lower(x, s, shapes[j]), upper = jh_beta_upper(x, s, shapes[j]);
                cr_assert(lower >= 0 && lower <= 1 && fabs(lower + upper - 1) < 1e-14, "%g: %g %g", x, s, shapes[j]);
            }
        }
}

Test(beta, quantiles_lead_back)
{
    static const double shapes[] = {0.5, 1, 3.5, 20, 777, 30000, 1e6};
    static const double tails[] = {1e-12, 1e-4, 0.025, 0.3, 0.5, 0.9, 0.999};

    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++)
            for (size_t t = 0; t < 7; t++) {
                const double a = shapes[i], b = shapes[j], tail = tails[t];
                const double low = jh_beta_quantile_lower(tail, a, b), high = jh_beta_quantile_upper(tail, a, b);

                /* Near 1 a double holds too few digits of 1 - x for the tail to be met. */
                cr_assert(low >= 0 && low <= 1 && high >= 0 && high <= 1);
                if (1 - low > 1e-4)
                    cr_assert(near(jh_beta_lower(low, a, b), tail, 1e-9), "lower %g of (%g, %g): %.17g", tail, a, b,
                              low);
                if (1 - high > 1e-4)
                    cr_assert(near(jh_beta_upper(high, a, b), tail, 1e-9), "upper %g of (%g, %g): %.17g", tail, a, b,
                              high);
            }
}
