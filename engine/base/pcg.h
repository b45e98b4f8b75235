#ifndef JH_BASE_PCG_H
#define JH_BASE_PCG_H

#include <stdint.h>

#include "base/num.h"

/* PCG (M. O'Neill, 2014), own C implementation, tested against the reference C++ headers (tests/unit/base). */

/* The draw number: first output of the setseq RXS-M-XS 64/64 generator seeded with initstate and initseq. */
static inline uint64_t jh_pcg_draw(uint64_t initstate, uint64_t initseq)
{
    const uint64_t multiplier = UINT64_C(6364136223846793005);
    const uint64_t increment = initseq << 1 | 1;
    const uint64_t state = (initstate + increment) * multiplier + increment;
    const uint64_t word = ((state >> ((state >> 59) + 5)) ^ state) * UINT64_C(12605985483714917081);

    return word >> 43 ^ word;
}

/* pcg64, setseq XSL-RR 128/64: the engine's other random needs (made-up data, interval starts, simulations). */
typedef struct jh_pcg64 {
    jh_u128 state;
    jh_u128 increment; /* odd */
} jh_pcg64;

void     jh_pcg64_seed(jh_pcg64 *rng, jh_u128 initstate, jh_u128 initseq);
uint64_t jh_pcg64_next(jh_pcg64 *rng);
void     jh_pcg64_advance(jh_pcg64 *rng, jh_u128 steps);
uint64_t jh_pcg64_below(jh_pcg64 *rng, uint64_t bound); /* uniform in [0, bound), bound > 0; Lemire with rejection */

/* pcg32, setseq XSH-RR 64/32: the generator that most PCG libraries give by default, for draws that outsiders check. */
typedef struct jh_pcg32 {
    uint64_t state;
    uint64_t increment; /* odd */
} jh_pcg32;

void     jh_pcg32_seed(jh_pcg32 *rng, uint64_t initstate, uint64_t initseq);
uint32_t jh_pcg32_next(jh_pcg32 *rng);
void     jh_pcg32_advance(jh_pcg32 *rng, uint64_t steps);
uint32_t jh_pcg32_below(jh_pcg32 *rng, uint32_t bound); /* the reference library's bounded draw; bound > 0 */

/* Puts a random sample of n of the items, in random order, in front: for i = 0 .. n-1 swap items[i] with
 * items[i + below(count - i)]. n <= count < 2^32. */
void     jh_pcg32_sample(jh_pcg32 *rng, uint32_t *items, size_t count, size_t n);

#endif
