#include "sample/keymap.h"

#include <stdlib.h>
#include <string.h>

static size_t slot_of(const jh_keymap *map, uint64_t key)
{
    size_t at = (size_t)((key ^ key >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (map->slots - 1);

    while (map->keys[at] != key && map->keys[at] != UINT64_MAX)
        at = (at + 1) & (map->slots - 1);
    return at;
}

static bool grow(jh_keymap *map)
{
    const jh_keymap old = *map;
    const size_t slots = old.slots == 0 ? 64 : old.slots * 2;

    map->keys = malloc(slots * sizeof *map->keys);
    map->values = calloc(slots, sizeof *map->values);
    if (map->keys == NULL || map->values == NULL) {
        free(map->keys);
        free(map->values);
        *map = old;
        return false;
    }
    memset(map->keys, 0xFF, slots * sizeof *map->keys);
    map->slots = slots;
    for (size_t i = 0; i < old.slots; i++)
        if (old.keys[i] != UINT64_MAX) {
            const size_t at = slot_of(map, old.keys[i]);

            map->keys[at] = old.keys[i];
            map->values[at] = old.values[i];
        }
    free(old.keys);
    free(old.values);
    return true;
}

void jh_keymap_deinit(jh_keymap *map)
{
    free(map->keys);
    free(map->values);
    *map = (jh_keymap){0};
}

uint64_t *jh_keymap_at(jh_keymap *map, uint64_t key)
{
    size_t at = map->slots == 0 ? 0 : slot_of(map, key);

    if (map->slots != 0 && map->keys[at] == key)
        return &map->values[at];
    if (map->count * 2 >= map->slots) {
        if (!grow(map))
            return NULL;
        at = slot_of(map, key);
    }
    map->keys[at] = key;
    map->count++;
    return &map->values[at];
}

const uint64_t *jh_keymap_find(const jh_keymap *map, uint64_t key)
{
    if (map->slots == 0)
        return NULL;
    const size_t at = slot_of(map, key);

    return map->keys[at] == key ? &map->values[at] : NULL;
}
