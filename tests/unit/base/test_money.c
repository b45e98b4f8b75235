#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/pcg.h"

static const jh_money_format plain = {2, "", "", ".", 0, 0};
static const jh_money_format brazil = {2, "$", ".", ",", 0, 0};
static const jh_money_format china = {2, "¥", ",", ".", 0, 0};
static const jh_money_format swiss = {2, "CHF ", "’", ".", 1, 0};
static const jh_money_format rounded = {2, "", ",", ".", 1, 0};
static const jh_money_format yen = {0, "¥", ",", ".", 1, 0};
static const jh_money_format ledger = {2, "¥", ",", ".", 0, JH_NEGATIVE_PARENTHESES};
static const jh_money_format sap = {2, "¥", ",", ".", 0, JH_NEGATIVE_TRAILING | JH_NEGATIVE_NO_SIGN};
static const jh_money_format counted = {0, "", "", "", 0, JH_NEGATIVE_PARENTHESES | JH_NEGATIVE_TRAILING};

enum { MAL = JH_MONEY_MALFORMED, FINER = JH_MONEY_FINER, LARGE = JH_MONEY_TOO_LARGE };

static const struct money_case {
    const jh_money_format *format;
    const char *text;
    int result;
    int64_t minor;
} cases[] = {
    {&brazil, "$3.102.000,00", 0, 310200000},
    {&brazil, "$106,89", 0, 10689},
    {&brazil, "3102000,00", 0, 310200000},
    {&brazil, "$3.102000,00", MAL, 0},
    {&brazil, "$3102.000,00", MAL, 0},
    {&brazil, "$.102,00", MAL, 0},
    {&brazil, "$3..102,00", MAL, 0},
    {&brazil, "$3.102.", MAL, 0},
    {&brazil, "$1,5", 0, 150},
    {&brazil, "$1.5", MAL, 0},
    {&brazil, "$1,500.00", MAL, 0},
    {&brazil, "$$1,00", MAL, 0},
    {&brazil, "$ 1,00", MAL, 0},
    {&china, "¥-1,234.5", 0, -123450},
    {&china, "-¥1,234.5", 0, -123450},
    {&china, "-¥-1", MAL, 0},
    {&china, "--1", MAL, 0},
    {&china, "¥", MAL, 0},
    {&china, "-", MAL, 0},
    {&china, "", MAL, 0},
    {&china, "1-", MAL, 0},
    {&china, "+1", MAL, 0},
    {&china, "\xc2", MAL, 0},
    {&china, "1,23,456", MAL, 0},
    {&china, "1234,567", MAL, 0},
    {&china, "123,456,789.00", 0, 12345678900},
    {&swiss, "CHF 1’000.005", 0, 100000},
    {&swiss, "1’000.015", 0, 100002},
    {&plain, "16.30", 0, 1630},
    {&plain, "-589.57", 0, -58957},
    {&plain, "0.0", 0, 0},
    {&plain, "-0.00", 0, 0},
    {&plain, ".50", MAL, 0},
    {&plain, "5.", MAL, 0},
    {&plain, "1,000.00", MAL, 0},
    {&plain, "1e3", MAL, 0},
    {&plain, "NaN", MAL, 0},
    {&plain, "0x10", MAL, 0},
    {&plain, "1 000", MAL, 0},
    {&plain, "1.2.3", MAL, 0},
    {&plain, "１２", MAL, 0},
    {&plain, "1.234", FINER, 0},
    {&plain, "1.230000000000000000000000000000000000", 0, 123},
    {&plain, "1.2300000000000000000000000000000000001", FINER, 0},
    {&rounded, "26.85120450862128", 0, 2685},
    {&rounded, "982873.809217116", 0, 98287381},
    {&rounded, "0.005", 0, 0},
    {&rounded, "0.015", 0, 2},
    {&rounded, "0.0050000000000000000000000000000000001", 0, 1},
    {&rounded, "-0.015", 0, -2},
    {&rounded, "-0.025", 0, -2},
    {&rounded, "0.0249999999999999999999999999999999999", 0, 2},
    {&rounded, "99.995", 0, 10000},
    {&yen, "¥1,500", 0, 1500},
    {&yen, "0.5", 0, 0},
    {&yen, "1.5", 0, 2},
    {&plain, "92233720368547758.07", 0, INT64_MAX},
    {&plain, "-92233720368547758.08", 0, INT64_MIN},
    {&plain, "92233720368547758.08", LARGE, 0},
    {&plain, "-92233720368547758.09", LARGE, 0},
    {&rounded, "92233720368547758.074", 0, INT64_MAX},
    {&rounded, "92233720368547758.075", LARGE, 0},
    {&rounded, "-92233720368547758.085", 0, INT64_MIN},
    {&plain, "184467440737095516.16", LARGE, 0},
    {&plain, "999999999999999999999999999999999999999999", LARGE, 0},
    {&plain, "999999999999999999999999999999999999999999x", MAL, 0},
    {&ledger, "(1,234.56)", 0, -123456},
    {&ledger, "(¥1,234.56)", 0, -123456},
    {&ledger, "¥(1,234.56)", 0, -123456},
    {&ledger, "-¥1.00", 0, -100},
    {&ledger, "(0.00)", 0, 0},
    {&ledger, "(92233720368547758.08)", 0, INT64_MIN},
    {&ledger, "(-1.00)", MAL, 0},
    {&ledger, "-(1.00)", MAL, 0},
    {&ledger, "(1.00", MAL, 0},
    {&ledger, "1.00)", MAL, 0},
    {&ledger, "((1.00))", MAL, 0},
    {&ledger, "()", MAL, 0},
    {&ledger, "1.00-", MAL, 0},
    {&sap, "1,234.56-", 0, -123456},
    {&sap, "¥1.00-", 0, -100},
    {&sap, "1.00", 0, 100},
    {&sap, "-1.00", MAL, 0},
    {&sap, "¥-1.00", MAL, 0},
    {&sap, "(1.00)", MAL, 0},
    {&sap, "1.00--", MAL, 0},
    {&plain, "1.00-", MAL, 0},
    {&plain, "(1.00)", MAL, 0},
    {&counted, "12-", 0, -12},
    {&counted, "(12)", 0, -12},
    {&counted, "(12)-", MAL, 0},
    {&counted, "-12-", MAL, 0},
    {&counted, "12.", MAL, 0},
    {&plain, "000000000000000000000000000000000000000001", 0, 100},
};

