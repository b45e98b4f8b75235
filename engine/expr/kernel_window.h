#ifndef JH_EXPR_KERNEL_WINDOW_H
#define JH_EXPR_KERNEL_WINDOW_H

#include <stdint.h>

/* Bits base .. base + 255 of `members`, those from `count` on 0: what codes of one byte can ask. */
static inline void jh_members_window(const uint64_t *members, uint32_t base, uint32_t count, uint64_t window[4])
{
    for (uint32_t k = 0; k < 4; k++) {
        const uint64_t from = (uint64_t)base + k * 64, word = from / 64;
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
