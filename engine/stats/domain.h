#ifndef JH_STATS_DOMAIN_H
#define JH_STATS_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/measured.h"

/* The rate of a domain (one person, type or account) that cuts across the strata documents were drawn from. */
typedef struct jh_domain_document {
    size_t stratum;   /* from 0 */
    bool   in_domain;
    double value;     /* 1 for an error, 0 for none */
} jh_domain_document;

typedef struct jh_domain {
    jh_measured rate; /* ratio of weighted sums; not a number when no inspected document is in the domain */
    double      size; /* estimated documents of the domain */
} jh_domain;

/* How many documents of the domain come into the sample is chance, so the rate is a ratio: sum w y over sum w within
 * the domain, w = N_h / n_h. Its variance is that of the linearised residuals w (y - rate) / size, with zeros outside
 * the domain, N_h^2 (1 - n_h / N_h) s_h^2 / n_h summed.
 *
 *   populations  N_h of each stratum
 *   documents    all inspected ones, those outside the domain too: without them the error would come out too small
 *
 * JIHE_USAGE when numbers do not fit together, naming the stratum (from 1); JIHE_NO_MEMORY.
 * Source: Saerndal, Swensson and Wretman (1992), 5.6 and 10.3. Biased by the order of 1 / n, like every ratio. */
jihe_status jh_domain_rate(const uint64_t *populations, size_t strata, const jh_domain_document *documents,
                           size_t count, jh_arena *arena, jh_domain *out, jihe_error *err);

#endif
