#ifndef JH_STATS_DURATIONS_H
#define JH_STATS_DURATIONS_H

#include <stdint.h>

/* A grid for counting durations in milliseconds: every value by itself below 64, then 32 buckets to each doubling, so that
 * a bucket is at most 1/32 as wide as its durations are long. Counts add up over threads and shards, and a quantile is an
 * edge of the grid: exact, the same everywhere, and bounded in memory whatever the durations are. */
enum { JH_DURATION_BUCKETS = 64 + 32 * 36 };

/* The bucket; durations of 2^42 ms (139 years) and more are in the last one. */
uint32_t jh_duration_bucket(uint64_t ms);
/* The smallest duration in it; of JH_DURATION_BUCKETS, 2^42. */
uint64_t jh_duration_edge(uint32_t bucket);

/* The largest edge, as a bucket, such that at most `ppm` millionths of the durations lie below it. Counts are at most
 * 2^40 altogether. */
uint32_t jh_duration_quantile(const uint64_t *counts, uint64_t ppm);

/* The middle of the bucket that holds the median (the lower one of two), in ms; 0 of none. */
uint64_t jh_duration_median(const uint64_t *counts);

#endif
