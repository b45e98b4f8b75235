/* Which documents are alike: against a reference that writes every document's values as a text and sorts. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "alike_docs.h"

static const jh_same_column choices[][4] = {
    {{"payee", false}},
    {{"payee", true}},
    {{"payee", true}, {"amount", false}},
    {{"payee", false}, {"amount", false}, {"invoice", true}},
    {{"invoice", false}, {"team", false}},
    {{"invoice", true}},
    {{"qty", false}, {"team", true}},
    {{"doc_id", true}},
    {{"amount", false}, {"qty", false}, {"team", false}, {"payee", true}},
};

static size_t count_keys(const jh_same_column *keys)
{
    size_t count = 0;

    while (count < 4 && keys[count].name != NULL)
        count++;
    return count;
}

static void check(const alike_world *world, const jh_alike_input *input)
{
    uint64_t undecided;
    char *want = alike_plain(world, input), *got = alike_found(input, &undecided);

    cr_assert_str_eq(got, want, "keys %s..., room %llu, bits %u, threads %u", input->keys[0].name,
                     (unsigned long long)input->room, input->print_bits, input->threads);
    cr_assert_eq(undecided, alike_undecided(world, input));
    free(want);
    free(got);
}

Test(alike, as_by_sorting)
{
    static const uint64_t rooms[] = {1, 40, 300, JH_ALIKE_ROOM};
    static const uint32_t bits[] = {64, 2, 9, 63}, sizes[][4] = {{300, 200, 1, 250}, {500}, {100, 400}};
    static const size_t parts[] = {4, 1, 2};
    static const char *const values[] = {"amount", "qty"};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 20261122, 7);
    for (size_t w = 0; w < 6; w++) {
        alike_world world;

        alike_world_make(&world, &rng, sizes[w % 3], parts[w % 3], w < 3 ? 12 : 90, 1);
        for (size_t k = 0; k < sizeof choices / sizeof choices[0]; k++)
            for (size_t r = 0; r < 4; r++) {
                const bool ranged = r == 3 && w % 2 == 0;
                const jh_alike_input input = {.pass = &world.pass,
                                              .bits = world.bits,
                                              .keys = choices[k],
                                              .key_count = count_keys(choices[k]),
                                              .values = values,
                                              .value_count = r % 3,
                                              .least = ranged ? 3 : INT64_MIN,
                                              .most = ranged ? 20 : INT64_MAX,
                                              .room = rooms[r],
                                              .print_bits = bits[r],
                                              .threads = 1 + (uint32_t)(k + r) % 3};

                check(&world, &input);
            }
        alike_world_free(&world);
    }
}

/* Several segments, several partitions and batches, and one value that most documents share. */
Test(alike, many_documents)
{
    static const uint32_t sizes[] = {66000, 70000};
    static const uint64_t variety[] = {3, 20000};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 5, 5);
    for (size_t w = 0; w < 2; w++) {
        alike_world world;

        alike_world_make(&world, &rng, sizes, 2, variety[w], 30);
        for (size_t r = 0; r < 4; r++) {
            const uint64_t room = r < 2 ? 20000 : JH_ALIKE_ROOM;
            const jh_alike_input input = {.pass = &world.pass,
                                          .bits = world.bits,
                                          .keys = choices[3 - w],
                                          .key_count = count_keys(choices[3 - w]),
                                          .least = INT64_MIN,
                                          .most = INT64_MAX,
                                          .room = room,
                                          .print_bits = r % 2 == 0 ? 64 : 63,
                                          .threads = 2};
            check(&world, &input);
        }
        alike_world_free(&world);
    }
}
