#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/pcg.h"
#include "base/text.h"

/* utf8proc decides what one sequence is worth. */
static size_t valid_by_utf8proc(const unsigned char *s, size_t len)
{
    size_t at = 0;

    while (at < len) {
        utf8proc_int32_t code;
        const utf8proc_ssize_t step = utf8proc_iterate(s + at, (utf8proc_ssize_t)(len - at), &code);
        if (step <= 0)
            return at;
        at += (size_t)step;
    }
    return at;
}

Test(text, utf8_agrees_with_utf8proc_on_all_short_sequences)
{
    unsigned char s[4];

    for (unsigned a = 0xc0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++)
            for (unsigned c = 0x70; c < 0xd0; c++) {
                static const unsigned char last[] = {0x41, 0x7f, 0x80, 0xbf, 0xc0};
                s[0] = (unsigned char)a, s[1] = (unsigned char)b, s[2] = (unsigned char)c;
                s[3] = last[(a + b + c) % sizeof last];
                cr_assert_eq(jh_text_utf8_valid((const char *)s, 4), valid_by_utf8proc(s, 4), "%02x %02x %02x %02x", a,
                             b, c, s[3]);
                if (c == 0x80)
                    cr_assert_eq(jh_text_utf8_valid((const char *)s, 2), valid_by_utf8proc(s, 2), "%02x %02x", a, b);
            }
}

