#include <criterion/criterion.h>

#include <stdio.h>

#include "base/hash.h"
#include "snapshot/dict.h"
#include "snapshot/probe.h"

static size_t find_all(const jh_probe *probe, uint64_t hash, uint32_t *numbers, size_t room)
{
    size_t step = 0, count = 0;
    uint32_t number;

    while (jh_probe_next(probe, hash, &step, &number)) {
        cr_assert_lt(count, room);
        numbers[count++] = number;
    }
    return count;
}

/* Two documents may have one hash: the table gives every candidate, and the caller compares the ids. */
Test(snapshot_probe, equal_hashes_are_all_given)
{
    jh_probe probe = {0};
    uint32_t numbers[8];

    cr_assert_eq(find_all(&probe, 7, numbers, 8), 0);
    cr_assert(!jh_probe_holds(&probe, 1));
    cr_assert(jh_probe_enlarge(&probe, 1));
    for (uint32_t i = 0; i < 5; i++)
        jh_probe_insert(&probe, UINT64_MAX, i * 1000); /* the last slot: probing goes on at the first */
    cr_assert_eq(find_all(&probe, UINT64_MAX, numbers, 8), 5);
    jh_probe_insert(&probe, UINT64_MAX >> 1, 77);
    jh_probe_insert(&probe, 0, UINT32_MAX - 1);
    cr_assert_eq(find_all(&probe, UINT64_MAX, numbers, 8), 5);
    for (uint32_t i = 0; i < 5; i++)
        cr_assert_eq(numbers[i], i * 1000);
    cr_assert_eq(find_all(&probe, UINT64_MAX >> 1, numbers, 8), 1);
    cr_assert_eq(numbers[0], 77);
    cr_assert_eq(find_all(&probe, 0, numbers, 8), 1);
    cr_assert_eq(numbers[0], UINT32_MAX - 1);
    jh_probe_deinit(&probe);
}

Test(snapshot_probe, never_fills_up)
{
    jh_probe probe = {0};

    for (uint32_t number = 0; number < 10000; number++) {
        if (!jh_probe_holds(&probe, 1)) {
            cr_assert(jh_probe_enlarge(&probe, 1));
            for (uint32_t old = 0; old < number; old++)
                jh_probe_insert(&probe, old * UINT64_C(0x9e3779b97f4a7c15), old);
        }
        jh_probe_insert(&probe, number * UINT64_C(0x9e3779b97f4a7c15), number);
        cr_assert_leq(probe.used * 10, (probe.mask + 1) * 8 + 10);
    }
    cr_assert_leq((probe.mask + 1) * sizeof *probe.slots, 10000 * 20); /* writer.h promises 20 bytes a document */
    jh_probe_deinit(&probe);
}

/* These two differ, but their XXH3-64 agree in the upper 32 bits, which a slot keeps, and in the lower 10, which choose
 * the slot (found by a search over 8 million). */
Test(snapshot_dict, values_with_one_tag_are_told_apart)
{
    static const char first[] = "DOC-00261455", second[] = "DOC-00941147";
    jh_dict dict = {0};
    uint32_t code;

    cr_assert_eq((jh_hash64(first, 12) ^ jh_hash64(second, 12)) & UINT64_C(0xffffffff000003ff), 0);
    for (int round = 0; round < 2; round++) {
        cr_assert_eq(jh_dict_code(&dict, first, 12, &code, NULL), JIHE_OK);
        cr_assert_eq(code, 0);
        cr_assert_eq(jh_dict_code(&dict, second, 12, &code, NULL), JIHE_OK);
        cr_assert_eq(code, 1);
    }
    jh_dict_deinit(&dict);
}

Test(snapshot_dict, codes_count_in_order_of_first_appearance)
{
    jh_dict dict = {0};
    jihe_error err = {0};
    char text[16];
    uint32_t code;

    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 3000; i++) {
            const int len = i == 1234 ? 0 : snprintf(text, sizeof text, "v%u", i); /* one empty value among them */

            cr_assert_eq(jh_dict_code(&dict, text, (uint32_t)len, &code, &err), JIHE_OK, "%s", err.message);
            cr_assert_eq(code, i);
        }
    cr_assert_eq(jh_dict_code(&dict, "v1\0", 3, &code, &err), JIHE_OK); /* lengths count, not terminators */
    cr_assert_eq(code, 3000);
    cr_assert_eq(dict.count, 3001);
    jh_dict_deinit(&dict);
}
