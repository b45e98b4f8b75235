#include "base/sort_u64.h"

#include <string.h>

enum { SMALL = 48, /* numbers that moving one by one sorts as fast */ BYTES = 8, BUCKETS = 256, TOP_BITS = 12 };

static void insert_each(uint64_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint64_t number = numbers[i];
        size_t at = i;

        for (; at > 0 && numbers[at - 1] > number; at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

/* Where each bucket of a byte begins; false when there is one bucket only. */
static int lay_out(size_t *counts, size_t count)
{
    size_t at = 0;

    for (size_t b = 0; b < BUCKETS; b++) {
        const size_t here = counts[b];

        if (here == count)
            return 0;
        counts[b] = at;
        at += here;
    }
    return 1;
}

static void sort_by_bytes(uint64_t *numbers, uint64_t *spare, size_t count)
{
    size_t counts[BYTES][BUCKETS];
    uint64_t *from = numbers, *to = spare;

    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < BYTES; b++)
            counts[b][numbers[i] >> (8 * b) & 0xff]++;
    for (size_t b = 0; b < BYTES; b++) {
        uint64_t *const other = from;

        if (!lay_out(counts[b], count))
            continue;
        for (size_t i = 0; i < count; i++)
            to[counts[b][from[i] >> (8 * b) & 0xff]++] = from[i];
        from = to;
        to = other;
    }
    if (from != numbers)
        memcpy(numbers, from, count * sizeof *numbers);
}

void jh_sort_u64(uint64_t *numbers, uint64_t *spare, size_t count)
{
    uint32_t ends[(1 << TOP_BITS) + 1] = {0}, bits = 1;

    if (count <= SMALL) {
        insert_each(numbers, count);
        return;
    }
    if (count > UINT32_MAX) {
        sort_by_bytes(numbers, spare, count);
        return;
    }
    while (bits < TOP_BITS && count >> bits > 2)
        bits++;
    for (size_t i = 0; i < count; i++)
        ends[(numbers[i] >> (64 - bits)) + 1]++;
    for (size_t b = 1; b <= (size_t)1 << bits; b++)
        ends[b] += ends[b - 1];
    for (size_t i = 0; i < count; i++)
        spare[ends[numbers[i] >> (64 - bits)]++] = numbers[i];
    for (size_t b = 0, from = 0; b < (size_t)1 << bits; from = ends[b++]) {
        const size_t some = ends[b] - from;

        if (some <= SMALL)
            insert_each(spare + from, some);
        else
            sort_by_bytes(spare + from, numbers + from, some);
    }
    memcpy(numbers, spare, count * sizeof *numbers);
}
