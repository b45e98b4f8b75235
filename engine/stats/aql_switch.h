#ifndef JH_STATS_AQL_SWITCH_H
#define JH_STATS_AQL_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The severity of inspection that follows quality, lot after lot, per person, team or document type: ISO 2859-1:1999,
 * clause 9.3. Production is taken to be steady and reduced inspection to be approved. Exact; whole numbers only.
 *
 *   normal     2 of 5 or fewer consecutive lots not accepted: tightened. Switching score 30: reduced
 *   tightened  5 consecutive lots accepted: normal. 5 lots in all not accepted: discontinued
 *   reduced    a lot not accepted: normal
 *   discontinued  until jh_aql_resume
 *
 * The score counts under normal inspection only and starts at 0 whenever normal or tightened inspection begins; a state
 * of reduced inspection keeps the one that led to it. With an acceptance number of 2 or more a lot scores 3 if it would
 * also have been accepted one quality level tighter, otherwise the score falls to 0; with 0 or 1 an accepted lot scores
 * 2, and one that is not accepted sets the score to 0. (These increments were not checked against
 * the standard's text.) */
typedef enum jh_aql_state {
    JH_AQL_STATE_NORMAL,
    JH_AQL_STATE_TIGHTENED,
    JH_AQL_STATE_REDUCED,
    JH_AQL_STATE_DISCONTINUED
} jh_aql_state;

/* All zeros is the beginning: normal inspection. Plain data, to be stored and compared as it is. */
typedef struct jh_aql_history {
    jh_aql_state state;
    uint32_t     score;    /* 0..30 */
    uint32_t     recent;   /* under normal inspection: the last 4 lots, bit 0 the last, 1: not accepted */
    uint32_t     accepted; /* under tightened inspection: in a row */
    uint32_t     refused;  /* under tightened inspection: in all since it began */
} jh_aql_history;

typedef struct jh_aql_lot {
    bool     accepted;
    bool     accepted_tighter; /* would have been, one quality level tighter; looked at when `accept` is 2 or more */
    uint32_t accept;           /* acceptance number of the plan in use */
} jh_aql_lot;

/* One more lot. Under discontinued inspection nothing changes. */
void jh_aql_follow(jh_aql_history *history, const jh_aql_lot *lot);

/* Inspection is taken up again, tightened, after the causes have been dealt with. JIHE_USAGE when it is not
 * discontinued. */
jihe_status jh_aql_resume(jh_aql_history *history, jihe_error *err);

/* "normal", "tightened", "reduced", "discontinued". */
const char *jh_aql_state_name(jh_aql_state state);

#endif
