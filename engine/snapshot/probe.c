#include "snapshot/probe.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256 };

void jh_probe_deinit(jh_probe *probe)
{
    free(probe->slots);
    *probe = (jh_probe){0};
}

bool jh_probe_full(const jh_probe *probe)
{
    return probe->slots == NULL || probe->used * 5 >= (probe->mask + 1) * 4;
}

/* The old slots go first: while a large table is rebuilt there is only one of them. */
bool jh_probe_enlarge(jh_probe *probe)
{
    const size_t slots = probe->slots == NULL ? FIRST_SLOTS : (probe->mask + 1) * 2;

    jh_probe_deinit(probe);
    probe->slots = calloc(slots, sizeof *probe->slots);
    if (probe->slots == NULL)
        return false;
    probe->mask = slots - 1;
    return true;
}

void jh_probe_insert(jh_probe *probe, uint64_t hash, uint32_t number)
{
    size_t at = (size_t)hash & probe->mask;

    while (probe->slots[at].number != 0)
        at = (at + 1) & probe->mask;
    probe->slots[at].tag = (uint32_t)(hash >> 32);
    probe->slots[at].number = number + 1;
    probe->used++;
}

bool jh_probe_next(const jh_probe *probe, uint64_t hash, size_t *step, uint32_t *number)
{
    if (probe->slots == NULL)
        return false;
    for (;;) {
        const struct jh_probe_slot slot = probe->slots[((size_t)hash + *step) & probe->mask];

        if (slot.number == 0)
            return false;
        ++*step;
        if (slot.tag == (uint32_t)(hash >> 32)) {
            *number = slot.number - 1;
            return true;
        }
    }
}
