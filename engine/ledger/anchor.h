#ifndef JH_LEDGER_ANCHOR_H
#define JH_LEDGER_ANCHOR_H

#include <stdint.h>

#include "base/error.h"

/* The chain's head, kept outside the store: a text file of lines "<sequence> <64 hex digits of the hash>\n", one per
 * commit, only ever appended to. A last line without its end is what a crash leaves; it is ignored, and cut off by the
 * next append. Anything else that is not such a line, or does not rise, is JIHE_CORRUPT. */

typedef struct jh_head {
    uint64_t sequence; /* of the last event, 0 when there is none */
    uint8_t hash[32];  /* zeros when there is none */
} jh_head;

jihe_status jh_anchor_create(const char *path, jihe_error *err); /* empty and durable; an existing one is left alone */
jihe_status jh_anchor_last(const char *path, jh_head *last,
                           jihe_error *err); /* JIHE_CORRUPT when the file is missing */
jihe_status jh_anchor_append(const char *path, const jh_head *head, jihe_error *err); /* durable when JIHE_OK */

/* Every line in order; stops at the first status other than JIHE_OK. */
typedef jihe_status (*jh_head_visit)(void *context, const jh_head *head, jihe_error *err);
jihe_status jh_anchor_each(const char *path, jh_head_visit visit, void *context, jihe_error *err);

#endif
