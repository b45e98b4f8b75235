#ifndef JH_SAMPLE_PATTERNS_H
#define JH_SAMPLE_PATTERNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Eligibility patterns: by which chances a document could have come to the work list. Its pattern is the set of strata,
 * of rules that draw by chance, that it was drawn from; documents of one pattern are exchangeable (but for money units,
 * whose chances differ within a stratum), so that those of them on the work list are a random sample of them. A
 * document that some rule takes for certain has the pattern "all"; nothing else about it matters. Documents in no frame
 * have no pattern. Counted over the whole frame, without looking at who was drawn. */

typedef struct jh_pattern_stratum {
    uint32_t rule, stratum;
} jh_pattern_stratum;

typedef struct jh_pattern {
    const jh_pattern_stratum *strata; /* in order of rule; none: taken for certain */
    size_t                    count;
    uint64_t                  documents; /* N_g */
} jh_pattern;

typedef struct jh_patterns {
    jh_pattern *patterns; /* in order of their strata, "all" first */
    size_t      count;
} jh_patterns;

struct jh_selection;

/* Fills selection->patterns and every cohort's `pattern`, from the cohorts counted (cohorts.h). */
jihe_status jh_patterns_unite(struct jh_selection *selection, jihe_error *err);

#endif
