#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "base/pcg.h"
#include "expr/like.h"

/* What a pattern means, by definition: try everything. Texts here are short. */
static bool like_by_definition(const char *pattern, const char *text)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '%')
        return like_by_definition(pattern + 1, text) || (*text != '\0' && like_by_definition(pattern, text + 1));
    if (*text == '\0')
        return false;
    if (*pattern == '_') {
        for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
            ;
        return like_by_definition(pattern + 1, text);
    }
    pattern += *pattern == '\\';
    return *pattern == *text && like_by_definition(pattern + 1, text + 1);
}

static bool matches(const char *pattern, const char *text)
{
    jh_arena arena;
    jh_like like;
    bool found;

    jh_arena_init(&arena, 0);
    cr_assert(jh_like_valid(pattern, strlen(pattern)), "%s", pattern);
    cr_assert(jh_like_compile(&like, pattern, strlen(pattern), &arena));
    found = jh_like_match(&like, text, strlen(text));
    jh_arena_deinit(&arena);
    return found;
}

/* ASCII only: with '%' taking single bytes, the definition would let '_' begin inside a character. */
Test(expr_like, equals_definition)
{
    static const char *const parts[] = {"a", "b", "%", "_", "\\%", "\\_", "\\\\", "ab"};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 3, 3);
    for (int round = 0; round < 20000; round++) {
        jh_buf pattern = {0}, text = {0};

        for (uint64_t i = jh_pcg64_below(&rng, 7); i > 0; i--)
            jh_buf_puts(&pattern, parts[jh_pcg64_below(&rng, 8)]);
        for (uint64_t i = jh_pcg64_below(&rng, 9); i > 0; i--)
            jh_buf_putc(&text, "aab%_\\"[jh_pcg64_below(&rng, 6)]);
        cr_assert_eq(matches(jh_buf_text(&pattern), jh_buf_text(&text)),
                     like_by_definition(jh_buf_text(&pattern), jh_buf_text(&text)), "'%s' like '%s'",
                     jh_buf_text(&text), jh_buf_text(&pattern));
        jh_buf_deinit(&pattern);
        jh_buf_deinit(&text);
    }
}

Test(expr_like, underscore_is_one_code_point)
{
    cr_assert(matches("_", "资"));
    cr_assert(matches("__", "资é"));
    cr_assert(matches("_", "𝄞"));
    cr_assert(!matches("__", "资"));
    cr_assert(!matches("%__", "资"));
    cr_assert(matches("%_", "资"));
    cr_assert(matches("差_费%", "差旅费报销"));
    cr_assert(matches("", ""));
    cr_assert(!matches("", "a"));
    cr_assert(!matches("_", ""));
    cr_assert(matches("%%", ""));
}

/* Many '%' would take for ever with a matcher that tries every split. */
Test(expr_like, many_percent_signs_end)
{
    char pattern[201], text[4001];

    for (size_t i = 0; i < 200; i++)
        pattern[i] = i % 2 == 0 ? '%' : 'a';
    memcpy(pattern + 198, "%b", 3);
    memset(text, 'a', 4000);
    text[4000] = '\0';
    cr_assert(!matches(pattern, text));
    text[3999] = 'b';
    cr_assert(matches(pattern, text));
}

Test(expr_like, backslash_needs_a_partner)
{
    cr_assert(!jh_like_valid("\\", 1));
    cr_assert(!jh_like_valid("a\\b", 3));
    cr_assert(!jh_like_valid("\\\\\\", 3));
    cr_assert(jh_like_valid("\\\\\\%", 4));
}
