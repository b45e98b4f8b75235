#ifndef JH_RULE_ROSTER_H
#define JH_RULE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who held which post when. Filled by the ledger from an imported file; asked by flags and by
 * assignments. */

typedef struct jh_posting {
    const char *person;
    const char *unit;
    const char *post;
    int32_t     from; /* first day */
    int32_t     to;   /* last day, INT32_MAX when still open */
    uint32_t    capacity; /* documents a day, of inspectors; 0: does not inspect */
} jh_posting;

typedef struct jh_roster {
    const jh_posting *postings; /* sorted by person (bytewise), then from */
    size_t            count;
    uint64_t          sequence; /* the ledger event it came from; 0: no roster */
} jh_roster;

/* The first day in (first, last] on which the person's unit or post differs from the posting before it. Someone whose
 * first posting begins in that time has changed too (joined). False: no change, or not in the roster. */
bool jh_roster_change(const jh_roster *roster, const char *person, size_t len, int32_t first, int32_t last,
                      int32_t *day);

/* The posting that counts for a person on a day: of those that hold, the last in the list, which began last. `next` is the
 * index of the person's first posting and becomes that of the next person's. NULL: none holds. */
const jh_posting *jh_roster_posting(const jh_roster *roster, size_t *next, int32_t day);

/* The first day of the unbroken time, up to `day`, in which the person holds the unit and post of that day. False: no
 * post on that day. */
bool jh_roster_since(const jh_roster *roster, const char *person, size_t len, int32_t day, int32_t *first);

#endif
