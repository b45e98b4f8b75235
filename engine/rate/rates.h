#ifndef JH_RATE_RATES_H
#define JH_RATE_RATES_H

#include "base/arena.h"
#include "ledger/inspections.h"
#include "ledger/runs.h"
#include "rate/subjects.h"
#include "rate/tally.h"

/* In-rule and out-of-rule error rates of the documents whose business date lies in a period, by any keys.
 *
 * A document counts once per group, with its last inspection. Random and targeted results are kept apart: the `random`
 * basis holds documents that a random rule drew (rate or count, without a flag), weighted by their inclusion
 * probability under the random rules; the `targeted` basis holds documents that a targeted rule hit, unweighted, and
 * describes only themselves. A document of both kinds is in both. With the key `rule` each rule's hits are judged by
 * that rule's own draw. */

enum { JH_MAX_KEYS = 8 };

typedef enum jh_rate_basis { JH_RATE_RANDOM, JH_RATE_TARGETED } jh_rate_basis;

typedef struct jh_rate_query {
    int32_t            from, to;
    const char *const *keys; /* column names, or month, rule, clause, inspector */
    size_t             key_count;
} jh_rate_query;

typedef struct jh_rate {
    const char *const *keys; /* values, "" when missing; key_count of them */
    jh_rate_basis           basis;
    jh_tally           tally;
    double             represents; /* documents the group stands for: sum of weights (random), inspected (targeted) */
    jh_estimate        in_rule, out_of_rule;
} jh_rate;

typedef struct jh_rates {
    jh_rate *rates; /* ordered by keys (bytewise), random before targeted */
    size_t   count;
    uint64_t listed;    /* documents on the period's work lists, each once per run */
    uint64_t open;      /* of them, those that nobody has inspected */
    uint64_t inspected; /* of them inspected */
} jh_rates;

/* Results live in the arena. JIHE_USAGE for more than JH_MAX_KEYS, for a key given twice, and for one that is neither a
 * word nor a category column of an inspection (with "did you mean"); without any inspection every key is accepted. */
jihe_status jh_rates_make(jh_rates *out, jh_ledger *ledger, const jh_rate_query *query, jh_arena *arena,
                          jihe_error *err);

/* The same from subjects at hand, for several groupings of one period (the query's dates play no part). The rates
 * borrow nothing from the subjects. */
jihe_status jh_rates_group(jh_rates *out, const jh_subjects *subjects, const jh_rate_query *query, jh_arena *arena,
                           jihe_error *err);

#endif
