#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "expr/kernel_find.h"

/* Texts of few different characters, so that words are met often, also across the borders of rows and where only their
 * beginning or end is right. The bytes lie in memory of exactly their size: a search that reads on is caught. */

enum { ROWS = 600, LONGEST = 70, WORDS = 400 };

static size_t below(jh_pcg64 *rng, size_t bound)
{
    return (size_t)jh_pcg64_below(rng, bound);
}

static void fill(jh_pcg64 *rng, char *bytes, size_t len)
{
    static const char letters[] = "ab\xE9\x80";

    for (size_t i = 0; i < len; i++)
        bytes[i] = letters[below(rng, 4)];
}

Test(expr_find, equals_reference)
{
    uint32_t offsets[ROWS + 1] = {0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 7, 11);
    for (int round = 0; round < WORDS; round++) {
        const size_t rows = 1 + below(&rng, ROWS), len = 1 + below(&rng, round % 2 == 0 ? 4 : 40);
        uint64_t want[ROWS / 64 + 1] = {0}, got[ROWS / 64 + 1] = {0};
        char word[40];

        offsets[0] = 0;
        for (size_t i = 0; i < rows; i++)
            offsets[i + 1] = offsets[i] + (uint32_t)below(&rng, LONGEST);
        char *bytes = malloc(offsets[rows] + (size_t)1);

        cr_assert_not_null(bytes);
        bytes = realloc(bytes, offsets[rows] == 0 ? 1 : offsets[rows]);
        fill(&rng, bytes, offsets[rows]);
        fill(&rng, word, len);
        if (offsets[rows] > len && round % 3 == 0) /* one that is there, perhaps at the very end */
            memcpy(word, bytes + (round % 2 == 0 ? offsets[rows] - len : below(&rng, offsets[rows] - len)), len);
        jh_find_rows_ref(bytes, offsets, rows, word, len, want);
        jh_find_rows(bytes, offsets, rows, word, len, got);
        cr_assert(memcmp(want, got, sizeof want) == 0, "round %d: %zu rows, a word of %zu bytes", round, rows, len);
        free(bytes);
    }
}
