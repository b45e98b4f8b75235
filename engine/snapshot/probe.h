#ifndef JH_SNAPSHOT_PROBE_H
#define JH_SNAPSHOT_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jh_probe_slot {
    uint32_t tag;
    uint32_t number; /* + 1; 0 marks a free slot */
};

/* Open addressing from 64-bit hashes to numbers: 8 bytes a slot, linear probing, 40 to 80 % full. A slot keeps the
 * upper half of the hash only; the caller settles equality and gives every hash again when the table is made larger. */
typedef struct jh_probe {
    struct jh_probe_slot *slots;
    size_t mask; /* slots - 1 */
    size_t used;
} jh_probe;

void jh_probe_deinit(jh_probe *probe); /* a zeroed one is fine */
bool jh_probe_full(const jh_probe *probe);

/* Twice the slots, all of them free. False: no memory, and the table is empty. */
bool jh_probe_enlarge(jh_probe *probe);
void jh_probe_insert(jh_probe *probe, uint64_t hash, uint32_t number); /* number < UINT32_MAX; not full */

/* The next number whose hash may be `hash`; *step counts from 0. False: no more. */
bool jh_probe_next(const jh_probe *probe, uint64_t hash, size_t *step, uint32_t *number);

#endif
