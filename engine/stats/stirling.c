#include "stats/stirling.h"

#include <math.h>

/* The series is good to 2e-16 from 15 on; below, the recurrence of ln Gamma leads there. */
double jh_stirling_error(double n)
{
    double below = 0, square;

    for (; n < 15; n += 1)
        below += (n + 0.5) * log1p(1 / n) - 1;
    square = n * n;
    return below +
           (1. / 12 - (1. / 360 - (1. / 1260 - (1. / 1680 - 1. / 1188 / square) / square) / square) / square) / n;
}

/* Near x = m by its series in (m - x) / (m + x). */
double jh_deviance(double x, double m, double excess)
{
    const double v = excess / (m + x);
    double sum, power;

    if (fabs(v) >= 0.1)
        return x * log(x / m) + excess;
    sum = excess * v;
    power = -2 * x * v;
    for (int j = 3; j < 1000; j += 2) {
        power *= v * v;
        const double next = sum + power / j;
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

double jh_factorial_rest(double n)
{
    return n > 0 ? log(6.283185307179586476925 * n) / 2 + jh_stirling_error(n) : 0;
}

double jh_count_deviance(double x, double m, double excess)
{
    return x > 0 ? jh_deviance(x, m, excess) : m;
}
