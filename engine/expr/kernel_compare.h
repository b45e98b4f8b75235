#ifndef JH_EXPR_KERNEL_COMPARE_H
#define JH_EXPR_KERNEL_COMPARE_H

#include "expr/kernels.h"

/* Two columns of the same rows, as kernels.h says it: plain. */
void jh_numbers_equal(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set);
void jh_numbers_less(jh_numbers left, jh_numbers right, size_t rows, uint64_t *set);
void jh_ranks_equal(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set);
void jh_ranks_less(jh_ranked left, jh_ranked right, size_t rows, uint64_t *set);

#endif
