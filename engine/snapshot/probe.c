#include "snapshot/probe.h"

enum { FIRST_SLOTS = 256 };

void jh_probe_deinit(jh_probe *probe)
{
    const char *directory = probe->directory;

    jh_scratch_free(&probe->memory);
    *probe = (jh_probe){.directory = directory};
}

bool jh_probe_holds(const jh_probe *probe, size_t more)
{
    return probe->slots != NULL && (probe->used + more) * 5 <= (probe->mask + 1) * 4;
}

/* The old slots go first: while a large table is rebuilt there is only one of them. */
bool jh_probe_enlarge(jh_probe *probe, size_t more)
{
    const size_t need = probe->used + more;
    size_t slots = probe->slots == NULL ? FIRST_SLOTS : (probe->mask + 1) * 2;

    while (need * 5 > slots * 4)
        slots *= 2;
    jh_probe_deinit(probe);
    if (!jh_scratch_get(&probe->memory, slots * sizeof *probe->slots, probe->directory))
        return false;
    probe->slots = probe->memory.bytes;
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
