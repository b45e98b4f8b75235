#ifndef JH_EXPR_KERNEL_MEMBER_H
#define JH_EXPR_KERNEL_MEMBER_H

#include <stddef.h>
#include <stdint.h>

/* Sets the bit of every row for which bit base + code of `members` is set; other bits stay. `members` holds count + 1
 * bits, the last of them 0: codes from `count` on, which a sound snapshot does not have, are looked up there. The array
 * must be readable to whole 64 rows; `set` has jh_bits_words(rows) words, and padding bits stay 0. */
void jh_member_u8(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                  uint64_t *set);
void jh_member_u16(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                   uint64_t *set);
void jh_member_u32(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                   uint64_t *set);

/* The same, row by row: what the answer is. For tests. */
void jh_member_u8_ref(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                      uint64_t *set);
void jh_member_u16_ref(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set);
void jh_member_u32_ref(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set);

#endif
