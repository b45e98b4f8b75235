#ifndef JH_CLI_SUGGEST_H
#define JH_CLI_SUGGEST_H

#include <stddef.h>

/* The nearest of the words offered so far, for "did you mean". */
typedef struct cli_suggest {
    const char *wanted;
    size_t      wanted_len;
    const char *best; /* NULL: nothing near enough */
    size_t      best_distance;
} cli_suggest;

void cli_suggest_begin(cli_suggest *suggest, const char *wanted, size_t len);
void cli_suggest_offer(cli_suggest *suggest, const char *word); /* borrowed */

#endif
