/* Groups of near documents: against every pair looked at, until nothing joins any more. */
#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/pcg.h"
#include "rule/near_links.h"

enum { MOST = 60 };

static void by_pairs(const jh_nearness *nearness, const int32_t *dates, const int64_t *amounts, size_t count,
                     uint32_t *leaders)
{
    for (size_t i = 0; i < count; i++)
        leaders[i] = (uint32_t)i;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                if (abs(dates[i] - dates[j]) <= nearness->within &&
                    (amounts == NULL || jh_near_amounts(nearness, amounts[i], amounts[j])) && leaders[j] < leaders[i]) {
                    leaders[i] = leaders[j];
                    moved = true;
                }
    }
}

Test(near_links, as_by_pairs)
{
    static const uint32_t ppms[] = {0, 5000, 100000, 999999};
    jh_buf room = {0};
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 4, 4);
    for (int round = 0; round < 4000; round++) {
        const size_t count = 1 + (size_t)jh_pcg64_below(&rng, MOST);
        const uint64_t spread = 1 + jh_pcg64_below(&rng, 400), step = 1 + jh_pcg64_below(&rng, 6);
        const jh_nearness nearness = {.within = (int32_t)jh_pcg64_below(&rng, 5),
                                      .most = (int64_t)jh_pcg64_below(&rng, 8),
                                      .ppm = ppms[jh_pcg64_below(&rng, 4)]};
        uint32_t want[MOST], got[MOST];
        int64_t amounts[MOST];
        int32_t dates[MOST];

        for (size_t i = 0; i < count; i++) {
            dates[i] = (i == 0 ? 20000 : dates[i - 1]) +
                       (int32_t)(jh_pcg64_below(&rng, 3) == 0 ? jh_pcg64_below(&rng, step) : 0);
            amounts[i] = (int64_t)jh_pcg64_below(&rng, spread) - (int64_t)(round % 3 == 0 ? spread / 2 : 0);
        }
        const int64_t *given = round % 10 == 0 ? NULL : amounts;

        by_pairs(&nearness, dates, given, count, want);
        cr_assert(jh_near_link(&nearness, dates, given, count, &room, got));
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(got[i], want[i], "round %d, document %zu of %zu", round, i, count);
    }
    jh_buf_deinit(&room);
}

Test(near_links, what_is_near)
{
    const jh_nearness nearness = {.most = 100, .ppm = 5000}; /* 1.00 or 0.5 % */

    cr_assert(jh_near_amounts(&nearness, 1000, 1100) && !jh_near_amounts(&nearness, 1000, 1101));
    cr_assert(jh_near_amounts(&nearness, 99500, 100000) && !jh_near_amounts(&nearness, 99499, 100000));
    cr_assert(jh_near_amounts(&nearness, -99500, -100000) && !jh_near_amounts(&nearness, -100000, 100000));
    cr_assert(!jh_near_amounts(&nearness, INT64_MIN, INT64_MAX));
    cr_assert(jh_near_amounts(&nearness, INT64_MIN, INT64_MIN + 100));
}
