#include "stats/beta.h"

#include <math.h>
#include <stdbool.h>

#include "stats/stirling.h"

/* W. Lentz (1976) as modified by Thompson and Barnett: the continued fraction, evaluated forwards. */

/* n x - a, the distance from the mean. It comes from the smaller of x and y, as the larger one was rounded when it was
 * made: times n, that would cost five digits in a sample of a hundred thousand. */
static double beyond_mean(double x, double y, double a, double b)
{
    return x < y ? (a + b) * x - a : b - (a + b) * y;
}

/* x^a y^b / B(a, b), y = 1 - x, 0 < x < 1. */
static double prefactor(double x, double y, double a, double b)
{
    const double n = a + b, beyond = beyond_mean(x, y, a, b);
    const double exponent = jh_stirling_error(n) - jh_stirling_error(a) - jh_stirling_error(b) -
                            jh_deviance(a, n * x, beyond) - jh_deviance(b, n * y, -beyond);

    return sqrt(a / n * b / 6.283185307179586476925) * exp(exponent);
}

static double away_from_zero(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

/* x^a y^b / B(a, b) over this is I_x(a, b): the even part of the usual continued fraction, in the form of DiDonato and
 * Morris (1992, TOMS 708), which knows the distance from the mean. Quick for x below the mean: it takes about as many
 * rounds as the square root of the larger parameter. */
static double fraction(double x, double y, double a, double b)
{
    const double beyond = beyond_mean(x, y, a, b);
    double value = away_from_zero(a * (1 - beyond) / (a + 1)), c = value, d = 0;

    for (int m = 1; m < 200000; m++) {
        const double s = a + 2 * m;
        const double top = (a + m - 1) / (s - 1) * ((a + b + m - 1) / (s - 1) * x) * (m * (b - m) * x);
        const double bottom = m + m * (b - m) * x / (s - 1) + (a + m) * (1 - beyond + m * (1 + y)) / (s + 1);
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

/* I_x(a, b) with y = 1 - x given too, so that neither end of the interval loses digits. */
static double lower_tail(double x, double y, double a, double b)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    if (x > (a + 1) / (a + b + 2)) /* then this is the larger tail, and the difference from 1 costs nothing */
        return 1 - prefactor(x, y, a, b) / fraction(y, x, b, a);
    return prefactor(x, y, a, b) / fraction(x, y, a, b);
}

double jh_beta_lower(double x, double a, double b)
{
    return lower_tail(x, 1 - x, a, b);
}

double jh_beta_upper(double x, double a, double b)
{
    return lower_tail(1 - x, x, b, a);
}

/* Newton's method on ln tail as a function of ln x, nearly a straight line for small x, kept inside a bracket that
 * shrinks with every step. `upper` says which tail is to be `target`. */
static double quantile(double target, double a, double b, bool upper)
{
    double low = 0, high = 1, x = a / (a + b);

    for (int round = 0; round < 2000; round++) {
        const double tail = upper ? jh_beta_upper(x, a, b) : jh_beta_lower(x, a, b);
        const double slope = prefactor(x, 1 - x, a, b) / (1 - x) / tail; /* of ln tail, without its sign */
        const double excess = log(tail / target);
        double next = x * exp(upper ? excess / slope : -excess / slope);

        if ((excess > 0) == upper)
            low = x;
        else
            high = x;
        if (fabs(next - x) <= 2e-16 * x)
            return next;
        if (!(next > low && next < high)) /* outside, or not a number because the tail was 0 */
            next = low > 0 ? low + (high - low) / 2 : high / 16;
        if (next <= low || next >= high)
            return next;
        x = next;
    }
    return x;
}

double jh_beta_quantile_lower(double p, double a, double b)
{
    return quantile(p, a, b, false);
}

double jh_beta_quantile_upper(double q, double a, double b)
{
    return quantile(q, a, b, true);
}
