/* Numbers written in several ways are one; others stay apart. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/normal_text.h"
#include "base/pcg.h"
#include "base/text.h"

static void check(const char *text, const char *want)
{
    const size_t len = strlen(text);
    char *out = malloc(len > 0 ? len : 1); /* exactly as long as promised: the sanitizer sees one byte more */
    const size_t got = jh_normal_text(text, len, out);

    cr_assert(got == strlen(want) && memcmp(out, want, got) == 0, "'%s' became '%.*s', not '%s'", text, (int)got, out,
              want);
    free(out);
}

Test(normal_text, one_of_many)
{
    static const char *const cases[][2] = {
        {"INV-0012", "inv12"},
        {"ＩＮＶ－００１２", "inv12"},
        {"inv 12", "inv12"},
        {"Inv.No. 00-12", "invno12"},
        {"INV—0012", "inv12"},              /* em dash */
        {"〔2026〕00012号", "202600012号"}, /* one run of digits once the bracket is gone: its zeros are not in front */
        {"2024-001", "2024001"},
        {"2024001", "2024001"},
        {"0", "0"},
        {"000", "0"},
        {"a000b007", "a0b7"},
        {"100", "100"},
        {"０1０", "10"},
        {"", ""},
        {" - / ", ""},
        {"票据　００７", "票据7"},
        {"№7", "№7"}, /* a letter-like sign stays */
        {"々〇", "々〇"},
        {"¥1,234.50", "123450"},
        {"Ａé", "aé"},
        {"\xff\xfe"
         "01",
         "\xff\xfe"
         "1"},
        {"\xe3\x80", "\xe3\x80"}, /* cut off */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i][0], cases[i][1]);
}

Test(normal_text, twice_is_once)
{
    static const char *const pieces[] = {"0",  "00", "1",  "A",  "z", "-", " ",   "０",
                                         "Ｂ", "－", "号", "。", "é", "€", "\xff"};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 11, 2);
    for (int round = 0; round < 20000; round++) {
        char text[64] = "", once[64], twice[64];

        for (uint64_t n = jh_pcg64_below(&rng, 12); n > 0; n--)
            strcat(text, pieces[jh_pcg64_below(&rng, sizeof pieces / sizeof pieces[0])]);
        const size_t first = jh_normal_text(text, strlen(text), once), second = jh_normal_text(once, first, twice);

        cr_assert(first <= strlen(text));
        cr_assert(first == second && memcmp(once, twice, first) == 0, "'%s' became '%.*s' and then '%.*s'", text,
                  (int)first, once, (int)second, twice);
    }
}