Test(text, utf8_finds_the_place_in_long_text)
{
    static const char *const pieces[] = {
        "a",    "é",        "额",           "𠂇",      "0123456789012345678901234567890123456789",
        "\xff", "\xe4\xb8", "\xed\xa0\x80", "\xc0\xaf"};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 8, 8);
    for (int n = 0; n < 20000; n++) {
        char *text = calloc(1, 1000); /* exactly as long as it says: reading on is seen by the sanitizer */
        size_t len = 0;

        while (len < 200) {
            const char *piece = pieces[jh_pcg64_below(&rng, jh_pcg64_below(&rng, 40) == 0 ? 9 : 5)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        len -= (size_t)jh_pcg64_below(&rng, len);
        text = realloc(text, len);
        cr_assert_eq(jh_text_utf8_valid(text, len), valid_by_utf8proc((unsigned char *)text, len));
        free(text);
    }
}

Test(text, private_use_by_code_point)
{
    for (uint32_t code = 0x80; code <= 0x10ffff; code++) {
        const bool wanted = (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000;
        char s[8] = {'a'};
        size_t len = 1;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        if (code >= 0x10000)
            s[len++] = (char)(0xf0 | code >> 18), s[len++] = (char)(0x80 | (code >> 12 & 0x3f));
        else if (code >= 0x800)
            s[len++] = (char)(0xe0 | code >> 12);
        if (code >= 0x800)
            s[len++] = (char)(0x80 | (code >> 6 & 0x3f));
        else
            s[len++] = (char)(0xc0 | code >> 6);
        s[len++] = (char)(0x80 | (code & 0x3f));
        cr_assert_eq(jh_text_utf8_valid(s, len), len);
        cr_assert_eq(jh_text_private_use(s, len), wanted ? 1 : len, "U+%04X", code);
    }
}

Test(text, code_points_are_what_people_count)
{
    cr_assert_eq(jh_text_code_points("a额b𠂇c", 10), 5u);
    cr_assert_eq(jh_text_code_points("a额b", 1), 1u);
    cr_assert_eq(jh_text_code_points("", 0), 0u);
}

/* Codes from the GB 18030 standard: one, two and four bytes, and the last code point there is. */
Test(text, gb18030)
{
    static const char bytes[] = "A\xd6\xd0\xce\xc4,\xa2\xe3\x81\x30\x81\x30\xfe\x51\xe3\x32\x9a\x35";
    jh_buf out = {0};
    jihe_error err = {0};

    jh_buf_puts(&out, ">");
    cr_assert_eq(jh_text_from_gb18030(bytes, sizeof bytes - 1, &out, &err), JIHE_OK);
    cr_assert_str_eq(jh_buf_text(&out), ">A中文,€\xc2\x80\xf0\xa0\x82\x87\xf4\x8f\xbf\xbf");
    cr_assert_eq(jh_text_from_gb18030("", 0, &out, &err), JIHE_OK);

    static const struct {
        const char *bytes;
        size_t len, bad;
    } broken[] = {
        {"AB\xd6", 3, 2}, {"\xff", 1, 0}, {"\xd6\xd0\x80\x20", 4, 2}, {"abc\x81\x30\x81", 6, 3}, {"\xd6\x22", 2, 0}};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const size_t before = out.len;
        char want[32];

        snprintf(want, sizeof want, "byte %zu ", broken[i].bad);
        cr_assert_eq(jh_text_from_gb18030(broken[i].bytes, broken[i].len, &out, &err), JIHE_DATA, "case %zu", i);
        cr_assert(strncmp(err.message, want, strlen(want)) == 0, "case %zu: %s", i, err.message);
        cr_assert_eq(out.len, before, "nothing is left of a refused text");
    }
    jh_buf_deinit(&out);
}

Test(text, compare_is_bytewise)
{
    cr_assert(jh_text_compare("a", 1, "b", 1) < 0);
    cr_assert(jh_text_compare("a", 1, "ab", 2) < 0);
    cr_assert(jh_text_compare("ab", 2, "a", 1) > 0);
    cr_assert(jh_text_compare("\xff", 1, "a", 1) > 0, "bytes are unsigned");
    cr_assert(jh_text_compare("a\0b", 3, "a\0c", 3) < 0);
    cr_assert_eq(jh_text_compare("", 0, NULL, 0), 0);
}

Test(text, quotes_are_fit_for_a_line)
{
    static const char text[] =
        "ab\n\t额\xff\xe4\xb8\x1b[31m𠂇\xe2\x80\xae zz"; /* controls, broken bytes, a right-to-left mark */
    char out[64], whole[64];

    cr_assert_str_eq(jh_text_quote(text, sizeof text - 1, out, sizeof out), "ab??额????[31m𠂇? zz");
    for (size_t size = 1; size < sizeof out; size++)
        for (size_t len = 0; len < sizeof text; len++) {
            jh_text_quote(text, len, whole, sizeof whole);
            memset(out, 'x', sizeof out);
            jh_text_quote(text, len, out, size);
            const size_t used = strlen(out);
            cr_assert(used < size && jh_text_utf8_valid(out, used) == used, "size %zu: %s", size, out);
            cr_assert_eq(out[size], 'x');
            if (strlen(whole) < size)
                cr_assert_str_eq(out, whole);
            else if (size > 3)
                cr_assert(memcmp(out, whole, used - 3) == 0 && strcmp(out + used - 3, "...") == 0 &&
                              used + 4 + 3 > size,
                          "size %zu: %s", size, out);
        }
    cr_assert_str_eq(jh_text_quote("abcdef", 6, out, 6), "ab...");
    cr_assert_str_eq(jh_text_quote("abcde", 5, out, 6), "abcde");
    cr_assert_str_eq(jh_text_quote("额额额", 9, out, 9), "额...");
}

Test(text, nearest_name)
{
    static const char *const names[] = {"amount", "account", "team", "单据类型", "初审人"};

    cr_assert_str_eq(jh_text_nearest("amont", names, 5), "amount");
    cr_assert_str_eq(jh_text_nearest("tema", names, 5), "team");
    cr_assert_str_eq(jh_text_nearest("单据类别", names, 5), "单据类型");
    cr_assert_null(jh_text_nearest("zzzzzz", names, 5));
    cr_assert_null(jh_text_nearest("x", names, 0));
    cr_assert_null(
        jh_text_nearest("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", names, 5));
}
