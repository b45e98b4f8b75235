#include <criterion/criterion.h>
#include <string.h>

#include "documents.h"
#include "expr/expr_literal.h"

/* What constants stand for, by themselves. */

static const struct units {
    const char *written, *settled;
    uint32_t scale;
    const char *low, *high; /* whole units around the value */
} rows[] = {
    {"0", "0", 2, "0", "0"},
    {"-0.00", "0", 2, "0", "0"},
    {"-0", "0", 0, "0", "0"},
    {"007.50", "7.5", 2, "750", "750"},
    {"0.005", "0.005", 2, "1", "0"},
    {"-0.005", "-0.005", 2, "0", "-1"},
    {"0.0051", "0.0051", 2, "1", "0"},
    {"1.999", "1.999", 0, "2", "1"},
    {"-1.999", "-1.999", 0, "-1", "-2"},
    {"0.000001", "0.000001", 6, "1", "1"},
    {"9223372036854775807", "9223372036854775807", 0, "9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808", 0, "-9223372036854775808", "-9223372036854775808"},
    {"999999999999999999999999999999.5", "999999999999999999999999999999.5", 0, "1000000000000000000000000000000",
     "999999999999999999999999999999"},
    {"-100000000000000000000000000000000000000000", "-100000000000000000000000000000000000000000", 6,
     "-1000000000000000000000000000000", "-1000000000000000000000000000000"},
};

/* Far values saturate somewhere beyond 10^30: all that counts is the side. */
static void expect_units(const char *digits, jh_i128 got, const char *want)
{
    const jh_i128 far = (jh_i128)UINT64_C(1000000000000000) * UINT64_C(1000000000000000);
    char text[41];

    jh_num_i128_text(got >= far ? far : got <= -far ? -far : got, text);
    cr_expect_str_eq(text, want, "%s: %s, expected %s", digits, text, want);
}

Test(expr_literal, numbers)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char settled[64];
        jh_i128 low, high;
        uint32_t len;

        len = jh_literal_settle(rows[i].written, (uint32_t)strlen(rows[i].written), settled);
        cr_expect_str_eq(settled, rows[i].settled);
        cr_expect_eq(len, strlen(settled));
        jh_literal_units(settled, len, rows[i].scale, &low, &high);
        expect_units(settled, low, rows[i].low);
        expect_units(settled, high, rows[i].high);
    }
}

/* Days of time zones with jumps; instants are UTC seconds, from the zones' published transitions (GNU date). */
static const struct day {
    const char *zone, *day;
    int64_t first_s, next_s; /* when the day and the one after it begin */
} days[] = {
    {"UTC", "2026-11-01", 1793491200, 1793577600},
    {"Asia/Shanghai", "2026-11-01", 1793462400, 1793548800},
    {"Europe/Berlin", "2026-03-29", 1774738800, 1774821600},     /* 23 hours */
    {"Europe/Berlin", "2026-10-25", 1792879200, 1792969200},     /* 25 hours */
    {"America/Sao_Paulo", "2017-10-15", 1508036400, 1508119200}, /* begins at 01:00 */
    {"America/Sao_Paulo", "2017-10-14", 1507950000, 1508036400},
    {"Pacific/Apia", "2011-12-30", 1325239200, 1325239200}, /* left out by the clocks: no instant is in it */
};

Test(expr_literal, days_of_a_zone)
{
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        jh_literal literal = {.kind = JH_LITERAL_TEXT, .text = days[i].day, .len = 10};
        jh_zone *zone;
        jihe_error err = {0};
        jh_expr_source source = {.text = "x", .len = 1, .place = {"r", 1, 1, NULL, 0}, .err = &err};

        cr_assert_eq(jh_zone_open(&zone, days[i].zone, &err), JIHE_OK, "%s", err.message);
        const jh_facts facts = {.zone = zone};

        source.facts = &facts;
        cr_expect_eq(jh_literal_time(&source, &literal), JIHE_OK, "%s %s: %s", days[i].zone, days[i].day, err.message);
        cr_expect_eq(literal.first, days[i].first_s * 1000, "%s %s: %lld", days[i].zone, days[i].day,
                     (long long)literal.first);
        cr_expect_eq(literal.last, days[i].next_s * 1000 - 1, "%s %s: %lld", days[i].zone, days[i].day,
                     (long long)literal.last);
        jh_zone_free(zone);
    }
}
