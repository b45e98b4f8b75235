#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/parallel.h"
#include "rule/shared_counts.h"

enum { TASKS = 64, ADDS = 5000 };

static size_t place(uint64_t task, uint64_t add, size_t count)
{
    return (size_t)((task * 7919 + add * add) % count);
}

static jihe_status add_many(void *context, uint32_t worker, uint64_t task, jihe_error *err)
{
    jh_shared_counts *counts = context;

    (void)err;
    for (uint64_t add = 0; add < ADDS; add++)
        jh_counts_add(counts, worker, place(task, add, counts->count));
    return JIHE_OK;
}

/* Few counters, which each worker has for itself, and many, which all share: the same sums as one after another. */
Test(shared_counts, the_same_for_any_number_of_threads)
{
    static const size_t sizes[] = {1, 17, JH_COUNTS_OWN, JH_COUNTS_OWN + 1};

    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (uint32_t threads = 1; threads <= 4; threads += 3) {
            uint64_t *due = calloc(sizes[s], sizeof *due);
            jh_shared_counts counts;

            for (uint64_t task = 0; task < TASKS; task++)
                for (uint64_t add = 0; add < ADDS; add++)
                    due[place(task, add, sizes[s])]++;
            cr_assert_eq(jh_counts_make(&counts, sizes[s], threads, NULL), JIHE_OK);
            cr_assert_eq(counts.own != NULL, sizes[s] <= JH_COUNTS_OWN);
            cr_assert_eq(jh_parallel(threads, TASKS, add_many, &counts, NULL), JIHE_OK);
            jh_counts_gather(&counts);
            for (size_t i = 0; i < sizes[s]; i++)
                cr_assert_eq(jh_counts_get(&counts, i), due[i], "counter %zu of %zu, %u threads", i, sizes[s], threads);
            jh_counts_deinit(&counts);
            free(due);
        }
}
