#ifndef JH_EXPR_FACTS_H
#define JH_EXPR_FACTS_H

#include "base/zone.h"
#include "config/calendar.h"
#include "config/value_list.h"

/* What an expression may ask beside the document. Borrowed: outlives every expression compiled with it. */

/* Since when a person holds the post of that day without a break; false: not known. */
typedef struct jh_people {
    const void *context;
    bool (*since)(const void *context, const char *person, size_t len, int32_t day, int32_t *first); /* NULL: no roster */
} jh_people;

typedef struct jh_facts {
    const jh_zone        *zone;
    const jh_value_lists *lists;    /* NULL: none */
    const jh_calendar    *calendar; /* NULL: none */
    jh_people             people;
} jh_facts;

/* What of it an expression asks: that much a run is bound to. */
typedef struct jh_facts_used {
    uint64_t lists[JH_MAX_VALUE_LISTS / 64]; /* bit per facts->lists */
    bool     calendar, people;
    bool     notes; /* on the business: what flags ask beside expressions */
} jh_facts_used;

#endif
