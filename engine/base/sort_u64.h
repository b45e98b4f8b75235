#ifndef JH_BASE_SORT_U64_H
#define JH_BASE_SORT_U64_H

#include <stddef.h>
#include <stdint.h>

/* Whole numbers in rising order: first into buckets by their highest bits, then each bucket; quickest where those bits are
 * evenly distributed, and never slower than by all bytes in turn (radix sort). `spare` is room for as many. */
void jh_sort_u64(uint64_t *numbers, uint64_t *spare, size_t count);

#endif
