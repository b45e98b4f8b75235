#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

Test(error, position_and_nesting_in_one_line)
{
    jihe_error err = {0};
    char line[256];

    cr_assert_eq(jh_fail_at(&err, JIHE_CONFIG, "rules/a.yaml", 12, 5, "unknown column '%s'", "amont"), JIHE_CONFIG);
    cr_assert_str_eq(jihe_error_text(&err, line, sizeof line), "rules/a.yaml:12:5: unknown column 'amont'");
    cr_assert_eq(jh_wrap(&err, JIHE_CONFIG, "rule '%s'", "r1"), JIHE_CONFIG);
    cr_assert_str_eq(jihe_error_text(&err, line, sizeof line), "rules/a.yaml:12:5: rule 'r1': unknown column 'amont'");
    err.column = 0;
    cr_assert_str_eq(jihe_error_text(&err, line, 16), "rules/a.yaml:12");
    err.line = 0;
    cr_assert_str_eq(jihe_error_text(&err, line, sizeof line), "rules/a.yaml: rule 'r1': unknown column 'amont'");
}

Test(error, a_message_may_quote_the_error_it_replaces)
{
    jihe_error err = {0};

    jh_fail_at(&err, JIHE_DATA, "f", 3, 4, "inner");
    jh_fail_at(&err, JIHE_IO, err.source, err.line, 9, "outer of %s", err.message);
    cr_assert_str_eq(err.message, "outer of inner");
    cr_assert_str_eq(err.source, "f");
    cr_assert_eq(err.line, 3u);
    cr_assert_eq(err.status, JIHE_IO);
}

Test(error, no_half_characters_at_any_cut)
{
    jihe_error err = {0};
    char text[2000];

    for (size_t lead = 0; lead < 4; lead++) { /* one, two, three and four bytes, at every phase of the cut */
        static const char *const characters[] = {"x", "é", "额", "𠂇"};
        for (size_t kind = 0; kind < 4; kind++) {
            memset(text, 'a', lead);
            text[lead] = '\0';
            while (strlen(text) < 1000)
                strcat(text, characters[kind]);
            jh_fail_at(&err, JIHE_DATA, text, 1, 1, "%s", text);
            cr_assert_eq(jh_text_utf8_valid(err.message, strlen(err.message)), strlen(err.message));
            cr_assert_eq(jh_text_utf8_valid(err.source, strlen(err.source)), strlen(err.source));
            cr_assert(strlen(err.message) >= sizeof err.message - 4, "only what does not fit is cut");
            jh_wrap(&err, JIHE_DATA, "in %s", characters[kind]);
            cr_assert_eq(jh_text_utf8_valid(err.message, strlen(err.message)), strlen(err.message));
        }
    }
}

Test(error, system_refusals_say_what_to_do)
{
    jihe_error err = {0};

    jh_fail_os(&err, JIHE_IO, ENOSPC, "writing '%s'", "x.csv");
    cr_assert_eq(err.os_errno, ENOSPC);
    cr_assert_str_eq(err.message, "writing 'x.csv': the disk is full; free some space and run this again");
    jh_fail_os(&err, JIHE_NO_INPUT, ENOENT, "opening 'y'");
    cr_assert_str_eq(err.message, "opening 'y': No such file or directory");
    jh_fail(&err, JIHE_DATA, "other");
    cr_assert_eq(err.os_errno, 0, "a new failure forgets the old number");
}

Test(error, null_is_accepted_and_codes_are_sysexits)
{
    char one[1];

    cr_assert_eq(jh_fail(NULL, JIHE_DATA, "x"), JIHE_DATA);
    cr_assert_eq(jh_fail_at(NULL, JIHE_DATA, "f", 1, 1, "x"), JIHE_DATA);
    cr_assert_eq(jh_fail_os(NULL, JIHE_IO, EIO, "x"), JIHE_IO);
    cr_assert_eq(jh_wrap(NULL, JIHE_BUSY, "x"), JIHE_BUSY);
    cr_assert_str_eq(jihe_error_text(NULL, one, 1), "");
    cr_assert_eq(jihe_exit_code(JIHE_OK), 0);
    cr_assert_eq(jihe_exit_code(JIHE_DIFFERS), 1);
    cr_assert_eq(jihe_exit_code(JIHE_NOT_FOUND), 66);
    cr_assert_eq(jihe_exit_code(JIHE_NO_MEMORY), 74);
    cr_assert_eq(jihe_exit_code(JIHE_CONFIG), 78);
    cr_assert_eq(jihe_exit_code((jihe_status)5), 70);
}
