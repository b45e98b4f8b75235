#include "expr/kernel_range.h"

#include "base/bits.h"
#include "expr/kernel_pack.h"

/* code - low <= high - low in unsigned arithmetic is both comparisons at once. */

static inline void range64_u8(const uint8_t *restrict codes, uint8_t low, uint8_t span, uint8_t *restrict flags)
{
    for (unsigned i = 0; i < 64; i++)
        flags[i] = (uint8_t)(codes[i] - low) <= span;
}

static inline void range64_u16(const uint16_t *restrict codes, uint16_t low, uint16_t span, uint8_t *restrict flags)
{
    for (unsigned i = 0; i < 64; i++)
        flags[i] = (uint16_t)(codes[i] - low) <= span;
}

static inline void range64_u32(const uint32_t *restrict codes, uint32_t low, uint32_t span, uint8_t *restrict flags)
{
    for (unsigned i = 0; i < 64; i++)
        flags[i] = codes[i] - low <= span;
}

static inline void range64_u64(const uint64_t *restrict codes, uint64_t low, uint64_t span, uint8_t *restrict flags)
{
    for (unsigned i = 0; i < 64; i++)
        flags[i] = codes[i] - low <= span;
}

void jh_range_u8(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        range64_u8(codes + w * 64, low, (uint8_t)(high - low), flags);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_range_u16(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        range64_u16(codes + w * 64, low, (uint16_t)(high - low), flags);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_range_u32(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        range64_u32(codes + w * 64, low, high - low, flags);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_range_u64(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        range64_u64(codes + w * 64, low, high - low, flags);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_range_u8_ref(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (codes[i] >= low && codes[i] <= high)
            jh_bits_set(set, i);
}

void jh_range_u16_ref(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (codes[i] >= low && codes[i] <= high)
            jh_bits_set(set, i);
}

void jh_range_u32_ref(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (codes[i] >= low && codes[i] <= high)
            jh_bits_set(set, i);
}

void jh_range_u64_ref(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if (codes[i] >= low && codes[i] <= high)
            jh_bits_set(set, i);
}
