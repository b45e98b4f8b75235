#ifndef JH_API_DEMO_WORDS_H
#define JH_API_DEMO_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The vocabulary of the made-up centre: tables only. Names of people and firms are put together from common parts; none
 * is meant to be anybody's. */

enum {
    JH_DEMO_TEAMS = 8,
    JH_DEMO_TYPES = 22,
    JH_DEMO_ACCOUNTS = 60,
    JH_DEMO_CLAUSES = 15,
    JH_DEMO_SURNAMES = 48,
    JH_DEMO_GIVEN_NAMES = 72,
    JH_DEMO_CITIES = 20,
    JH_DEMO_BRANDS = 40,
    JH_DEMO_TRADES = 16,
    JH_DEMO_REGIONS = 8,
    JH_DEMO_BOOKED_TO = 3
};

typedef struct jh_demo_team {
    const char *name;
    uint32_t reviewers; /* first reviewers, about in proportion to the team's documents */
} jh_demo_team;

typedef struct jh_demo_type {
    const char *prefix; /* of its documents' ids */
    const char *name;
    uint32_t team;
    uint32_t share;  /* of 1,000 documents */
    uint32_t median; /* of the amount, in yuan */
    bool has_payee;
    const char *booked_to[JH_DEMO_BOOKED_TO]; /* beginnings of account codes, NULL when fewer */
} jh_demo_type;

typedef struct jh_demo_clause {
    const char *number;
    const char *code;  /* error code */
    const char *teams; /* names of the teams it is about; "" for all */
    uint32_t share;    /* how often it is the one missed, against the team's other clauses; 0: never by chance */
    const char *severity;
    const char *note; /* what an inspector writes */
} jh_demo_clause;

/* The two clauses that are not drawn by chance. */
#define JH_DEMO_SELF_REVIEW_CLAUSE "1.2.1"
#define JH_DEMO_UNCLEAR_CLAUSE "5.1.4"
#define JH_DEMO_UNCLEAR_TYPE "跨境服务费"

extern const jh_demo_team jh_demo_teams[JH_DEMO_TEAMS];
extern const jh_demo_type jh_demo_types[JH_DEMO_TYPES];
extern const char *const jh_demo_accounts[JH_DEMO_ACCOUNTS]; /* code, space, title */
extern const jh_demo_clause jh_demo_clauses[JH_DEMO_CLAUSES];
extern const char *const jh_demo_surnames[JH_DEMO_SURNAMES];
extern const char *const jh_demo_given_names[JH_DEMO_GIVEN_NAMES];
extern const char *const jh_demo_cities[JH_DEMO_CITIES];
extern const char *const jh_demo_brands[JH_DEMO_BRANDS];
extern const char *const jh_demo_trades[JH_DEMO_TRADES];
extern const char *const jh_demo_regions[JH_DEMO_REGIONS];

#endif
