#include "stats/gamma.h"

#include <math.h>
#include <stdbool.h>

#include "stats/stirling.h"

/* x^a e^-x / Gamma(a + 1). */
static double prefactor(double a, double x)
{
    return exp(-jh_stirling_error(a) - jh_deviance(a, x, x - a)) / sqrt(6.283185307179586476925 * a);
}

/* P(a, x) over the prefactor, for x up to about a: terms of one sign, as many as about ten square roots of a. */
static double series(double a, double x)
{
    double sum = 1, term = 1;

    for (double n = 1; n < 1e8; n += 1) {
        term *= x / (a + n);
        if (term < sum * 1e-17)
            break;
        sum += term;
    }
    return sum;
}

static double away_from_zero(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

/* The prefactor times a, over Q(a, x), for x above a: Lentz's forward evaluation of the even part. */
static double fraction(double a, double x)
{
    const double beyond = x - a;
    double value = away_from_zero(beyond + 1), c = value, d = 0;

    for (double n = 1; n < 1e8; n += 1) {
        const double top = n * (a - n), bottom = beyond + 2 * n + 1;
        double factor;

        d = 1 / away_from_zero(bottom + top * d);
        c = away_from_zero(bottom + top / c);
        factor = c * d;
        value *= factor;
        if (fabs(factor - 1) < 1e-16)
            break;
    }
    return value;
}

static bool below_mean(double a, double x)
{
    return x < a || x < 1;
}

double jh_gamma_lower(double a, double x)
{
    if (x <= 0)
        return 0;
    if (isinf(x))
        return 1;
    return below_mean(a, x) ? prefactor(a, x) * series(a, x) : 1 - prefactor(a, x) * a / fraction(a, x);
}

double jh_gamma_upper(double a, double x)
{
    if (x <= 0)
        return 1;
    if (isinf(x))
        return 0;
    return below_mean(a, x) ? 1 - prefactor(a, x) * series(a, x) : prefactor(a, x) * a / fraction(a, x);
}

/* Newton's method on ln tail as a function of ln x, kept inside a bracket that shrinks with every step. */
static double quantile(double target, double a, bool upper)
{
    double low = 0, high = INFINITY, x = a;

    for (int round = 0; round < 2000; round++) {
        const double tail = upper ? jh_gamma_upper(a, x) : jh_gamma_lower(a, x);
        const double slope = prefactor(a, x) * a / tail; /* of ln tail over ln x, without its sign */
        const double excess = log(tail / target);
        double next = x * exp(upper ? excess / slope : -excess / slope);

        if ((excess > 0) == upper)
            low = x;
        else
            high = x;
        if (fabs(next - x) <= 2e-16 * x)
            return next;
        if (!(next > low && next < high)) /* outside, or not a number because the tail was 0 */
            next = low <= 0 ? high / 16 : isinf(high) ? low * 2 : low + (high - low) / 2;
        if (next <= low || next >= high)
            return next;
        x = next;
    }
    return x;
}

double jh_gamma_quantile_lower(double p, double a)
{
    return quantile(p, a, false);
}

double jh_gamma_quantile_upper(double q, double a)
{
    return quantile(q, a, true);
}
