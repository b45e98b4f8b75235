#include <criterion/criterion.h>

#include <string.h>

#include "base/days.h"

static const struct good_case {
    const char *format, *text;
    jh_clock want;
} good[] = {
    {"%Y-%m-%d", "2010-01-31", {.date = {2010, 1, 31}}},
    {"%Y-%m-%d %H:%M:%S", "2024-02-29 23:59:58", {{2024, 2, 29}, 23, 59, 58, 0, false, 0}},
    {"%Y-%m-%dT%H:%M:%S%f%z", "2012-01-02T03:04:05.678901+08:00", {{2012, 1, 2}, 3, 4, 5, 678, true, 28800}},
    {"%Y-%m-%dT%H:%M:%S%f%z", "2012-01-02T03:04:05,5-0330", {{2012, 1, 2}, 3, 4, 5, 500, true, -12600}},
    {"%Y-%m-%dT%H:%M:%S%f%z", "2012-01-02T03:04:05Z", {{2012, 1, 2}, 3, 4, 5, 0, true, 0}},
    {"%Y-%m-%d %H%z", "2012-01-02 03+05", {{2012, 1, 2}, 3, 0, 0, 0, true, 18000}},
    {"%m/%d/%Y", "12/31/2010", {.date = {2010, 12, 31}}},
    {"%e-%b-%y", "7-JAN-69", {.date = {1969, 1, 7}}},
    {"%e-%b-%y", "17-dec-68", {.date = {2068, 12, 17}}},
    {"%Y%m%d%H%M%S", "20240131235959", {{2024, 1, 31}, 23, 59, 59, 0, false, 0}},
    {"%Y年%m月%d日", "2024年01月31日", {.date = {2024, 1, 31}}},
    {"100%% %Y", "100% 2024", {.date = {2024, 1, 1}}},
    {"%Y-%m-%d %H:%M:%S%f", "2016-12-31 23:59:60.25", {{2016, 12, 31}, 23, 59, 59, 999, false, 0}},
};

/* Excel's own answers, 1900 system. The fractions are doubles as Excel writes them, never exact. */
static const struct excel_case {
    const char *text;
    jh_clock want;
} excel[] = {
    {"1", {.date = {1900, 1, 1}}},
    {"59", {.date = {1900, 2, 28}}},
    {"61", {.date = {1900, 3, 1}}},
    {"25569", {.date = {1970, 1, 1}}},
    {"45000.000", {.date = {2023, 3, 15}}},
    {"2958465", {.date = {9999, 12, 31}}},
    {"45000.520833333336", {{2023, 3, 15}, 12, 30, 0, 0, false, 0}},
    {"45000.33333333333", {{2023, 3, 15}, 8, 0, 0, 0, false, 0}},
    {"45000.999988425925", {{2023, 3, 15}, 23, 59, 59, 0, false, 0}},
    {"45000.99999999999", {{2023, 3, 16}, 0, 0, 0, 0, false, 0}},
};

Test(clock, excel_serial_days)
{
    static const char *const refused[] = {"0", "0.5", "-1", "60", "60.25", "59.9999999", "2958466", "2958465.9999999",
                                          "", "45000.", "4.5E4", "2023-03-15", " 45000"};
    jh_clock c;

    for (size_t i = 0; i < sizeof excel / sizeof excel[0]; i++) {
        const jh_clock *w = &excel[i].want;
        cr_assert(jh_clock_parse(JH_CLOCK_EXCEL, excel[i].text, strlen(excel[i].text), &c), "%s", excel[i].text);
        cr_assert(c.date.year == w->date.year && c.date.month == w->date.month && c.date.day == w->date.day &&
                      c.hour == w->hour && c.minute == w->minute && c.second == w->second && c.milli == 0 &&
                      !c.has_offset,
                  "%s gave %d-%d-%d %d:%d:%d", excel[i].text, c.date.year, c.date.month, c.date.day, c.hour, c.minute,
                  c.second);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        cr_assert(!jh_clock_parse(JH_CLOCK_EXCEL, refused[i], strlen(refused[i]), &c), "%s", refused[i]);
}

Test(clock, reads_what_the_format_says)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const jh_clock *w = &good[i].want;
        const char *bad = NULL;
        jh_clock c;

        cr_assert(jh_clock_format_check(good[i].format, &bad));
        cr_assert(jh_clock_parse(good[i].format, good[i].text, strlen(good[i].text), &c), "%s", good[i].text);
        cr_assert(c.date.year == w->date.year && c.date.month == w->date.month && c.date.day == w->date.day &&
                      c.hour == w->hour && c.minute == w->minute && c.second == w->second && c.milli == w->milli &&
                      c.has_offset == w->has_offset && c.offset_s == w->offset_s,
                  "%s as %s", good[i].text, good[i].format);
        for (size_t len = 0; len < strlen(good[i].text); len++) { /* a part is something else or nothing */
            jh_clock part = {0};
            if (jh_clock_parse(good[i].format, good[i].text, len, &part))
                cr_assert(strstr(good[i].format, "%f") != NULL || strstr(good[i].format, "%z") != NULL, "%.*s",
                          (int)len, good[i].text);
        }
    }
}

static const struct bad_case {
    const char *format, *text;
} refused[] = {
    {"%Y-%m-%d", "2010-02-29"},
    {"%Y-%m-%d", "2010-1-02"},
    {"%Y-%m-%d", "2010-01-02 "},
    {"%Y-%m-%d", " 2010-01-02"},
    {"%Y-%m-%d", "10-01-02"},
    {"%H:%M:%S", "24:00:00"},
    {"%H:%M:%S", "23:60:00"},
    {"%H:%M:%S", "23:59:61"},
    {"%H%z", "10"},
    {"%H%z", "10+24:00"},
    {"%H%z", "10+08:"},
    {"%H%z", "10+08:60"},
    {"%H%z", "10+8"},
    {"%S%f", "10."},
    {"%S%f", "10.1234567891"},
    {"%d %b", "01 Foo"},
    {"%d %b", "01 Ja"},
    {"%e", ""},
    {"%e", "32"},
    {"%e", "123"},
    {"%Y", "0000"},
    {"%Y", "+201"},
    {"%%", "x"},
};

Test(clock, refuses_what_does_not_match)
{
    jh_clock c;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        cr_assert(!jh_clock_parse(refused[i].format, refused[i].text, strlen(refused[i].text), &c), "'%s' as %s",
                  refused[i].text, refused[i].format);
}

Test(clock, unknown_conversions_are_named)
{
    const char *bad = NULL;

    cr_assert(!jh_clock_format_check("%Y-%q-%d", &bad));
    cr_assert_str_eq(bad, "%q-%d");
    cr_assert(!jh_clock_format_check("%Y%", &bad));
    cr_assert_str_eq(bad, "%");
}
