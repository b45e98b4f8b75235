#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/pcg.h"
#include "base/text.h"
#include "ingest/odbc_driver.h"
#include "ingest/utf16.h"

/* What the tests of the command cannot reach: UTF-16 that no database has, and connection strings. */

enum { UNITS = 200 };

/* glibc's opinion: bytes of UTF-8, or SIZE_MAX when it is not UTF-16. */
static size_t reference(const uint16_t *units, size_t count, char *out, size_t room)
{
    iconv_t cd = iconv_open("UTF-8", "UTF-16LE");
    char *from = (char *)(uintptr_t)units, *to = out;
    size_t left = count * 2, free_bytes = room;
    const size_t result = iconv(cd, &from, &left, &to, &free_bytes);

    iconv_close(cd);
    return result == (size_t)-1 ? SIZE_MAX : room - free_bytes;
}

/* Units near the borders of what they can be: ASCII, two and three bytes, halves of pairs. */
static uint16_t draw_unit(jh_pcg64 *pcg, bool hostile)
{
    static const uint16_t borders[] = {1, 0x7f, 0x80, 0x7ff, 0x800, 0x4e00, 0xd7ff, 0xe000, 0xffff};
    static const uint16_t halves[] = {0xd800, 0xdbff, 0xdc00, 0xdfff};
    const uint64_t r = jh_pcg64_next(pcg);

    if (hostile && r % 8 == 0)
        return halves[(r >> 8) % 4];
    return r % 2 == 0 ? borders[(r >> 8) % 9] : (uint16_t)(r >> 8 & 0x3fff);
}

Test(odbc, utf16_agrees_with_iconv)
{
    jh_pcg64 pcg;
    char expected[UNITS * 4];
    size_t good = 0;

    jh_pcg64_seed(&pcg, 7, 7);
    for (int round = 0; round < 4000; round++) {
        const size_t count = (size_t)(jh_pcg64_next(&pcg) % (round % 2 == 0 ? 6 : UNITS));
        uint16_t units[UNITS] = {0};
        jh_buf got = {0}, back = {0};
        size_t len;
        bool fine;

        for (size_t i = 0; i < count; i++)
            units[i] = draw_unit(&pcg, round % 4 < 2);
        len = reference(units, count, expected, sizeof expected);
        fine = jh_utf16_to_utf8(units, count, &got);
        cr_assert_eq(fine, len != SIZE_MAX, "round %d", round);
        cr_assert_eq(jh_text_utf8_valid((const char *)got.bytes, got.len), got.len);
        if (fine) {
            cr_assert_eq(got.len, len);
            cr_assert(len == 0 || memcmp(got.bytes, expected, len) == 0);
            jh_utf16_from_utf8((const char *)got.bytes, got.len, &back);
            cr_assert_eq(back.len, (count + 1) * 2);
            cr_assert_eq(memcmp(back.bytes, units, count * 2), 0, "round %d back", round);
            good += count > 2;
        }
        jh_buf_deinit(&got);
        jh_buf_deinit(&back);
    }
    cr_assert(good > 1000, "%zu", good);
}

static void expect_keyword(const char *connection, const char *keyword, const char *value)
{
    size_t len = 0;
    const char *found = jh_odbc_keyword(connection, keyword, &len);

    if (value == NULL) {
        cr_assert_null(found, "%s in %s", keyword, connection);
        return;
    }
    cr_assert_not_null(found, "%s in %s", keyword, connection);
    cr_assert(len == strlen(value) && memcmp(found, value, len) == 0, "%s in %s: %.*s", keyword, connection, (int)len,
              found);
}

Test(odbc, keywords_of_a_connection)
{
    expect_keyword("DSN=a;PWD=b", "pwd", "b");
    expect_keyword("Pwd = b ; DSN=a", "PWD", " b ");
    expect_keyword("DSN=a", "PWD", NULL);
    expect_keyword("DSN=PWD=x;UID=u", "PWD", NULL);
    expect_keyword("DRIVER={a;PWD=no};PWD={b;c}}d};UID=u", "PWD", "{b;c}}d}");
    expect_keyword("DRIVER={a;PWD=no};PWD={b;c}}d};UID=u", "uid", "u");
    expect_keyword("MYPWD=x;PWDX=y", "PWD", NULL);
    expect_keyword("PWD", "PWD", NULL);
    expect_keyword("PWD=", "PWD", "");
    expect_keyword(";;PWD={open", "PWD", "{open");
    expect_keyword("", "PWD", NULL);
    expect_keyword("fin", "PWD", NULL);
}

/* Whatever a password is made of, it stays one value. */
Test(odbc, a_value_put_in_is_found_again)
{
    static const char letters[] = "a};{= ";
    jh_pcg64 pcg;

    jh_pcg64_seed(&pcg, 8, 8);
    for (int round = 0; round < 2000; round++) {
        jh_buf text = {0}, wanted = {0};
        char value[12] = "";
        const size_t len = (size_t)(jh_pcg64_next(&pcg) % sizeof value);

        for (size_t i = 0; i < len; i++)
            value[i] = letters[jh_pcg64_next(&pcg) % (sizeof letters - 1)];
        jh_buf_puts(&text, "DRIVER={x;y}");
        jh_odbc_keyword_put(&text, "PWD", value);
        jh_buf_puts(&text, ";UID=u");
        jh_buf_puts(&wanted, "{");
        for (size_t i = 0; i < len; i++)
            jh_buf_puts(&wanted, value[i] == '}' ? "}}" : (char[]){value[i], '\0'});
        jh_buf_puts(&wanted, "}");
        expect_keyword(jh_buf_text(&text), "PWD", jh_buf_text(&wanted));
        expect_keyword(jh_buf_text(&text), "UID", "u");
        jh_buf_deinit(&text);
        jh_buf_deinit(&wanted);
    }
}

Test(odbc, the_driver_of_a_connection)
{
    cr_assert_str_eq(jh_odbc_driver_of("DRIVER=/opt/x/psqlodbcw.so;Server=a")->library, "psqlodbc");
    cr_assert_str_eq(jh_odbc_driver_of("driver={libsqlite3odbc.so}")->library, "sqlite3odbc");
    cr_assert_null(jh_odbc_driver_of("DRIVER=/opt/x/other.so"));
    cr_assert_null(jh_odbc_driver_of("no such data source"));
    cr_assert_str_eq(jh_odbc_driver_package("Can't open lib 'PostgreSQL Unicode'"), "odbc-postgresql");
    cr_assert_null(jh_odbc_driver_package("Can't open lib 'Oracle'"));
}
