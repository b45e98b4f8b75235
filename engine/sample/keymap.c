#include "sample/keymap.h"

#include <stdlib.h>
#include <string.h>

static size_t slot_of(const jh_keymap *map, uint64_t key)
{
    size_t at = (size_t)((key ^ key >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (map->slots - 1);

    while (map->at[at].key != key && map->at[at].key != UINT64_MAX)
        at = (at + 1) & (map->slots - 1);
    return at;
}

static bool grow(jh_keymap *map)
{
    const jh_keymap old = *map;
    const size_t slots = old.slots == 0 ? 64 : old.slots * 2;

    map->at = malloc(slots * sizeof *map->at);
    if (map->at == NULL) {
        *map = old;
        return false;
    }
    map->slots = slots;
    for (size_t i = 0; i < slots; i++)
        map->at[i] = (jh_keymap_slot){.key = UINT64_MAX};
    for (size_t i = 0; i < old.slots; i++)
        if (old.at[i].key != UINT64_MAX)
            map->at[slot_of(map, old.at[i].key)] = old.at[i];
    free(old.at);
    return true;
}

void jh_keymap_deinit(jh_keymap *map)
{
    free(map->at);
    *map = (jh_keymap){0};
}

void jh_keymap_clear(jh_keymap *map)
{
    for (size_t i = 0; i < map->slots; i++)
        map->at[i] = (jh_keymap_slot){.key = UINT64_MAX};
    map->count = 0;
}

uint64_t *jh_keymap_at(jh_keymap *map, uint64_t key)
{
    size_t at = map->slots == 0 ? 0 : slot_of(map, key);

    if (map->slots != 0 && map->at[at].key == key)
        return &map->at[at].value;
    if (map->count * 2 >= map->slots) {
        if (!grow(map))
            return NULL;
        at = slot_of(map, key);
    }
    map->at[at].key = key;
    map->count++;
    return &map->at[at].value;
}

const uint64_t *jh_keymap_find(const jh_keymap *map, uint64_t key)
{
    if (map->slots == 0)
        return NULL;
    const size_t at = slot_of(map, key);

    return map->at[at].key == key ? &map->at[at].value : NULL;
}
