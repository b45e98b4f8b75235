#ifndef JH_STATS_PATTERN_H
#define JH_STATS_PATTERN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/measured.h"

/* The official rate of a population from which several rules drew, documents grouped by eligibility pattern: the set of
 * random rules that could have picked them, where any rule that takes all makes a pattern of its own. Given how many of
 * a pattern were selected, those are a simple random sample of it, because the pattern's documents are exchangeable; so
 * the patterns are strata, and no joint inclusion probabilities are needed. */
typedef struct jh_pattern {
    jh_sampled sampled;     /* a pattern that was taken whole is a census */
    double     probability; /* of inclusion under the union of the rules, in (0, 1] */
} jh_pattern;

/* A pattern of which none or one was inspected says too little: it is joined with the sampled pattern nearest in
 * probability (the first of two as near), until every pattern has two. What that assumes, that the joined ones err
 * alike, belongs beside the rate: *joined counts such patterns.
 *
 *   patterns, count  at least one
 *   strata     out: what the patterns became, to be read on with stratified.h; from the arena
 *
 * JIHE_USAGE when numbers do not fit together, or when nothing is left to join with; JIHE_NO_MEMORY. */
jihe_status jh_pattern_strata(const jh_pattern *patterns, size_t count, jh_arena *arena, jh_sampled **strata,
                              size_t *stratum_count, size_t *joined, jihe_error *err);

#endif
