#ifndef JH_SAMPLE_COHORTS_H
#define JH_SAMPLE_COHORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/num.h"
#include "sample/inclusion.h"
#include "sample/keymap.h"

/* A document's cohort: of every rule, the stratum of its frame that the document lies in, or none. What is true of one
 * document of a cohort is true of all of them: the pattern, and, but where it depends on an amount, the inclusion
 * probability. So both are settled once per cohort, not once per document.
 *
 * A cohort is a number in mixed radix, one digit per rule: 0 not in the frame, else 1 + the stratum; of rules that weigh
 * documents one by one (money, intervals and cells) 1 + twice the stratum, and 1 more where the document is certain.
 * Rules whose digits no longer fit 63 bits begin another stage: the number so far is put in place of the digits before. */

typedef struct jh_cohort {
    uint64_t number;    /* of the last stage */
    uint64_t documents; /* in the frames, selected or not */
    uint32_t any, random; /* p_any and p_random as in jh_selected: indexes in `chances`; `weighed`: one in `bases` */
    uint32_t pattern;   /* index in selection->patterns */
    bool     weighed;   /* its documents' probabilities differ */
} jh_cohort;

typedef struct jh_cohort_base { /* of a weighed cohort, under the rules that do not weigh */
    jh_inclusion any, random;
} jh_cohort_base;

typedef struct jh_cohort_stage {
    jh_keymap known;    /* number -> 1 + its place among them */
    jh_keymap_slot *recent; /* some of them, where they are found sooner; only while counting */
    uint64_t *numbers;  /* of all stages but the last */
    uint32_t  count, room;
} jh_cohort_stage;

typedef struct jh_cohort_table { /* what one worker met */
    jh_cohort_stage *stages;
    jh_cohort       *cohorts;
    uint32_t        count, room;
} jh_cohort_table;

typedef struct jh_cohort_digit {
    uint64_t radix, weight;
    uint32_t stage;
    bool     weighs;
} jh_cohort_digit;

typedef struct jh_cohorts {
    jh_cohort_digit *digits; /* per rule */
    size_t          rules;
    uint32_t        stages;
    jh_cohort_table *tables; /* per worker; cohorts of several tables may be the same */
    uint32_t        table_count;
    uint32_t       *table;  /* per segment of the pass: whose cohorts its documents have */
    uint32_t        *of;     /* per selected document, in order: its cohort in that table; JH_COHORTS_BEHIND more */
    double          *chances; /* those of all cohorts, each once */
    uint32_t         chance_count;
    jh_cohort_base  *bases;
    uint32_t         base_count;
    uint32_t        *weighing; /* the rules that weigh, rising */
    size_t           weighing_count;
    bool             in_order; /* some of them stand like streams of their own */
} jh_cohorts;

#define JH_NO_STRATUM UINT32_MAX

enum { JH_COHORTS_BEHIND = 16 }; /* so that who reads them may look ahead */

typedef struct jh_standing { /* of a cohort under one rule */
    uint32_t stratum; /* JH_NO_STRATUM: not in the frame */
    bool     certain; /* of a rule that weighs: taken whatever its number */
} jh_standing;

struct jh_selection;
struct jh_rule;

/* Fills selection->cohorts from the frames, strata and `chosen`; patterns and probabilities stay unset. The numbers of
 * cohorts depend on the threads, what is said of documents does not. */
jihe_status jh_cohorts_count(struct jh_selection *selection, const struct jh_rule *const *rules, uint32_t threads,
                             jihe_error *err);
void        jh_cohorts_deinit(jh_cohorts *cohorts); /* a zeroed one is fine */

/* One standing per rule. */
void jh_cohort_standings(const jh_cohorts *cohorts, const jh_cohort_table *table, const jh_cohort *cohort,
                        jh_standing *out);

/* The cohort of a selected document of this segment. */
static inline const jh_cohort *jh_cohort_of(const jh_cohorts *cohorts, uint64_t segment, size_t document)
{
    return &cohorts->tables[cohorts->table[segment]].cohorts[cohorts->of[document]];
}

#endif
