#include "sample/interval.h"

static jh_u128 total_of(const uint64_t *amounts, size_t count)
{
    jh_u128 total = 0;

    for (size_t k = 0; k < count; k++)
        total += amounts[k];
    return total;
}

void jh_interval_fixed(uint32_t *hits, const uint64_t *amounts, size_t count, uint64_t n, jh_u128 first, uint64_t per)
{
    const jh_u128 step = total_of(amounts, count) * per;
    jh_u128 reach = 0, point = first;
    uint64_t given = 0;

    for (size_t k = 0; k < count; k++) {
        reach += (jh_u128)amounts[k] * n * per;
        for (hits[k] = 0; given < n && point <= reach; given++, point += step)
            hits[k]++;
    }
}

void jh_interval_cells(uint32_t *hits, const uint64_t *amounts, size_t count, uint64_t n, jh_pcg64 *rng)
{
    const jh_u128 total = total_of(amounts, count);
    jh_u128 reach = 0, cell = 0;
    uint64_t given = 0;

    if (total == 0)
        return;
    jh_u128 point = (jh_u128)jh_pcg64_below(rng, (uint64_t)total) + 1;

    for (size_t k = 0; k < count; k++) {
        reach += (jh_u128)amounts[k] * n;
        for (hits[k] = 0; given < n && point <= reach; hits[k]++) {
            given++;
            cell += total;
            if (given < n)
                point = cell + jh_pcg64_below(rng, (uint64_t)total) + 1;
        }
    }
}

double jh_interval_chance(uint64_t amount, jh_u128 total, uint64_t n)
{
    const jh_u128 length = (jh_u128)amount * n;

    return length >= total ? 1.0 : (double)length / (double)total;
}

double jh_interval_cell_chance(uint64_t before, uint64_t amount, uint64_t total, uint64_t n)
{
    const jh_u128 from = (jh_u128)before * n, to = from + (jh_u128)amount * n;
    const jh_u128 first_end = (from / total + 1) * total; /* of the cell it begins in */

    if (to <= first_end)
        return (double)(to - from) / (double)total;
    if (to - first_end >= total || first_end - from == total)
        return 1.0; /* a whole cell is in it */
    return 1.0 - (1.0 - (double)(first_end - from) / (double)total) * (1.0 - (double)(to - first_end) / (double)total);
}
