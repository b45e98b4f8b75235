#ifndef JH_SAMPLE_SELECTION_H
#define JH_SAMPLE_SELECTION_H

#include "rule/flag.h"
#include "sample/amounts.h"
#include "sample/cohorts.h"
#include "sample/draw.h"
#include "sample/listing.h"
#include "sample/past.h"
#include "sample/patterns.h"

/* One evaluation of a set of rules on the snapshots of a period with one seed: frames, strata, hits, and the documents
 * they come to. Every rule selects from its whole frame as if no other rule existed. */

typedef struct jh_selection_input {
    const jh_rule *const *rules;
    size_t                rule_count;
    jh_snapshot *const   *parts;   /* the documents looked at, in order of date */
    size_t                part_count;
    jh_snapshot *const   *history; /* whose tallies flags read */
    size_t                history_count;
    int32_t               first, last; /* the run's business dates */
    const jh_roster      *roster;
    const jh_past        *past;    /* per rule; NULL: none of them asks for one */
    bool                  latest;  /* of documents in several parts only the latest version */
    const jh_facts       *facts;
    const char           *seed;    /* at most JH_MAX_SEED bytes */
    uint32_t              threads;
    bool                  bits_only; /* picks are not wanted, only who was selected */
} jh_selection_input;

typedef struct jh_rule_selection {
    jh_strata strata;
    jh_picks  picks;    /* none with bits_only */
    uint64_t *chosen;   /* bit per document of the pass: it is selected; NULL: the whole frame is */
    uint64_t  selected; /* how many */
    jh_flag_result flag; /* where the rule has one */
    jh_apart  apart;
    jh_listed *list; /* the frame in order of segment and row, for interval and cell draws; else NULL */
    size_t     listed;
} jh_rule_selection;

/* A document hit by at least one rule. */
typedef struct jh_selected {
    uint64_t segment; /* index in the pass */
    uint32_t row;
    double   p_any;    /* inclusion probability under the union of all rules; only ever a weight */
    double   p_random; /* under the union of the random rules (draws by chance, without a flag); 0: in none of their
                          frames */
    uint32_t pattern;  /* index in selection->patterns */
} jh_selected;

typedef struct jh_selection {
    jh_arena           arena;
    jh_pass            pass;
    jh_rule_selection *rules;
    size_t             rule_count;
    uint32_t           threads;
    jh_selected       *documents; /* in order of segment and row; NULL with bits_only */
    size_t             document_count;
    uint64_t          *chosen; /* bit per document of the pass: it is hit by at least one rule */
    uint32_t          *rank;   /* per word of `chosen`: how many documents come before it */
    jh_cohorts         cohorts;
    jh_patterns        patterns;
} jh_selection;

jihe_status jh_selection_make(jh_selection *out, const jh_selection_input *input, jihe_error *err);
void        jh_selection_deinit(jh_selection *selection); /* a zeroed one is fine */

/* Who the rule selected, as bits like those of its frame. */
const uint64_t *jh_selection_bits(const jh_selection *selection, size_t rule);

/* A rule whose hits are a probability sample of its frame. */
bool jh_rule_is_random(const jh_rule *rule);

/* Where a pick's document stands among all that are hit; it must be one of them. */
size_t jh_selection_find(const jh_selection *selection, uint64_t segment, uint32_t row);

#endif
