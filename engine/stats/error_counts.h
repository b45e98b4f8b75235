#ifndef JH_STATS_ERROR_COUNTS_H
#define JH_STATS_ERROR_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Errors among inspected documents, by period or by person: what charts, trends and funnels are made of. */

typedef struct jh_error_counts_sum {
    uint64_t errors, inspected; /* over all; at most 2^53, so that doubles hold them exactly */
} jh_error_counts_sum;

/* Checks every pair and adds them up. JIHE_USAGE when there is no pair at all, when one has more errors than documents
 * or no documents, and when the sums go beyond 2^53; the message counts from 1. */
jihe_status jh_error_counts_add(jh_error_counts_sum *out, const uint64_t *errors, const uint64_t *inspected,
                                size_t count, jihe_error *err);

#endif
