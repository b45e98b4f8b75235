#ifndef JH_EXPR_KERNELS_H
#define JH_EXPR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The loops over rows, once per kind of processor. All of a kind give the same bits for the same rows.
 *
 * Of arrays of codes, whole 64 rows can be read, whatever lies in those behind the last one; alignment makes no
 * difference. `set` has jh_bits_words(rows) words; padding bits stay 0. range, member and find add to the bits of `set`,
 * the comparisons of two columns replace them. */

/* A column of numbers: base + code, codes of `width` bytes; 0: all are base. */
typedef struct jh_numbers {
    const void *codes;
    unsigned    width; /* 0, 1, 2, 4, 8 */
    int64_t     base;
} jh_numbers;

/* A column of categories, of which the ranks are compared. ranks[count], or `count`, stands for codes that the dictionary
 * does not have. */
typedef struct jh_ranked {
    const void     *codes;
    unsigned        width; /* 0, 1, 2, 4 */
    uint32_t        base, count;
    const uint32_t *ranks; /* NULL: the codes themselves */
} jh_ranked;

typedef struct jh_kernels {
    const char *name;

    /* code inside low..high; low <= high */
    void (*range_u8)(const uint8_t *codes, uint8_t low, uint8_t high, size_t rows, uint64_t *set);
    void (*range_u16)(const uint16_t *codes, uint16_t low, uint16_t high, size_t rows, uint64_t *set);
    void (*range_u32)(const uint32_t *codes, uint32_t low, uint32_t high, size_t rows, uint64_t *set);
    void (*range_u64)(const uint64_t *codes, uint64_t low, uint64_t high, size_t rows, uint64_t *set);

    /* bit base + code of `members` is set. `members` holds count + 1 bits, the last of them 0: codes from `count` on,
     * which a sound snapshot does not have, are looked up there. */
    void (*member_u8)(const uint8_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                      uint64_t *set);
    void (*member_u16)(const uint16_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set);
    void (*member_u32)(const uint32_t *codes, uint32_t base, const uint64_t *members, uint32_t count, size_t rows,
                       uint64_t *set);

    /* left = right, left < right */
    void (*numbers_equal)(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set);
    void (*numbers_less)(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set);
    void (*ranks_equal)(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set);
    void (*ranks_less)(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set);

    /* the text of the row, bytes[offsets[i]] up to bytes[offsets[i + 1]], contains the word of at least one byte */
    void (*find)(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set);
} jh_kernels;

enum { JH_KERNEL_KINDS = 3 };

/* 0: row by row, which is what the answer is; 1: AVX2; 2: AVX-512. NULL: not for this processor. */
const jh_kernels *jh_kernels_of(unsigned kind);
const jh_kernels *jh_kernels_best(void);

/* kernels_avx2.c, kernels_avx512.c: NULL where the processor, or the compiler, has none. */
const jh_kernels *jh_kernels_avx2(void);
const jh_kernels *jh_kernels_avx512(void);

#endif
