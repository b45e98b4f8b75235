#include "stats/benford.h"

#include <math.h>

#include "stats/gamma.h"

static const uint64_t largest = UINT64_C(1) << 53;

jh_digits jh_leading_digits(int64_t minor_units)
{
    uint64_t left = minor_units < 0 ? -(uint64_t)minor_units : (uint64_t)minor_units;
    jh_digits digits;

    while (left >= 100)
        left /= 10;
    digits.first = (uint8_t)(left >= 10 ? left / 10 : left);
    digits.first_two = (uint8_t)(left >= 10 ? left : left * 10);
    return digits;
}

double jh_benford_share(size_t digits, size_t index)
{
    const size_t digit = index + (digits == JH_BENFORD_FIRST ? 1 : 10);

    return log1p(1 / (double)digit) / 2.302585092994045684018;
}

jihe_status jh_benford_test(jh_benford *out, const uint64_t *observed, size_t digits, jihe_error *err)
{
    uint64_t all = 0;
    double chisq = 0, apart = 0;

    if (digits != JH_BENFORD_FIRST && digits != JH_BENFORD_FIRST_TWO)
        return jh_fail(err, JIHE_USAGE, "%zu digits; it must be 9 (first digit) or 90 (first two)", digits);
    for (size_t i = 0; i < digits; i++) {
        if (observed[i] > largest - all)
            return jh_fail(err, JIHE_USAGE, "more than 2^53 amounts; give fewer");
        all += observed[i];
    }
    if (all == 0)
        return jh_fail(err, JIHE_USAGE, "no amounts with a leading digit");
    for (size_t i = 0; i < digits; i++) {
        const double expected = jh_benford_share(digits, i) * (double)all;
        const double beyond = (double)observed[i] - expected;

        chisq += beyond * beyond / expected;
        apart += fabs(beyond);
    }
    out->amounts = all;
    out->chisq = chisq;
    out->p = chisq > 0 ? jh_gamma_upper((double)(digits - 1) / 2, chisq / 2) : 1;
    out->mad = apart / (double)all / (double)digits;
    return JIHE_OK;
}

double jh_benford_mad_chance(size_t digits, uint64_t amounts)
{
    const double pi = 3.141592653589793238463;
    double sum = 0;

    for (size_t i = 0; i < digits; i++) {
        const double share = jh_benford_share(digits, i);

        sum += sqrt(2 * share * (1 - share) / (pi * (double)amounts));
    }
    return sum / (double)digits;
}

double jh_benford_z(uint64_t observed, uint64_t amounts, double share)
{
    const double beyond = (double)observed / (double)amounts - share, half = 0.5 / (double)amounts;
    const double error = sqrt(share * (1 - share) / (double)amounts);

    return (beyond > half ? beyond - half : beyond < -half ? beyond + half : 0) / error;
}
