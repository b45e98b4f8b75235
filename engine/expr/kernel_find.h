#ifndef JH_EXPR_KERNEL_FIND_H
#define JH_EXPR_KERNEL_FIND_H

#include <stddef.h>
#include <stdint.h>

/* Sets the bit of every row whose text contains the word, as kernels.h says it: row by row. */
void jh_find_rows(const char *bytes, const uint32_t *offsets, size_t rows, const char *word, size_t len, uint64_t *set);

#endif
