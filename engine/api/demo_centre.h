#ifndef JH_API_DEMO_CENTRE_H
#define JH_API_DEMO_CENTRE_H

#include "api/demo_words.h"
#include "base/error.h"
#include "base/pcg.h"

/* The made-up centre of one seed: its calendar, its people and its payees. Two centres of the same seed are equal. */

enum {
    JH_DEMO_MONTHS = 3,
    JH_DEMO_REVIEWERS = 66,              /* sum of the teams' reviewers */
    JH_DEMO_SECONDS = 2 * JH_DEMO_TEAMS, /* second reviewers */
    JH_DEMO_PREPARERS = 48,
    JH_DEMO_INSPECTORS = 6, /* the quality team */
    JH_DEMO_RISK_INSPECTORS = 2,
    JH_DEMO_PEOPLE =
        JH_DEMO_REVIEWERS + JH_DEMO_SECONDS + JH_DEMO_PREPARERS + JH_DEMO_INSPECTORS + JH_DEMO_RISK_INSPECTORS,
    JH_DEMO_PAYEES = 400,
    JH_DEMO_MAX_DAYS = 23 * JH_DEMO_MONTHS
};

typedef struct jh_demo_person {
    char name[40];     /* 张伟(E1007); the number makes it unique */
    uint32_t workload; /* how many documents against the colleagues of the team, about 100 */
    int32_t since;     /* first day in the post before the last */
    int32_t changed;   /* first day in the present post; equal to `since`: never changed */
} jh_demo_person;

typedef struct jh_demo_centre {
    uint64_t seed;
    int32_t first_month;            /* month number (base/days.h) of the first of JH_DEMO_MONTHS */
    int32_t days[JH_DEMO_MAX_DAYS]; /* working days, rising */
    size_t day_count;
    int32_t inspected_before; /* documents of this day and later are not inspected yet */
    jh_demo_person
        people[JH_DEMO_PEOPLE]; /* reviewers by team, second reviewers by team, preparers, inspectors, risk team */
    char payees[JH_DEMO_PAYEES][64];
    uint32_t accounts[JH_DEMO_TYPES][JH_DEMO_ACCOUNTS]; /* per type: the accounts it is booked to */
    uint32_t account_counts[JH_DEMO_TYPES];
    /* The planted people, by index in `people`. */
    uint32_t careless[2]; /* reviewers of 应付 with many errors */
    uint32_t hasty;       /* a reviewer of 费用 whose volume doubles in the last month, waving documents through */
    uint32_t moved;       /* a reviewer of 应收 whose volume doubles as well, after a change of post */
} jh_demo_centre;

void jh_demo_centre_init(jh_demo_centre *centre, uint64_t seed);

/* A stream of random numbers for one purpose, independent of those for others: what is drawn for one day does not move
 * what is drawn for the next. */
void jh_demo_random(jh_pcg64 *rng, uint64_t seed, const char *purpose, uint64_t number);

/* 0 for the centre's first month. */
uint32_t jh_demo_month_of(const jh_demo_centre *centre, int32_t day);

/* The next working day after `day`; after the last one the day that follows. */
int32_t jh_demo_next_day(const jh_demo_centre *centre, int32_t day);

uint32_t jh_demo_first_reviewer(uint32_t team);                                           /* index in people */
uint32_t jh_demo_workload(const jh_demo_centre *centre, uint32_t person, uint32_t month); /* with the planted jumps */

/* The roster as CSV for jihe_roster_import, written to `path`. */
jihe_status jh_demo_write_roster(const jh_demo_centre *centre, const char *path, jihe_error *err);

#endif
