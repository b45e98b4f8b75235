#ifndef JH_SAMPLE_ALLOCATION_H
#define JH_SAMPLE_ALLOCATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sample/past.h"

/* Splits `total` over strata in proportion to sizes[h], or to sizes[h] * spreads[h] (Neyman): shares above a stratum's
 * size are fixed at its size and the rest is shared out again; then the largest remainders get the units that are
 * left, ties to the lower index, never more than a stratum's size (oracles alloc_proportional, alloc_neyman). Whole
 * numbers throughout: a size is at most 2^40, a spread at most 10^6, `total` at most 2^32.
 * @param spreads  NULL: all alike */
jihe_status jh_allocate(uint64_t *quotas, const uint64_t *sizes, const uint32_t *spreads, size_t count, uint64_t total,
                        jihe_error *err);

/* The standard deviation of a 0/1 error in each of `labels`, in millionths, from inspected and erroneous documents: of
 * p = (k + P) / (n + 1), where P = (K + 1/2) / (N + 1) is the error rate of all strata together. So a stratum about
 * which nothing is known counts like the average one, and none counts as free of errors. */
void jh_allocation_spreads(uint32_t *spreads, const char *const *labels, size_t count, const jh_past *past);

#endif
