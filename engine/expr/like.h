#ifndef JH_EXPR_LIKE_H
#define JH_EXPR_LIKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Patterns of `like`: '%' is any run, also none; '_' is one code point; '\' makes the next of "%_\" stand for itself.
 * Case counts. */

typedef struct jh_like_part jh_like_part;

/* The patterns people write most need no steps: one run of characters that the text is, begins, ends with or contains. */
typedef enum jh_like_kind { JH_LIKE_STEPS, JH_LIKE_EXACT, JH_LIKE_PREFIX, JH_LIKE_SUFFIX, JH_LIKE_CONTAINS } jh_like_kind;

typedef struct jh_like {
    const jh_like_part *parts;
    size_t count;
    jh_like_kind kind;
    const char *word; /* that run, all but STEPS; not empty */
    size_t word_len;
} jh_like;

bool jh_like_valid(const char *pattern, size_t len); /* every '\' stands before one of "%_\" */
bool jh_like_compile(jh_like *out, const char *pattern, size_t len,
                     jh_arena *arena); /* a valid one; false: no memory */
bool jh_like_match(const jh_like *like, const char *text, size_t len);


bool jh_like_match_steps(const jh_like *like, const char *text, size_t len); /* without these: what the answer is */

#endif
