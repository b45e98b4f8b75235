#ifndef JH_BASE_SORT_U64_H
#define JH_BASE_SORT_U64_H

#include <stddef.h>
#include <stdint.h>

/* Whole numbers in rising order, byte by byte from the lowest (radix sort); bytes that are the same in all are passed
 * over. `spare` is room for as many. */
void jh_sort_u64(uint64_t *numbers, uint64_t *spare, size_t count);

#endif
