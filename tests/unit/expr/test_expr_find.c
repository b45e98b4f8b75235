#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "expr/kernel_find.h"
#include "expr/kernels.h"

/* Texts of few different characters, so that words are met often, also across the borders of rows and where only their
 * beginning or end is right. The bytes lie in memory of exactly their size: a search that reads on is caught. */

enum { ROWS = 600, LONGEST = 70, WORDS = 400 };

static void expect_same(const jh_kernels *kernels, const char *bytes, const uint32_t *offsets, size_t rows,
                        const char *word, size_t len, const uint64_t want[ROWS / 64 + 1])
{
    uint64_t got[ROWS / 64 + 1] = {0};

    if (kernels == NULL) /* not on this processor */
        return;
    kernels->find(bytes, offsets, rows, word, len, got);
    cr_assert(memcmp(want, got, sizeof got) == 0, "%s: %zu rows, a word of %zu bytes", kernels->name, rows, len);
}

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
        uint64_t want[ROWS / 64 + 1] = {0};
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
        jh_find_rows(bytes, offsets, rows, word, len, want);
        for (unsigned kind = 1; kind < JH_KERNEL_KINDS; kind++)
            expect_same(jh_kernels_of(kind), bytes, offsets, rows, word, len, want);
        free(bytes);
    }
}
