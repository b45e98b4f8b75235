#include "stats/betabinom.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "stats/argument.h"
#include "stats/stirling.h"

struct law {
    double n, a, b;
};

/* ln of the negative binomial density of k with size s, when its mean is m: sizes need not be whole. With p = s / (s +
 * m) it is s / (s + k) times the binomial form of s out of s + k. */
static double log_nbinom(double k, double s, double m)
{
    const double n = s + k, p = s / (s + m), q = m / (s + m);

    if (k <= 0)
        return s * log(p);
    return log(s / n) + jh_stirling_error(n) - jh_stirling_error(s) - jh_stirling_error(k) -
           jh_deviance(s, n * p, n * p - s) - jh_deviance(k, n * q, n * q - k) -
           log(6.283185307179586476925 * s / n * k) / 2;
}

/* Given their sum n, one of two negative binomial counts with the same p is beta-binomial. */
static double density(double k, const struct law *law)
{
    const double share = law->n / (law->a + law->b);

    return exp(log_nbinom(k, law->a, law->a * share) + log_nbinom(law->n - k, law->b, law->b * share) -
               log_nbinom(law->n, law->a + law->b, law->n));
}

/* The terms from k on, upwards or downwards. They may rise again towards the end where a or b is below 1, so it takes
 * both shapes above 1 to stop early. */
static double sum_up(double k, const struct law *law)
{
    const bool humped = law->a >= 1 && law->b >= 1;
    double term = density(k, law), sum = term;

    for (; k < law->n; k += 1) {
        const double ratio = (law->n - k) * (k + law->a) / ((k + 1) * (law->n - k - 1 + law->b));

        term *= ratio;
        sum += term;
        if (humped && ratio < 1 && term < sum * 1e-17)
            break;
    }
    return sum;
}

static double sum_down(double k, const struct law *law)
{
    const bool humped = law->a >= 1 && law->b >= 1;
    double term = density(k, law), sum = term;

    for (; k > 0; k -= 1) {
        const double ratio = k * (law->n - k + law->b) / ((law->n - k + 1) * (k - 1 + law->a));

        term *= ratio;
        sum += term;
        if (humped && ratio < 1 && term < sum * 1e-17)
            break;
    }
    return sum;
}

jihe_status jh_betabinom_at_least(uint64_t errors, uint64_t sample, double mean, double rho, double *tail,
                                  jihe_error *err)
{
    if (sample == 0 || sample > 1000000000)
        return jh_fail(err, JIHE_USAGE, "a sample of %" PRIu64 " documents; it must be 1 to 1000000000", sample);
    if (!(mean > 0 && mean < 1))
        return jh_fail(err, JIHE_USAGE, "a mean rate of %.17g; it must be between 0 and 1, for example 0.02", mean);
    if (!(rho > 0 && rho < 1))
        return jh_fail(err, JIHE_USAGE,
                       "an intraclass correlation of %.17g; it must be between 0 and 1, for example 0.01", rho);
    const double total = 1 / rho - 1;
    const struct law law = {(double)sample, mean * total, (1 - mean) * total};
    if (errors == 0 || errors > sample)
        *tail = errors == 0 ? 1 : 0;
    else if ((double)errors > law.n * mean)
        *tail = sum_up((double)errors, &law);
    else
        *tail = 1 - sum_down((double)errors - 1, &law);
    return JIHE_OK;
}
