#ifndef JH_STATS_MULTIPLICITY_H
#define JH_STATS_MULTIPLICITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/measured.h"

/* A total over separate samples, one per rule, where a document may belong to several rules' frames and so be counted
 * in each: sum over rules of (N_r / n_r) y / m, m the number of frames the document belongs to. */
typedef struct jh_drawn {
    size_t   rule;   /* from 0, whose sample this document is in */
    uint64_t frames; /* m, >= 1 */
    double   value;  /* y: 1 for an error, 0 for none */
} jh_drawn;

typedef struct jh_multiplicity {
    jh_measured total;
    double      size; /* the same with y = 1: how many different documents there are */
} jh_multiplicity;

/*   populations  N_r of each rule's frame
 *   drawn        the documents of all samples; each rule drew a simple random sample of its own frame, of at least two
 *                or all of it
 *
 * Variance: sum N_r^2 (1 - n_r / N_r) s_r^2 / n_r with s_r^2 that of y / m within rule r.
 * JIHE_USAGE when numbers do not fit together, naming the rule (from 1); JIHE_NO_MEMORY.
 * Source: F. Mecatti (2007), Survey Methodology 33, 151-157. Unbiased when every m is right. */
jihe_status jh_multiplicity_of(const uint64_t *populations, size_t rules, const jh_drawn *drawn, size_t count,
                               jh_arena *arena, jh_multiplicity *out, jihe_error *err);

#endif
