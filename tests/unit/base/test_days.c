#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/days.h"

/* Counting days one by one is the reference: every day there is. */
Test(days, every_day_of_the_calendar)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = -719162; /* 0001-01-01 */
    char want[32], text[16];

    for (int y = 1; y <= 9999; y++)
        for (int m = 1; m <= 12; m++) {
            const int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            const int length = lengths[m - 1] + (m == 2 ? leap : 0);

            cr_assert_eq(jh_days_month_first(y * 12 + m - 1), day);
            for (int d = 1; d <= length; d++, day++) {
                const jh_civil date = jh_days_to_civil(day);
                cr_assert(date.year == y && date.month == m && date.day == d, "%04d-%02d-%02d", y, m, d);
                cr_assert_eq(jh_days_from_civil((jh_civil){y, m, d}), day);
                cr_assert_eq(jh_days_month(day), y * 12 + m - 1);
            }
            cr_assert(!jh_days_valid((jh_civil){y, m, length + 1}));
            cr_assert(jh_days_valid((jh_civil){y, m, length}));
        }
    cr_assert_eq(day, 2932897, "10000-01-01");
    for (day = -25567; day < 47847; day++) { /* 1900 to 2100, as text */
        int32_t back = 0;
        const jh_civil date = jh_days_to_civil(day);

        snprintf(want, sizeof want, "%04d-%02d-%02d", date.year, date.month, date.day);
        cr_assert_eq(jh_days_text(day, text), 10u);
        cr_assert_str_eq(text, want);
        cr_assert(jh_days_parse(text, 10, &back) && back == day);
        want[7] = '\0';
        cr_assert_eq(jh_days_month_text(jh_days_month(day), text), 7u);
        cr_assert_str_eq(text, want);
    }
}

Test(days, only_the_exact_form_is_a_date)
{
    static const char *const bad[] = {
        "",           "2024-1-01",   "2024-01-1",  "2024-01-011", "2024/01/01", "2024-13-01", "2024-00-01",
        "2024-02-30", "2023-02-29",  "1900-02-29", "0000-01-01",  "-024-01-01", "+024-01-01", " 024-01-01",
        "2024-01-0x", "２024-01-01", "2024-04-31", "2024-01-00",  "2024-01- 1", "20240101  ",
    };
    int32_t day = 77;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert(!jh_days_parse(bad[i], strlen(bad[i]), &day), "%s", bad[i]);
    cr_assert_eq(day, 77);
    cr_assert(jh_days_parse("2000-02-29", 10, &day));
    cr_assert_eq(day, 11016);
}
