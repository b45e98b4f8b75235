#ifndef JH_EXPR_KERNEL_PACK_H
#define JH_EXPR_KERNEL_PACK_H

#include <stdint.h>
#include <string.h>

#include "base/bits.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "packing reads eight flags as one little-endian word");

/* 64 bytes of 0 or 1 to 64 bits. Compilers vectorise the compares that make the bytes, but not a loop that shifts
 * single bits into a word: this detour costs a fifth of it (PERFORMANCE.md, section 3). The multiplication moves bit 8
 * i to bit 56 + i; no two of its partial products meet, so nothing carries. */
static inline uint64_t jh_pack64(const uint8_t flags[64])
{
    uint64_t word = 0;

    for (unsigned i = 0; i < 8; i++) {
        uint64_t eight;

        memcpy(&eight, flags + i * 8, 8);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << i * 8;
    }
    return word;
}

/* The bits of word `w` that belong to a row, of a bitmap of `rows`. */
static inline uint64_t jh_row_mask(size_t w, size_t rows)
{
    return w < rows / 64 ? ~UINT64_C(0) : jh_bits_tail(rows);
}

#endif
