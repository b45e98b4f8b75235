#include <criterion/criterion.h>

#include "sample/keymap.h"

/* Keys that a multiplication spreads badly as well: small, with equal low bits, the largest allowed. */
static uint64_t key_of(uint64_t i)
{
    return i % 3 == 0 ? i : i % 3 == 1 ? i << 40 : UINT64_MAX - 1 - i;
}

Test(keymap, every_key_keeps_its_value)
{
    enum { KEYS = 5000 };
    jh_keymap map = {0};

    cr_assert_null(jh_keymap_find(&map, 7));
    for (uint64_t i = 0; i < KEYS; i++) {
        uint64_t *value = jh_keymap_at(&map, key_of(i));

        cr_assert_not_null(value);
        cr_assert_eq(*value, 0u, "key %llu was there", (unsigned long long)key_of(i));
        *value = i + 1;
    }
    cr_assert_eq(map.count, (size_t)KEYS);
    for (uint64_t i = 0; i < KEYS; i++)
        cr_assert_eq(*jh_keymap_find(&map, key_of(i)), i + 1);
    cr_assert_null(jh_keymap_find(&map, UINT64_C(1) << 63 | 5));
    jh_keymap_deinit(&map);
}

/* A key that is there is found without memory: strata.c relies on it. */
Test(keymap, finding_does_not_grow)
{
    jh_keymap map = {0};

    for (uint64_t i = 0; i < 1000; i++) {
        cr_assert_not_null(jh_keymap_at(&map, key_of(i)));
        const size_t slots = map.slots;

        for (uint64_t k = 0; k <= i; k++)
            cr_assert_not_null(jh_keymap_at(&map, key_of(k)));
        cr_assert_eq(map.slots, slots, "the map grew with %zu keys in it", map.count);
        cr_assert_eq(map.count, (size_t)i + 1);
    }
    jh_keymap_deinit(&map);
}
