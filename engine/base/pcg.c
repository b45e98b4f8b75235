#include "base/pcg.h"

#include <assert.h>

static jh_u128 multiplier(void)
{
    return (jh_u128)UINT64_C(2549297995355413924) << 64 | UINT64_C(4865540595714422341);
}

void jh_pcg64_seed(jh_pcg64 *rng, jh_u128 initstate, jh_u128 initseq)
{
    rng->increment = initseq << 1 | 1;
    rng->state = (initstate + rng->increment) * multiplier() + rng->increment;
}

/* XSL-RR: the halves folded, then rotated right by the top six bits of the state. */
uint64_t jh_pcg64_next(jh_pcg64 *rng)
{
    rng->state = rng->state * multiplier() + rng->increment;

    const uint64_t folded = (uint64_t)(rng->state >> 64) ^ (uint64_t)rng->state;
    const unsigned turn = (unsigned)(rng->state >> 122);

    return folded >> turn | folded << (-turn & 63);
}

/* Jump by repeated squaring of the step x -> a x + c (F. Brown, 1994): 128 rounds at most. */
void jh_pcg64_advance(jh_pcg64 *rng, jh_u128 steps)
{
    jh_u128 a = multiplier(), c = rng->increment;
    jh_u128 total_a = 1, total_c = 0;

    for (; steps != 0; steps >>= 1) {
        if ((steps & 1) != 0) {
            total_a *= a;
            total_c = total_c * a + c;
        }
        c *= a + 1;
        a *= a;
    }
    rng->state = total_a * rng->state + total_c;
}

/* D. Lemire (2019), "Fast random integer generation in an interval": the high half of draw * bound, unless the low half
 * falls among the 2^64 mod bound values that would favour some results. */
uint64_t jh_pcg64_below(jh_pcg64 *rng, uint64_t bound)
{
    assert(bound != 0);

    jh_u128 product = (jh_u128)jh_pcg64_next(rng) * bound;
    if ((uint64_t)product < bound) {
        const uint64_t unfair = (0 - bound) % bound;
        while ((uint64_t)product < unfair)
            product = (jh_u128)jh_pcg64_next(rng) * bound;
    }
    return (uint64_t)(product >> 64);
}

static const uint64_t multiplier32 = UINT64_C(6364136223846793005);

void jh_pcg32_seed(jh_pcg32 *rng, uint64_t initstate, uint64_t initseq)
{
    rng->increment = initseq << 1 | 1;
    rng->state = (initstate + rng->increment) * multiplier32 + rng->increment;
}

/* XSH-RR, of the state before the step. */
uint32_t jh_pcg32_next(jh_pcg32 *rng)
{
    const uint64_t state = rng->state;
    const uint32_t folded = (uint32_t)(((state >> 18) ^ state) >> 27);
    const unsigned turn = (unsigned)(state >> 59);

    rng->state = state * multiplier32 + rng->increment;
    return folded >> turn | folded << (-turn & 31);
}

void jh_pcg32_advance(jh_pcg32 *rng, uint64_t steps)
{
    uint64_t a = multiplier32, c = rng->increment, total_a = 1, total_c = 0;

    for (; steps != 0; steps >>= 1) {
        if ((steps & 1) != 0) {
            total_a *= a;
            total_c = total_c * a + c;
        }
        c *= a + 1;
        a *= a;
    }
    rng->state = total_a * rng->state + total_c;
}

uint32_t jh_pcg32_below(jh_pcg32 *rng, uint32_t bound)
{
    const uint32_t unfair = (0 - bound) % bound;
    uint32_t drawn;

    do
        drawn = jh_pcg32_next(rng);
    while (drawn < unfair);
    return drawn % bound;
}

void jh_pcg32_sample(jh_pcg32 *rng, uint32_t *items, size_t count, size_t n)
{
    assert(n <= count && count <= UINT32_MAX);
    for (size_t i = 0; i < n; i++) {
        const size_t j = i + jh_pcg32_below(rng, (uint32_t)(count - i));
        const uint32_t swapped = items[i];

        items[i] = items[j];
        items[j] = swapped;
    }
}
