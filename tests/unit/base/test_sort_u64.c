/* Against qsort, for numbers that differ everywhere, in their lowest bits, in their highest, or not at all. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "base/sort_u64.h"

static int order(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

Test(sort_u64, as_qsort)
{
    static const size_t counts[] = {0, 1, 2, 48, 49, 50, 300, 5000, 70000};
    static const uint64_t masks[] = {UINT64_MAX,       0xff, UINT64_C(0xff) << 56, UINT64_C(0xfff0000000000f01), 0,
                                     UINT64_C(1) << 63};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 1, 9);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++)
        for (size_t m = 0; m < sizeof masks / sizeof masks[0]; m++) {
            const size_t count = counts[c], bytes = count * sizeof(uint64_t);
            uint64_t *numbers = malloc(bytes + 1), *want = malloc(bytes + 1), *spare = malloc(bytes + 1);

            for (size_t i = 0; i < count; i++)
                numbers[i] = want[i] = jh_pcg64_next(&rng) & masks[m];
            qsort(want, count, sizeof *want, order);
            jh_sort_u64(numbers, spare, count);
            cr_assert(memcmp(numbers, want, bytes) == 0, "%zu numbers, mask %zu", count, m);
            free(numbers);
            free(want);
            free(spare);
        }
}
