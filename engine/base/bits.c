#include "base/bits.h"

#include <string.h>

void jh_bits_fill(uint64_t *set, size_t rows, bool value)
{
    const size_t words = jh_bits_words(rows);

    if (words == 0)
        return;
    memset(set, value ? 0xff : 0, words * sizeof *set);
    set[words - 1] &= jh_bits_tail(rows);
}

static inline __attribute__((always_inline)) uint64_t count_bits(const uint64_t *set, size_t rows)
{
    const size_t whole = rows / 64;
    uint64_t count = 0;

    for (size_t w = 0; w < whole; w++)
        count += (uint64_t)__builtin_popcountll(set[w]);
    if (rows % 64 != 0)
        count += (uint64_t)__builtin_popcountll(set[whole] & jh_bits_tail(rows));
    return count;
}

#if defined(__x86_64__)

/* Not every x86-64 processor counts bits; without it, a word is a call. */
__attribute__((target("popcnt"))) static uint64_t count_bits_popcnt(const uint64_t *set, size_t rows)
{
    return count_bits(set, rows);
}

uint64_t jh_bits_count(const uint64_t *set, size_t rows)
{
    return __builtin_cpu_supports("popcnt") ? count_bits_popcnt(set, rows) : count_bits(set, rows);
}

#else

uint64_t jh_bits_count(const uint64_t *set, size_t rows)
{
    return count_bits(set, rows);
}

#endif
