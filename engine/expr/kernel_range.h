#ifndef JH_EXPR_KERNEL_RANGE_H
#define JH_EXPR_KERNEL_RANGE_H

#include <stddef.h>
#include <stdint.h>

/* Sets the bit of every row whose code is inside low..high (low <= high); other bits stay, so that several ranges add
 * up. The array must be readable to whole 64 rows; `set` has jh_bits_words(rows) words, and padding bits stay 0. */
void jh_range_u8(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set);
void jh_range_u16(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set);
void jh_range_u32(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set);
void jh_range_u64(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set);

/* The same, row by row: what the answer is. For tests. */
void jh_range_u8_ref(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set);
void jh_range_u16_ref(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set);
void jh_range_u32_ref(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set);
void jh_range_u64_ref(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set);

#endif
