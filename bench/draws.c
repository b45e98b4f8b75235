#include "draws.h"

#include <stdlib.h>

bool zipf_init(zipf *z, uint32_t count)
{
    uint64_t sum = 0;

    z->count = count;
    z->upto = malloc(count * sizeof *z->upto);
    if (z->upto == NULL)
        return false;
    for (uint32_t r = 0; r < count; r++) {
        sum += (UINT64_C(1) << 40) / (r + 1);
        z->upto[r] = sum;
    }
    return true;
}

void zipf_deinit(zipf *z)
{
    free(z->upto);
}

/* The first rank whose sum exceeds the number drawn. */
uint32_t zipf_draw(const zipf *z, jh_pcg64 *rng)
{
    const uint64_t drawn = jh_pcg64_below(rng, z->upto[z->count - 1]);
    uint32_t low = 0, high = z->count - 1;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (z->upto[middle] > drawn)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Floor of the square root, bit by bit. */
static uint64_t square_root(jh_u128 value)
{
    uint64_t root = 0;

    for (uint64_t bit = UINT64_C(1) << 63; bit != 0; bit >>= 1)
        if ((jh_u128)(root | bit) * (root | bit) <= value)
            root |= bit;
    return root;
}

static uint64_t times(uint64_t a, uint64_t b) /* both in units of 2^-62 */
{
    return (uint64_t)((jh_u128)a * b >> 62);
}

/* Each table from its powers 2^(1/2), 2^(1/4), ...: 2^(i/256) is the product of those that i has bits for. */
void amounts_init(amounts *a)
{
    const uint64_t one = UINT64_C(1) << 62;
    uint64_t roots[16]; /* roots[k] = 2^(1 / 2^(k + 1)) */

    roots[0] = square_root((jh_u128)1 << 125);
    for (int k = 1; k < 16; k++)
        roots[k] = square_root((jh_u128)roots[k - 1] << 62);
    for (int i = 0; i < 256; i++) {
        a->coarse[i] = a->fine[i] = one;
        for (int k = 0; k < 8; k++) {
            if ((i >> (7 - k) & 1) != 0) {
                a->coarse[i] = times(a->coarse[i], roots[k]);
                a->fine[i] = times(a->fine[i], roots[8 + k]);
            }
        }
    }
}

/* A sum of twelve uniform 16-bit numbers is near enough to a normal one with a standard deviation of 65536; it becomes
 * the binary logarithm of the amount, in units of 2^-16. */
int64_t amounts_draw(const amounts *a, jh_pcg64 *rng)
{
    const uint64_t sigma = 151277;    /* 1.6 / ln 2, times 2^16 */
    const uint64_t smallest = 284756; /* log2 300000 - 6 * 1.6 / ln 2, times 2^16 */
    uint64_t sum = 0;

    for (int word = 0; word < 3; word++) {
        const uint64_t bits = jh_pcg64_next(rng);
        sum += (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    }
    const uint64_t log2 = smallest + (sum * sigma >> 16);
    return (int64_t)(times(a->coarse[log2 >> 8 & 0xff], a->fine[log2 & 0xff]) >> (62 - (log2 >> 16)));
}
