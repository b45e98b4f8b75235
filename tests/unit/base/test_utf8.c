#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "base/utf8.h"

static const unsigned char interesting[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xa3, 0xa4, 0xaf,
                                            0xb0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                            0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff};
enum { INTERESTING = sizeof interesting };

/* The private-use bit is only said to be exact where the text is UTF-8. */
static void compare(const char *text, size_t len)
{
    const unsigned want = jh_utf8_look_plain(text, len), got = jh_utf8_look(text, len);
    const unsigned avx2 = jh_utf8_look_avx2(text, len);

    cr_assert_eq(got & JH_UTF8_INVALID, want & JH_UTF8_INVALID, "%zu bytes", len);
    cr_assert_eq(avx2 & JH_UTF8_INVALID, want & JH_UTF8_INVALID, "%zu bytes", len);
    if ((want & JH_UTF8_INVALID) == 0)
        cr_assert(got == want && avx2 == want, "%zu bytes", len);
}

Test(utf8, four_bytes_at_every_place_of_a_step)
{
    char text[136];

    for (size_t code = 0; code < INTERESTING * INTERESTING * INTERESTING * INTERESTING; code++) {
        const size_t at = code % 131, len = at + 4 + code % 2;
        size_t rest = code;

        memset(text, 'x', sizeof text);
        for (size_t i = 0; i < 4; i++, rest /= INTERESTING)
            text[at + i] = (char)interesting[rest % INTERESTING];
        compare(text, len < sizeof text ? len : sizeof text);
    }
}

Test(utf8, long_texts_cut_anywhere)
{
    static const char *const pieces[] = {"a",
                                         "é",
                                         "额",
                                         "𠂇",
                                         "0123456789012345678901234567890123456789",
                                         "",
                                         "，",
                                         "\xff",
                                         "\xe4\xb8",
                                         "\xed\xa0\x80",
                                         "\xf4\x90\x80\x80"};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 3, 5);
    for (int n = 0; n < 50000; n++) {
        const uint64_t kinds = jh_pcg64_below(&rng, 6) == 0 ? 11 : jh_pcg64_below(&rng, 3) == 0 ? 7 : 5;
        char *text, *exact;
        size_t len = 0;

        text = malloc(400);
        while (len < 200) {
            const char *piece = pieces[jh_pcg64_below(&rng, kinds)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        len -= (size_t)jh_pcg64_below(&rng, len);
        exact = malloc(len + 1); /* exactly as long as it says: reading on is seen by the sanitizer */
        memcpy(exact, text, len);
        exact = realloc(exact, len > 0 ? len : 1);
        compare(exact, len);
        free(exact);
        free(text);
    }
}
