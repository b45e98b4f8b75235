#ifndef JH_SAMPLE_INTERVAL_H
#define JH_SAMPLE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/pcg.h"

/* Selection along a list whose items follow each other like sticks of the length of their amounts. The total T is cut
 * into n intervals of T/n; exact rational arithmetic, points are given as numerators over n. Amounts of 0 are never
 * met. An item longer than an interval may be met several times. Limits: T below 2^63, n below 2^32. */

/* Fixed interval: the points (first + i*T)/n, i = 0..n-1, with 0 < first <= T; hits[k]: how many of them item k holds,
 * that is, the first item whose cumulative amount reaches the point (oracle mus_interval; with amounts of 1 the record
 * numbers of interval_records). `first` may be given in parts of a unit: over n * per. */
void jh_interval_fixed(uint32_t *hits, const uint64_t *amounts, size_t count, uint64_t n, jh_u128 first, uint64_t per);

/* Cells: one point at random in each interval. */
void jh_interval_cells(uint32_t *hits, const uint64_t *amounts, size_t count, uint64_t n, jh_pcg64 *rng);

/* The chance of an item of `amount` that begins at `before`: of being met at least once. */
double jh_interval_chance(uint64_t amount, jh_u128 total, uint64_t n);
double jh_interval_cell_chance(uint64_t before, uint64_t amount, uint64_t total, uint64_t n);

#endif
