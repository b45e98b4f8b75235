#include <criterion/criterion.h>
#include <string.h>

#include "config/calendar.h"
#include "config/value_list.h"

/* Value lists and calendars as files. */

static jihe_status add(jh_value_lists *lists, const char *file, const char *text, jihe_error *err)
{
    return jh_value_lists_add(lists, file, text, strlen(text), err);
}

Test(value_list, each_value_once_in_order)
{
    static const char *const texts[][2] = {
        {"lists/a.txt", "\xef\xbb\xbf# note\r\n乙\r\n\r\n  甲 \r\nb, c\r\n乙\r\n\"q\""},
        {"lists/a.csv", "乙 header,x\n乙,1\n\n 甲 ,2\n\"b, c\",3\n乙\n\"\"\"q\"\"\"\n,4\n"},
    };
    static const char *const want[] = {"\"q\"", "b, c", "乙", "甲"};

    for (size_t t = 0; t < 2; t++) {
        jh_value_lists lists = {0};
        jihe_error err = {0};

        cr_assert_eq(add(&lists, texts[t][0], texts[t][1], &err), JIHE_OK, "%s", err.message);
        cr_assert_eq(lists.lists[0].count, 4u, "%s: %zu", texts[t][0], lists.lists[0].count);
        for (size_t i = 0; i < 4; i++)
            cr_expect_str_eq(lists.lists[0].values[i].text, want[i], "%s", texts[t][0]);
        cr_assert(jh_value_list_find(&lists, "a", 1) == &lists.lists[0] && strlen(lists.lists[0].sha256) == 64);
        cr_assert(jh_value_list_find(&lists, "ab", 2) == NULL);
        cr_assert_eq(add(&lists, "lists/a.other.txt", "", &err), JIHE_OK);
        cr_assert_eq(add(&lists, "lists/a.txt", "x", &err), JIHE_CONFIG);
        jh_value_lists_deinit(&lists);
    }
}

Test(value_list, refused_with_line)
{
    static const struct bad {
        const char *file, *text;
        uint32_t line;
        const char *says;
    } bads[] = {
        {"lists/a.txt", "a\nb\xff\n", 2, "not UTF-8"},
        {"lists/a.csv", "h\n\"a\nb\"\n", 2, "not closed"},
    };

    for (size_t i = 0; i < 2; i++) {
        jh_value_lists lists = {0};
        jihe_error err = {0};

        cr_assert_eq(add(&lists, bads[i].file, bads[i].text, &err), JIHE_CONFIG);
        cr_expect(strcmp(err.source, bads[i].file) == 0 && err.line == bads[i].line, "%s:%u", err.source, err.line);
        cr_expect(strstr(err.message, bads[i].says) != NULL, "%s", err.message);
        jh_value_lists_deinit(&lists);
    }
}

static int workday(const jh_calendar *calendar, const char *date)
{
    int32_t day;

    cr_assert(jh_days_parse(date, 10, &day));
    return jh_calendar_workday(calendar, day);
}

Test(calendar, holidays_and_days_made_up_for)
{
    static const char text[] =
        "date,kind,note\n2026-10-10,workday,补班\n2026-10-01,holiday,国庆\n2026-10-02 , holiday \n";
    jh_calendar calendar = {0};
    jihe_error err = {0};

    cr_assert_eq(jh_calendar_add(&calendar, "calendar/2026.csv", text, sizeof text - 1, &err), JIHE_OK, "%s",
                 err.message);
    cr_expect_eq(workday(&calendar, "2026-10-01"), 0);
    cr_expect_eq(workday(&calendar, "2026-10-02"), 0);
    cr_expect_eq(workday(&calendar, "2026-10-10"), 1, "a Saturday that is worked");
    cr_expect_eq(workday(&calendar, "2026-10-11"), 0, "a Sunday");
    cr_expect_eq(workday(&calendar, "2026-10-12"), 1, "a Monday");
    cr_expect_eq(workday(&calendar, "2027-01-04"), -1, "no line of 2027");
    cr_expect_eq(workday(NULL, "2026-10-12"), -1);
    jh_calendar_deinit(&calendar);
    cr_expect_eq(jh_weekday(0), 4, "1970-01-01 was a Thursday");
    cr_expect_eq(jh_weekday(-4), 7);
}

Test(calendar, refused_with_line)
{
    static const struct bad {
        const char *text;
        uint32_t line;
        const char *says;
    } bads[] = {
        {"day,kind\n", 1, "expected the header date,kind"},
        {"date,kind\n2026-13-01,holiday\n", 2, "'2026-13-01' is not a date"},
        {"date,kind\n2026-10-01,off\n", 2, "found 'off' after the date, expected holiday or workday"},
        {"date,kind\n2026-10-01,holiday\n2026-10-01,workday\n", 3,
         "2026-10-01 is a holiday in calendar/a.csv:2 and a "
         "workday here"},
    };

    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        jh_calendar calendar = {0};
        jihe_error err = {0};

        cr_assert_eq(jh_calendar_add(&calendar, "calendar/a.csv", bads[i].text, strlen(bads[i].text), &err),
                     JIHE_CONFIG);
        cr_expect(err.line == bads[i].line && strstr(err.message, bads[i].says) != NULL, "%u: %s", err.line,
                  err.message);
        jh_calendar_deinit(&calendar);
    }
}
