#include "ingest/numbering.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/convert.h"

typedef struct jh_numbered {
    uint64_t hash;
    uint64_t next; /* all lower numbers of this id are taken; 0: an empty slot */
    size_t at;     /* of the id in `ids` */
    uint32_t len;
} jh_numbered;

static jh_numbered *find_slot(const jh_numbering *numbering, uint64_t hash, const char *id, uint32_t len)
{
    for (size_t i = hash & (numbering->room - 1);; i = (i + 1) & (numbering->room - 1)) {
        jh_numbered *slot = &numbering->slots[i];
        if (slot->next == 0)
            return slot;
        if (slot->hash == hash && slot->len == len && memcmp(numbering->ids.bytes + slot->at, id, len) == 0)
            return slot;
    }
}

/* Twice the slots, so that at most half are used. */
static bool grow(jh_numbering *numbering)
{
    const jh_numbering old = *numbering;

    numbering->room = old.room == 0 ? 64 : old.room * 2;
    numbering->slots = calloc(numbering->room, sizeof *numbering->slots);
    if (numbering->slots == NULL) {
        *numbering = old;
        return false;
    }
    for (size_t i = 0; i < old.room; i++) {
        const jh_numbered *slot = &old.slots[i];
        if (slot->next > 0)
            *find_slot(numbering, slot->hash, (const char *)old.ids.bytes + slot->at, slot->len) = *slot;
    }
    free(old.slots);
    return true;
}

static jh_numbered *find_or_add(jh_numbering *numbering, const char *id, uint32_t len)
{
    const uint64_t hash = jh_hash64(id, len);
    jh_numbered *slot;

    if (numbering->count * 2 >= numbering->room && !grow(numbering))
        return NULL;
    slot = find_slot(numbering, hash, id, len);
    if (slot->next > 0)
        return slot;
    *slot = (jh_numbered){.hash = hash, .at = numbering->ids.len, .len = len};
    jh_buf_put(&numbering->ids, id, len);
    if (numbering->ids.failed)
        return NULL;
    slot->next = 2;
    numbering->count++;
    return slot;
}

jihe_status jh_numbering_next(jh_numbering *numbering, jh_writer *writer, const char *id, uint32_t id_len, char *out,
                              uint32_t *len, jihe_error *err)
{
    jh_numbered *numbered = find_or_add(numbering, id, id_len);
    char suffix[24];
    bool taken = true;

    *len = 0;
    if (numbered == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "numbering repeated ids");
    while (taken) {
        const uint32_t digits = (uint32_t)snprintf(suffix, sizeof suffix, "#%" PRIu64, numbered->next);
        jihe_status st;
        if (id_len + digits > JH_ID_MAX)
            return JIHE_OK;
        memcpy(out, id, id_len);
        memcpy(out + id_len, suffix, digits);
        if ((st = jh_writer_has(writer, out, id_len + digits, &taken, err)) != JIHE_OK)
            return st;
        numbered->next++;
        *len = id_len + digits;
    }
    return JIHE_OK;
}

void jh_numbering_deinit(jh_numbering *numbering)
{
    free(numbering->slots);
    jh_buf_deinit(&numbering->ids);
    *numbering = (jh_numbering){0};
}
