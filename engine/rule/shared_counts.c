#include "rule/shared_counts.h"

#include <stdlib.h>

#include "base/error.h"

jihe_status jh_counts_make(jh_shared_counts *counts, size_t count, uint32_t threads, jihe_error *err)
{
    *counts = (jh_shared_counts){.count = count, .threads = threads};
    counts->shared = calloc(count + 1, sizeof *counts->shared);
    bool ok = counts->shared != NULL;

    if (ok && count <= JH_COUNTS_OWN) {
        counts->own = calloc(threads, sizeof *counts->own);
        ok = counts->own != NULL;
        for (uint32_t t = 0; ok && t < threads; t++)
            ok = (counts->own[t] = calloc(count + 1, sizeof **counts->own)) != NULL;
    }
    if (ok)
        return JIHE_OK;
    jh_counts_deinit(counts);
    return jh_fail(err, JIHE_NO_MEMORY, "%zu counters", count);
}

static void free_own(jh_shared_counts *counts)
{
    for (uint32_t t = 0; counts->own != NULL && t < counts->threads; t++)
        free(counts->own[t]);
    free(counts->own);
    counts->own = NULL;
}

void jh_counts_gather(jh_shared_counts *counts)
{
    for (uint32_t t = 0; counts->own != NULL && t < counts->threads; t++)
        for (size_t i = 0; i < counts->count; i++)
            counts->shared[i] += counts->own[t][i];
    free_own(counts);
}

void jh_counts_deinit(jh_shared_counts *counts)
{
    free_own(counts);
    free(counts->shared);
    *counts = (jh_shared_counts){0};
}
