#include <criterion/criterion.h>

#include <string.h>

#include "base/num.h"
#include "base/pcg.h"

Test(num, i64_and_u64_at_their_limits)
{
    int64_t i = 5;
    uint64_t u = 5;

    cr_assert(jh_num_i64("9223372036854775807", 19, &i) && i == INT64_MAX);
    cr_assert(jh_num_i64("-9223372036854775808", 20, &i) && i == INT64_MIN);
    cr_assert(!jh_num_i64("9223372036854775808", 19, &i));
    cr_assert(!jh_num_i64("-9223372036854775809", 20, &i));
    cr_assert(jh_num_i64("-0", 2, &i) && i == 0);
    cr_assert(jh_num_i64("007", 3, &i) && i == 7);
    cr_assert(jh_num_u64("18446744073709551615", 20, &u) && u == UINT64_MAX);
    cr_assert(!jh_num_u64("18446744073709551616", 20, &u));
    cr_assert(!jh_num_u64("99999999999999999999999", 23, &u));

    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "１"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        cr_assert(!jh_num_i64(bad[k], strlen(bad[k]), &i) && !jh_num_u64(bad[k], strlen(bad[k]), &u), "'%s'", bad[k]);
    cr_assert(!jh_num_u64("-1", 2, &u));
    cr_assert(!jh_num_u64("1\0", 2, &u));
}

Test(num, i128_text_and_back)
{
    const jh_i128 top = (jh_i128)(~(jh_u128)0 >> 1);
    char text[41];
    jh_i128 back;
    jh_pcg64 rng;

    cr_assert_eq(jh_num_i128_text(-top - 1, text), 40u);
    cr_assert_str_eq(text, "-170141183460469231731687303715884105728");
    cr_assert(jh_num_i128(text, 40, &back) && back == -top - 1);
    text[39] = '9';
    cr_assert(!jh_num_i128(text, 40, &back));
    cr_assert(!jh_num_i128("170141183460469231731687303715884105728", 39, &back));
    cr_assert(!jh_num_i128("-", 1, &back) && !jh_num_i128("", 0, &back) && !jh_num_i128("1-", 2, &back));
    jh_pcg64_seed(&rng, 1, 1);
    for (int n = 0; n < 20000; n++) {
        const unsigned shift = (unsigned)jh_pcg64_below(&rng, 128);
        const jh_i128 value = (jh_i128)((jh_u128)jh_pcg64_next(&rng) << 64 | jh_pcg64_next(&rng)) >> shift;
        const size_t len = jh_num_i128_text(value, text);
        cr_assert(jh_num_i128(text, len, &back) && back == value, "%s", text);
    }
}

static const struct decimal_case {
    const char *text;
    int64_t digits;
    uint32_t scale;
} decimals[] = {
    {"0", 0, 0},
    {"-0", 0, 0},
    {"12", 12, 0},
    {"-0.05", -5, 2},
    {"3.50", 35, 1},
    {"0.000", 0, 0},
    {"100.00", 100, 0},
    {"0.000000000000000001", 1, 18},
    {"999999999999999999", 999999999999999999, 0},
};

Test(num, decimals)
{
    static const char *const bad[] = {"",
                                      "-",
                                      ".5",
                                      "5.",
                                      "1e2",
                                      "+1",
                                      "1,0",
                                      "1.2.3",
                                      " 1",
                                      "1 ",
                                      "-.5",
                                      "０",
                                      "1000000000000000000",
                                      "0.0000000000000000001"};
    jh_decimal d;

    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        cr_assert(jh_num_decimal(decimals[i].text, strlen(decimals[i].text), &d), "%s", decimals[i].text);
        cr_assert(d.digits == decimals[i].digits && d.scale == decimals[i].scale, "%s", decimals[i].text);
    }
    cr_assert(jh_num_decimal("-123456789012345678.123456789012345678", 38, &d) && d.scale == 18);
    cr_assert(d.digits == -((jh_i128)123456789012345678 * 1000000000000000000 + 123456789012345678));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert(!jh_num_decimal(bad[i], strlen(bad[i]), &d), "'%s'", bad[i]);
}

Test(num, rates_are_exact_or_refused)
{
    static const struct {
        const char *text;
        int64_t ppm; /* -1: refused */
    } rates[] = {
        {"10%", 100000},
        {"0.5%", 5000},
        {"0.1", 100000},
        {"1", 1000000},
        {"100%", 1000000},
        {"0", 0},
        {"0.0001%", 1},
        {"0.00001%", -1},
        {"0.000001", 1},
        {"0.0000001", -1},
        {"-1%", -1},
        {"%", -1},
        {"10 %", -1},
        {"33.3333%", 333333},
        {"4294.967295", 4294967295},
        {"4294.967296", -1},
        {"10%%", -1},
        {"999999999999999999", -1},
        {"0.10000000000000000", 100000},
    };

    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        uint32_t ppm = 0;
        const bool read = jh_num_rate(rates[i].text, strlen(rates[i].text), &ppm);
        cr_assert_eq(read ? (int64_t)ppm : -1, rates[i].ppm, "%s", rates[i].text);
    }
}

/* floor <= value * 10^scale <= ceil, by multiplication in 128 bits rather than division. */
Test(num, floor_and_ceiling_enclose_the_value)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 5, 6);
    for (int n = 0; n < 100000; n++) {
        const jh_decimal d = {(int64_t)jh_pcg64_next(&rng) >> jh_pcg64_below(&rng, 63),
                              (uint32_t)jh_pcg64_below(&rng, 19)};
        const uint32_t scale = (uint32_t)jh_pcg64_below(&rng, 7);
        jh_i128 left = d.digits, unit = 1;
        int64_t low, high;

        for (uint32_t i = 0; i < scale; i++)
            left *= 10;
        for (uint32_t i = 0; i < d.scale; i++)
            unit *= 10;
        if (!jh_num_scale_floor(d, scale, &low) || !jh_num_scale_ceil(d, scale, &high)) {
            cr_assert(left / unit >= INT64_MAX || left / unit <= INT64_MIN);
            continue;
        }
        cr_assert(low * unit <= left && left < low * unit + unit);
        cr_assert(high * unit >= left && left > high * unit - unit);
        cr_assert_eq(low == high, left % unit == 0);
    }
}

Test(num, scaling_never_overflows_silently)
{
    const jh_decimal large = {(jh_i128)999999999999999999 * 1000000000000000000, 0}, zero = {0, 0}, tiny = {1, 18};
    int64_t out = 3;

    cr_assert(!jh_num_scale_floor(large, 0, &out) && !jh_num_scale_ceil(large, 6, &out));
    cr_assert(!jh_num_scale_floor(large, 4000000000u, &out));
    cr_assert(jh_num_scale_floor(zero, 4000000000u, &out) && out == 0);
    cr_assert(jh_num_scale_ceil(tiny, 0, &out) && out == 1);
    cr_assert(jh_num_scale_floor((jh_decimal){-1, 18}, 6, &out) && out == -1);
    cr_assert(jh_num_scale_ceil((jh_decimal){-1, 18}, 6, &out) && out == 0);
    cr_assert(jh_num_scale_floor((jh_decimal){INT64_MIN, 0}, 0, &out) && out == INT64_MIN);
    cr_assert(!jh_num_scale_floor((jh_decimal){(jh_i128)INT64_MIN * 10 - 1, 1}, 0, &out));
}
