#include <criterion/criterion.h>

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/pcg.h"

/* Pieces of all sizes, each filled with its own byte: aligned, zero when given out, none over another. */
Test(arena, pieces_are_zero_aligned_and_apart)
{
    enum { PIECES = 2000 };
    static uint8_t *pieces[PIECES];
    static size_t sizes[PIECES];
    jh_arena arena;
    jh_pcg64 rng;

    jh_arena_init(&arena, 1000);
    jh_pcg64_seed(&rng, 1, 2);
    for (size_t i = 0; i < PIECES; i++) {
        sizes[i] = (size_t)jh_pcg64_below(&rng, i % 50 == 0 ? 5000 : 90);
        pieces[i] = jh_arena_get(&arena, sizes[i], 1);
        cr_assert_not_null(pieces[i]);
        cr_assert_eq((uintptr_t)pieces[i] % 16, 0u);
        for (size_t b = 0; b < sizes[i]; b++)
            cr_assert_eq(pieces[i][b], 0);
        memset(pieces[i], (int)(i % 251) + 1, sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t b = 0; b < sizes[i]; b++)
            cr_assert_eq(pieces[i][b], i % 251 + 1, "piece %zu", i);
    jh_arena_deinit(&arena);
}

Test(arena, a_list_keeps_its_items_while_it_grows)
{
    jh_arena arena = {0};
    uint32_t *list = NULL;
    size_t room = 0;

    for (uint32_t count = 0; count < 1000; count++) {
        uint32_t *grown = jh_arena_list(&arena, list, count, &room, sizeof *list);

        cr_assert_not_null(grown);
        cr_assert(grown == list || count == 0 || count >= 64, "a list with room was moved at %u", count);
        cr_assert(room > count);
        list = grown;
        list[count] = count * 3;
    }
    for (uint32_t i = 0; i < 1000; i++)
        cr_assert_eq(list[i], i * 3);
    cr_assert_null(jh_arena_list(&arena, list, room, &room, SIZE_MAX));
    cr_assert_eq(list[999], 2997u, "a failure took the list away");
    jh_arena_deinit(&arena);
}

Test(arena, impossible_sizes_are_refused)
{
    jh_arena arena = {0};

    cr_assert_null(jh_arena_get(&arena, SIZE_MAX, 1));
    cr_assert_null(jh_arena_get(&arena, SIZE_MAX / 8 + 1, 8));
    cr_assert_null(jh_arena_get(&arena, SIZE_MAX - 40, 1));
    cr_assert_null(jh_arena_text(&arena, "", SIZE_MAX));
    cr_assert_not_null(jh_arena_get(&arena, 0, 8));
    cr_assert_str_eq(jh_arena_text(&arena, "abcdef", 3), "abc");
    cr_assert_str_eq(jh_arena_text(&arena, NULL, 0), "");
    jh_arena_deinit(&arena);
    jh_arena_deinit(&arena);
}
