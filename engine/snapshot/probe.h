#ifndef JH_SNAPSHOT_PROBE_H
#define JH_SNAPSHOT_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scratch.h"

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
    jh_scratch memory;
    const char *directory; /* where a large table may have its file (scratch.h); NULL: nowhere */
} jh_probe;

void jh_probe_deinit(jh_probe *probe); /* a zeroed one is fine; keeps `directory` */
bool jh_probe_holds(const jh_probe *probe, size_t more); /* are there slots for so many more? */

/* Slots for at least `more` more, twice as many as now or more, all of them free. False: no memory (errno), and the
 * table is empty. */
bool jh_probe_enlarge(jh_probe *probe, size_t more);
void jh_probe_insert(jh_probe *probe, uint64_t hash, uint32_t number); /* number < UINT32_MAX; it holds one more */

/* The next number whose hash may be `hash`; *step counts from 0. False: no more. */
bool jh_probe_next(const jh_probe *probe, uint64_t hash, size_t *step, uint32_t *number);

/* Inserts, unless there is a number whose hash may be `hash`: false. It holds one more. */
static inline bool jh_probe_claim(jh_probe *probe, uint64_t hash, uint32_t number)
{
    const uint32_t tag = (uint32_t)(hash >> 32);
    size_t at = (size_t)hash & probe->mask;

    while (probe->slots[at].number != 0) {
        if (probe->slots[at].tag == tag)
            return false;
        at = (at + 1) & probe->mask;
    }
    probe->slots[at] = (struct jh_probe_slot){tag, number + 1};
    probe->used++;
    return true;
}

enum { JH_PROBE_AHEAD = 24 }; /* how many hashes before its turn one is worth fetching: about the latency of memory */

/* What jh_probe_next and jh_probe_insert will look at, into the cache. */
static inline void jh_probe_fetch(const jh_probe *probe, uint64_t hash)
{
    __builtin_prefetch(&probe->slots[(size_t)hash & probe->mask], 1);
}

#endif
