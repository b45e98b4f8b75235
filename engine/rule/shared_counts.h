#ifndef JH_RULE_SHARED_COUNTS_H
#define JH_RULE_SHARED_COUNTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Counters that several threads add to: few of them are kept by each worker for itself and added up at the end, many are
 * shared, where workers seldom meet. The sums are the same for any number of threads. */

enum { JH_COUNTS_OWN = 1 << 18 }; /* counters a worker has for itself: 2 MiB */

typedef struct jh_shared_counts {
    _Atomic uint64_t *shared;
    uint64_t        **own; /* per worker; NULL: all are shared */
    size_t            count;
    uint32_t          threads;
} jh_shared_counts;

jihe_status jh_counts_make(jh_shared_counts *counts, size_t count, uint32_t threads, jihe_error *err);
void        jh_counts_deinit(jh_shared_counts *counts); /* a zeroed one is fine */

static inline void jh_counts_add(jh_shared_counts *counts, uint32_t worker, size_t at)
{
    if (counts->own != NULL)
        counts->own[worker][at]++;
    else
        atomic_fetch_add_explicit(&counts->shared[at], 1, memory_order_relaxed);
}

/* Brings them together, once all workers are done; then they can be read. */
void jh_counts_gather(jh_shared_counts *counts);

static inline uint64_t jh_counts_get(const jh_shared_counts *counts, size_t at)
{
    return atomic_load_explicit(&counts->shared[at], memory_order_relaxed);
}

#endif
