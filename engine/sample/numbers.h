#ifndef JH_SAMPLE_NUMBERS_H
#define JH_SAMPLE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* Draw numbers (base/pcg.h) of many documents under one stream key, out of the hashes of their ids. The fastest form that
 * the machine can run; all give the same numbers. */
void jh_draw_numbers(const uint64_t *hashes, size_t count, uint64_t key, uint64_t *numbers);
void jh_draw_numbers_ref(const uint64_t *hashes, size_t count, uint64_t key, uint64_t *numbers); /* one by one */

#endif
