/* Runs of split amounts: against every window looked at by itself. */
#include <criterion/criterion.h>

#include "base/pcg.h"
#include "rule/split_runs.h"

enum { MOST = 40 };

/* The documents of the window that begins with document i's moment. */
static bool counts(const jh_splitting *splitting, const int64_t *times, const int64_t *amounts, size_t count, size_t i,
                   bool *in, int64_t *sum)
{
    size_t documents = 0;

    *sum = 0;
    for (size_t j = 0; j < count; j++) {
        in[j] = times[j] >= times[i] && times[j] <= times[i] + splitting->within;
        documents += in[j];
        *sum += in[j] ? amounts[j] : 0;
    }
    return documents >= splitting->at_least && *sum >= splitting->limit;
}

/* groups[j]: the lowest document of j's run, or `count`; sums[j]: the largest sum of a window j is in. */
static void by_windows(const jh_splitting *splitting, const int64_t *times, const int64_t *amounts, size_t count,
                       size_t *groups, int64_t *sums)
{
    bool in[MOST];
    int64_t sum;

    for (size_t j = 0; j < count; j++) {
        groups[j] = count;
        sums[j] = 0;
    }
    for (size_t again = 0; again < count; again++)
        for (size_t i = 0; i < count; i++) {
            size_t lowest = count;

            if (!counts(splitting, times, amounts, count, i, in, &sum))
                continue;
            for (size_t j = 0; j < count; j++) {
                if (in[j] && j < lowest)
                    lowest = j;
                if (in[j] && groups[j] < lowest)
                    lowest = groups[j];
                if (in[j] && sums[j] > sum)
                    sum = sums[j];
            }
            for (size_t j = 0; j < count; j++)
                if (in[j]) {
                    groups[j] = lowest;
                    sums[j] = sum;
                }
        }
}

Test(split_runs, as_by_windows)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 8, 8);
    for (int round = 0; round < 3000; round++) {
        const size_t count = 1 + (size_t)jh_pcg64_below(&rng, MOST);
        const jh_splitting splitting = {.within = (int64_t)jh_pcg64_below(&rng, 4),
                                        .limit = 1 + (int64_t)jh_pcg64_below(&rng, 60),
                                        .at_least = 1 + (uint32_t)jh_pcg64_below(&rng, 4)};
        int64_t times[MOST], amounts[MOST], sums[MOST];
        size_t groups[MOST], seen = 0, from = 0;
        jh_split_run run;

        for (size_t i = 0; i < count; i++) {
            times[i] = (i == 0 ? 0 : times[i - 1]) + (int64_t)jh_pcg64_below(&rng, 3);
            amounts[i] = 1 + (int64_t)jh_pcg64_below(&rng, 12);
        }
        by_windows(&splitting, times, amounts, count, groups, sums);
        for (; jh_split_next(&splitting, times, amounts, count, from, &run); from = run.first + run.count) {
            int64_t sum = 0;

            cr_assert(run.first >= from && run.count > 0);
            for (size_t i = run.first; i < run.first + run.count; i++, seen++)
                cr_assert(groups[i] == run.first && run.sum == sums[i], "round %d, document %zu", round, i);
            for (size_t i = run.window; i < run.window + run.most; i++)
                sum += amounts[i];
            cr_assert(sum == run.sum && run.window >= run.first && run.window + run.most <= run.first + run.count);
        }
        for (size_t i = 0; i < count; i++)
            seen -= groups[i] < count;
        cr_assert_eq(seen, 0, "round %d", round);
    }
}

Test(split_runs, sums_beyond_64_bits)
{
    const int64_t times[] = {0, 0, 0}, amounts[] = {INT64_MAX - 1, INT64_MAX - 1, INT64_MAX - 1};
    const jh_splitting splitting = {.limit = INT64_MAX, .at_least = 2};
    jh_split_run run;

    cr_assert(jh_split_next(&splitting, times, amounts, 3, 0, &run));
    cr_assert(run.count == 3 && run.sum == 3 * (jh_i128)(INT64_MAX - 1));
}
