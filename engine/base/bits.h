#ifndef JH_BASE_BITS_H
#define JH_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bitmaps: bit i of a set is bit i % 64 of word i / 64. Padding bits beyond the last row are always 0. */

static inline size_t jh_bits_words(size_t rows)
{
    return (rows + 63) / 64;
}

static inline bool jh_bits_test(const uint64_t *set, size_t i)
{
    return (set[i / 64] >> (i % 64) & 1) != 0;
}

static inline void jh_bits_set(uint64_t *set, size_t i)
{
    set[i / 64] |= UINT64_C(1) << (i % 64);
}

/* The mask of the rows in use of the last word: all ones when rows is a multiple of 64. */
static inline uint64_t jh_bits_tail(size_t rows)
{
    return rows % 64 == 0 ? ~UINT64_C(0) : (UINT64_C(1) << (rows % 64)) - 1;
}

void     jh_bits_fill(uint64_t *set, size_t rows, bool value); /* rows bits, padding 0 */
uint64_t jh_bits_count(const uint64_t *set, size_t rows);

#endif
