#ifndef JH_EXPR_KERNEL_FIND_H
#define JH_EXPR_KERNEL_FIND_H

#include <stddef.h>
#include <stdint.h>

/* Sets the bit of every row whose text contains the word; other bits stay. The text of row i is bytes[offsets[i]] up to
 * bytes[offsets[i + 1]]; the word has at least one byte. All texts are searched as one: 32 places at a time for two of
 * the word's bytes where the processor has AVX2. */
void jh_find_rows(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set);

/* The same, row by row: what the answer is, and what runs where there is no AVX2. */
void jh_find_rows_ref(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len,
                      uint64_t *set);

#endif
