#include "stats/durations.h"

#include "base/num.h"

enum { PLAIN = 64, STEPS = 32, FIRST_BIT = 6 };

uint32_t jh_duration_bucket(uint64_t ms)
{
    if (ms < PLAIN)
        return (uint32_t)ms;
    const uint32_t bit = 63 - (uint32_t)__builtin_clzll(ms);
    const uint32_t bucket = PLAIN + (bit - FIRST_BIT) * STEPS + (uint32_t)(ms >> (bit - 5)) - STEPS;

    return bucket < JH_DURATION_BUCKETS ? bucket : JH_DURATION_BUCKETS - 1;
}

uint64_t jh_duration_edge(uint32_t bucket)
{
    if (bucket < PLAIN)
        return bucket;
    const uint32_t bit = FIRST_BIT + (bucket - PLAIN) / STEPS;

    return (uint64_t)(STEPS + (bucket - PLAIN) % STEPS) << (bit - 5);
}

static uint64_t total_of(const uint64_t *counts)
{
    uint64_t total = 0;

    for (uint32_t b = 0; b < JH_DURATION_BUCKETS; b++)
        total += counts[b];
    return total;
}

uint32_t jh_duration_quantile(const uint64_t *counts, uint64_t ppm)
{
    const jh_u128 most = (jh_u128)total_of(counts) * ppm; /* millionths of a duration */
    uint64_t below = 0;
    uint32_t edge = 0;

    while (edge < JH_DURATION_BUCKETS && (jh_u128)(below + counts[edge]) * 1000000u <= most)
        below += counts[edge++];
    return edge;
}

uint64_t jh_duration_median(const uint64_t *counts)
{
    const uint64_t total = total_of(counts);
    uint64_t seen = 0;
    uint32_t bucket = 0;

    if (total == 0)
        return 0;
    while ((seen += counts[bucket]) * 2 < total)
        bucket++;
    return (jh_duration_edge(bucket) + jh_duration_edge(bucket + 1) - 1) / 2;
}
