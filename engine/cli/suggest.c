#include "cli/suggest.h"

#include <string.h>

enum { LONGEST = 31 }; /* bytes; no command or option is longer */

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Letters to insert, delete or replace (Levenshtein). Both at most LONGEST bytes. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[LONGEST + 1]; /* row[j]: from the first i letters of a to the first j of b */

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const size_t above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_len];
}

void cli_suggest_begin(cli_suggest *suggest, const char *wanted, size_t len)
{
    *suggest = (cli_suggest){.wanted = wanted, .wanted_len = len, .best_distance = len / 3 + 2};
}

void cli_suggest_offer(cli_suggest *suggest, const char *word)
{
    const size_t len = strlen(word);

    if (len > LONGEST || suggest->wanted_len > LONGEST)
        return;
    const size_t far = distance(suggest->wanted, suggest->wanted_len, word, len);

    if (far < suggest->best_distance) {
        suggest->best = word;
        suggest->best_distance = far;
    }
}
