#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

Test(buf, appends_of_all_kinds_in_order)
{
    jh_buf buf = {0};
    char want[40000] = "";

    cr_assert_str_eq(jh_buf_text(&buf), "");
    cr_assert_not_null(jh_buf_extend(&buf, 0), "nothing more is no failure");
    for (int i = 0; i < 2000; i++) {
        jh_buf_printf(&buf, "%d", i);
        jh_buf_putc(&buf, ',');
        jh_buf_puts(&buf, "额");
        jh_buf_put(&buf, NULL, 0);
        memcpy(jh_buf_extend(&buf, 2), ";\n", 2);
        snprintf(want + strlen(want), 32, "%d,额;\n", i);
    }
    cr_assert_str_eq(jh_buf_text(&buf), want);
    cr_assert_eq(buf.len, strlen(want), "the NUL is not counted");
    jh_buf_clear(&buf);
    cr_assert_str_eq(jh_buf_text(&buf), "");
    jh_buf_deinit(&buf);
    jh_buf_deinit(&buf);
}

Test(buf, a_failed_growth_stays_failed)
{
    jh_buf buf = {0};

    jh_buf_puts(&buf, "abc");
    cr_assert(!jh_buf_reserve(&buf, SIZE_MAX));
    cr_assert(buf.failed);
    jh_buf_puts(&buf, "def");
    jh_buf_printf(&buf, "%d", 1);
    cr_assert_eq(buf.len, 3u);
    cr_assert_null(jh_buf_extend(&buf, 0));
    cr_assert_str_eq(jh_buf_text(&buf), "");
    jh_buf_clear(&buf);
    jh_buf_puts(&buf, "again");
    cr_assert_str_eq(jh_buf_text(&buf), "again");
    jh_buf_deinit(&buf);
}
