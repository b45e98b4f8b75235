#include "snapshot/counts.h"

#include <string.h>

uint32_t jh_counts_fill(uint64_t counts[JH_COUNTS_MAX], const jh_manifest *manifest, uint32_t slots)
{
    uint32_t used = 0;

    memset(counts, 0, JH_COUNTS_MAX * sizeof *counts);
    counts[used++] = manifest->format;
    counts[used++] = manifest->rows;
    counts[used++] = manifest->segments;
    counts[used++] = slots;
    for (size_t i = 0; i < manifest->total_count; i++) {
        counts[used++] = manifest->totals[i].present;
        counts[used++] = (uint64_t)(jh_u128)manifest->totals[i].minor;
        counts[used++] = (uint64_t)((jh_u128)manifest->totals[i].minor >> 64);
    }
    return used;
}
