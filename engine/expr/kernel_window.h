#ifndef JH_EXPR_KERNEL_WINDOW_H
#define JH_EXPR_KERNEL_WINDOW_H

#include <stdint.h>

/* Bits from `base` on of `members`, `words` words of them; those from `count` on are 0. What narrow codes can ask. */
static inline void jh_members_window(const uint64_t *members, uint32_t base, uint32_t count, uint64_t *window,
                                     uint32_t words)
{
    for (uint32_t k = 0; k < words; k++) {
        const uint64_t from = (uint64_t)base + (uint64_t)k * 64, word = from / 64;
        const unsigned shift = (unsigned)(from % 64);

        window[k] = 0;
        if (from >= count)
            continue;
        window[k] = members[word] >> shift;
        if (shift != 0 && word + 1 <= count / 64)
            window[k] |= members[word + 1] << (64 - shift);
        if (count - from < 64)
            window[k] &= (UINT64_C(1) << (count - from)) - 1;
    }
}

#endif
