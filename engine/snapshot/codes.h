#ifndef JH_SNAPSHOT_CODES_H
#define JH_SNAPSHOT_CODES_H

#include <stddef.h>
#include <stdint.h>

/* Unsigned codes of 0, 1, 2, 4 or 8 bytes in a row. One loop per width, so that the compiler can make vectors of them.
 * Shared by engine/snapshot only. */

void jh_codes_put(void *out, const int64_t *values, size_t count, uint64_t base, unsigned width); /* value - base */
/* base + code of each of `count` rows from `first` on */
void jh_codes_get_all(const void *codes, unsigned width, uint64_t base, size_t first, size_t count, int64_t *out);
uint64_t jh_codes_max(const void *codes, unsigned width, size_t count);

static inline uint64_t jh_codes_get(const void *codes, unsigned width, size_t row)
{
    switch (width) {
    case 0:
        return 0;
    case 1:
        return ((const uint8_t *)codes)[row];
    case 2:
        return ((const uint16_t *)codes)[row];
    case 4:
        return ((const uint32_t *)codes)[row];
    default:
        return ((const uint64_t *)codes)[row];
    }
}

#endif
