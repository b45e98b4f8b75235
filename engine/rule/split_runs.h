#ifndef JH_RULE_SPLIT_RUNS_H
#define JH_RULE_SPLIT_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

/* Amounts each under a limit that come to it together. A window begins at a document and spans `within`, its last moment
 * included; it counts when it holds at_least documents or more whose sum is `limit` or more. Windows that share a document
 * are one run. A matter of the documents only, not of their order. */
typedef struct jh_splitting {
    int64_t within; /* in the unit of the times, 0 or more */
    int64_t limit;  /* minor units, above 0 */
    uint32_t at_least;
} jh_splitting;

typedef struct jh_split_run {
    size_t  first, count;  /* documents */
    size_t  window, most;  /* the window of the largest sum (the earliest of these): its first document, how many */
    jh_i128 sum;           /* that sum */
} jh_split_run;

/* The next run at or after document `from`; times rise, amounts are above 0. False: there is none. All runs together take
 * a few steps per document. */
bool jh_split_next(const jh_splitting *splitting, const int64_t *times, const int64_t *amounts, size_t count, size_t from,
                   jh_split_run *run);

#endif
