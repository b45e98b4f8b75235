#include "expr/kernel_member.h"

#include "base/bits.h"
#include "expr/kernel_pack.h"

/* 1 or 0; no branch on data. */
static inline uint8_t member(const uint64_t *members, uint64_t code, uint64_t count)
{
    const uint64_t at = code < count ? code : count;

    return (uint8_t)(members[at / 64] >> at % 64 & 1);
}

void jh_member_u8(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                  uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        for (unsigned i = 0; i < 64; i++)
            flags[i] = member(members, (uint64_t)base + codes[w * 64 + i], count);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_member_u16(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                   uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        for (unsigned i = 0; i < 64; i++)
            flags[i] = member(members, (uint64_t)base + codes[w * 64 + i], count);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_member_u32(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                   uint64_t *set)
{
    uint8_t flags[64];

    for (size_t w = 0; w < jh_bits_words(rows); w++) {
        for (unsigned i = 0; i < 64; i++)
            flags[i] = member(members, (uint64_t)base + codes[w * 64 + i], count);
        set[w] |= jh_pack64(flags) & jh_row_mask(w, rows);
    }
}

void jh_member_u8_ref(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                      uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if ((uint64_t)base + codes[i] < count && jh_bits_test(members, (size_t)base + codes[i]))
            jh_bits_set(set, i);
}

void jh_member_u16_ref(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if ((uint64_t)base + codes[i] < count && jh_bits_test(members, (size_t)base + codes[i]))
            jh_bits_set(set, i);
}

void jh_member_u32_ref(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set)
{
    for (size_t i = 0; i < rows; i++)
        if ((uint64_t)base + codes[i] < count && jh_bits_test(members, (size_t)base + codes[i]))
            jh_bits_set(set, i);
}