Test(money, cells_as_people_write_them)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t minor = 0;
        const jh_money_result result = jh_money_parse(cases[i].format, cases[i].text, strlen(cases[i].text), &minor);

        cr_assert_eq((int)result, cases[i].result, "'%s' gave %d", cases[i].text, (int)result);
        cr_assert_eq(minor, cases[i].minor, "'%s' gave %lld", cases[i].text, (long long)minor);
    }
}

/* The written amount as a whole number of 10^-9 and what half-even rounding makes of it, by 128-bit division. */
static jh_i128 half_even(jh_i128 nanos, jh_i128 unit)
{
    const jh_i128 cut = nanos / unit, twice = 2 * (nanos % unit);

    if (twice > unit || (twice == unit && cut % 2 != 0))
        return cut + 1;
    return cut;
}

/* Digits of a non-negative amount of 10^-9, grouped or not, with `places` decimals (the others are 0). */
static void write_amount(jh_i128 nanos, uint32_t places, const char *thousands, char *out)
{
    char whole[48], grouped[128] = "", rest[16];
    const size_t len = jh_num_i128_text(nanos / 1000000000, whole);

    for (size_t i = 0; i < len; i++) {
        if (i != 0 && (len - i) % 3 == 0)
            strcat(grouped, thousands);
        strncat(grouped, whole + i, 1);
    }
    snprintf(rest, sizeof rest, "%09lld", (long long)(nanos % 1000000000));
    rest[places] = '\0';
    sprintf(out, places != 0 ? "%s;%s" : "%s", grouped, rest);
}

