#ifndef JH_EXPR_REGEXP_H
#define JH_EXPR_REGEXP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Regular expressions of `~`: PCRE2's, over characters (UTF), found anywhere in the text unless ^ or $ say otherwise.
 * The only place that includes pcre2.h.
 *
 * A search takes at most JH_PATTERN_STEPS steps and JH_PATTERN_HEAP_KIB of memory; one that needs more has no answer. Steps
 * are those of PCRE2's interpreter, not of machine code it could make: the same text comes to the same end everywhere. */

enum { JH_PATTERN_STEPS = 100000, JH_PATTERN_HEAP_KIB = 1024 };

typedef struct jh_pattern jh_pattern; /* compiled; read-only, may be shared by threads */

/* Can it be compiled? JIHE_CONFIG with PCRE2's words and the byte it stopped at; JIHE_NO_MEMORY. */
jihe_status jh_pattern_check(const char *text, size_t len, size_t *at, char *message, size_t size);

jh_pattern *jh_pattern_new(const char *text, size_t len, jh_arena *arena); /* a sound one; NULL: no memory */

typedef struct jh_pattern_room jh_pattern_room; /* what a search works in; one per thread */
jh_pattern_room *jh_pattern_room_new(void);     /* NULL: no memory */
void             jh_pattern_room_free(jh_pattern_room *room); /* NULL accepted */

typedef enum jh_found { JH_FOUND_NO, JH_FOUND_YES, JH_FOUND_NO_ANSWER, JH_FOUND_NO_MEMORY } jh_found;

jh_found jh_pattern_find(const jh_pattern *pattern, jh_pattern_room *room, const char *text, size_t len);

/* The same question asked of a plain compilation without any of PCRE2's shortcuts. For the oracle. */
jh_found jh_pattern_find_plain(const char *pattern, size_t pattern_len, const char *text, size_t len);

#endif
