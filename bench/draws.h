#ifndef BENCH_DRAWS_H
#define BENCH_DRAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pcg.h"

/* Distributions made of integers only, so that a seed gives the same bytes on any machine. */

/* Ranks 0..count-1, rank r with a weight of 1 / (r + 1). */
typedef struct zipf {
    uint64_t *upto; /* upto[r]: sum of the weights of ranks 0..r, in units of 2^-40 */
    uint32_t count;
} zipf;

bool zipf_init(zipf *z, uint32_t count); /* false: no memory */
void zipf_deinit(zipf *z);
uint32_t zipf_draw(const zipf *z, jh_pcg64 *rng);

/* Log-normal amounts in minor units: median 3,000.00, sigma 1.6 (of the natural logarithm), from 0.21 to 43 million. */
typedef struct amounts {
    uint64_t coarse[256]; /* 2^(i / 256), in units of 2^-62 */
    uint64_t fine[256];   /* 2^(i / 65536), likewise */
} amounts;

void amounts_init(amounts *a);
int64_t amounts_draw(const amounts *a, jh_pcg64 *rng);

#endif