Test(money, random_amounts_match_128_bit_arithmetic)
{
    static const char *const marks[] = {"", ",", ".", " ", "\xc2\xa0", "’"};
    jh_pcg64 rng;
    long refused = 0, finer = 0;

    jh_pcg64_seed(&rng, 20260131, 9);
    for (int n = 0; n < 200000; n++) {
        const uint32_t scale = (uint32_t)jh_pcg64_below(&rng, 7), places = (uint32_t)jh_pcg64_below(&rng, 10);
        const bool negative = jh_pcg64_below(&rng, 2) != 0, reject = jh_pcg64_below(&rng, 4) == 0;
        const jh_money_format f = {scale, "元", marks[jh_pcg64_below(&rng, 6)], ";", !reject, 0};
        jh_i128 nanos = (jh_i128)jh_pcg64_next(&rng) * 1000000000 + (int64_t)jh_pcg64_below(&rng, 1000000000), cut = 1;
        jh_i128 unit = 1, want;
        char text[256] = "", digits[200];
        int64_t got = 0;
        jh_money_result result;

        nanos >>= jh_pcg64_below(&rng, 80);
        for (uint32_t i = places; i < 9; i++)
            cut *= 10;
        nanos -= nanos % cut;
        for (uint32_t i = scale; i < 9; i++)
            unit *= 10;
        if (jh_pcg64_below(&rng, 8) == 0 && places > scale) /* exact halves are rare by chance */
            nanos = nanos - nanos % unit + unit / 2;
        want = half_even(nanos, unit);
        write_amount(nanos, places, jh_pcg64_below(&rng, 2) != 0 ? f.thousands : "", digits);
        snprintf(text, sizeof text, "%s%s%s%s", negative && n % 2 == 0 ? "-" : "", n % 3 == 0 ? "元" : "",
                 negative && n % 2 != 0 ? "-" : "", digits);
        want = negative ? -want : want;
        result = jh_money_parse(&f, text, strlen(text), &got);
        if (reject && nanos % unit != 0) {
            cr_assert_eq(result, JH_MONEY_FINER, "%s", text);
            finer++;
        } else if (want > INT64_MAX || want < INT64_MIN) {
            cr_assert_eq(result, JH_MONEY_TOO_LARGE, "%s", text);
            refused++;
        } else {
            cr_assert(result == JH_MONEY_OK && got == want, "%s gave %lld (%d)", text, (long long)got, (int)result);
        }
    }
    cr_assert(refused > 1000 && finer > 1000, "the generator reaches every answer");
}

Test(money, text_reads_back)
{
    jh_pcg64 rng;
    char text[48];

    jh_pcg64_seed(&rng, 2, 2);
    for (int n = 0; n < 50000; n++) {
        const int64_t minor = (int64_t)jh_pcg64_next(&rng) >> jh_pcg64_below(&rng, 64);
        const jh_money_format f = {(uint32_t)(n % 7), "", "", ".", 0, 0};
        int64_t back;
        const size_t len = jh_money_text(minor, f.scale, text);

        cr_assert_eq(len, strlen(text));
        cr_assert(jh_money_parse(&f, text, len, &back) == JH_MONEY_OK && back == minor, "%s", text);
    }
    cr_assert_eq(jh_money_text(-5, 2, text), 5u);
    cr_assert_str_eq(text, "-0.05");
    jh_money_text(-123450, 2, text);
    cr_assert_str_eq(text, "-1234.50");
    jh_money_text(0, 0, text);
    cr_assert_str_eq(text, "0");
    jh_money_text((jh_i128)((jh_u128)1 << 127), 6, text);
    cr_assert_str_eq(text, "-170141183460469231731687303715884.105728");
}
