#ifndef JH_SAMPLE_KEYMAP_H
#define JH_SAMPLE_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A map from 64-bit keys to 64-bit values, open addressing. Zero-initialise. Key UINT64_MAX is not allowed. */
typedef struct jh_keymap_slot {
    uint64_t key; /* UINT64_MAX: empty */
    uint64_t value;
} jh_keymap_slot;

typedef struct jh_keymap {
    jh_keymap_slot *at;
    size_t          slots; /* power of two, 0 before the first use */
    size_t          count;
} jh_keymap;

void      jh_keymap_deinit(jh_keymap *map);
void      jh_keymap_clear(jh_keymap *map); /* empty, with the room it has */
/* The value, made 0 when new. NULL: no memory for a new one; a key that is there is always found. */
uint64_t *jh_keymap_at(jh_keymap *map, uint64_t key);
const uint64_t *jh_keymap_find(const jh_keymap *map, uint64_t key); /* NULL: absent */

#endif
