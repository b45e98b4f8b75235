/* jh_parallel, as a plain program so that ThreadSanitizer can watch it. */

#include <stdio.h>
#include <string.h>

#include "base/parallel.h"

enum { COUNT = 5000, THREADS = 8 };

typedef struct tally {
    uint32_t threads;
    uint64_t fail_from;   /* this index and every 7th after it fail */
    uint32_t runs[COUNT]; /* written without a lock: each index belongs to one worker */
    uint64_t per_worker[THREADS];
    uint32_t bad_worker;
} tally;

static long passed, failed;

static void check(int good, const char *what, uint64_t number)
{
    if (good) {
        passed++;
    } else {
        failed++;
        printf("failed: %s (%llu)\n", what, (unsigned long long)number);
    }
}

static jihe_status count_index(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    tally *t = context;

    t->runs[index]++;
    t->per_worker[worker < THREADS ? worker : 0]++;
    if (worker >= t->threads)
        t->bad_worker = 1;
    if (index >= t->fail_from && (index - t->fail_from) % 7 == 0)
        return jh_fail(err, index % 2 == 0 ? JIHE_DATA : JIHE_IO, "index %llu", (unsigned long long)index);
    return JIHE_OK;
}

static tally t; /* too large for a stack under ThreadSanitizer */

static void all_indices_once(uint32_t threads, uint64_t count)
{
    jihe_error err = {0};
    uint64_t total = 0, wrong = 0;

    memset(&t, 0, sizeof t);
    t.threads = threads == 0 ? 1 : threads;
    t.fail_from = COUNT;
    check(jh_parallel(threads, count, count_index, &t, &err) == JIHE_OK, "succeeds", threads);
    for (uint64_t i = 0; i < COUNT; i++)
        wrong += t.runs[i] != (i < count);
    for (uint32_t w = 0; w < THREADS; w++)
        total += t.per_worker[w];
    check(wrong == 0, "every index exactly once", wrong);
    check(total == count, "every index by some worker", total);
    check(!t.bad_worker, "workers numbered below the number of threads", threads);
}

/* The lowest failing index is reported, whatever the workers do, and everything below it has run. */
static void lowest_failure(uint32_t threads, uint64_t fail_from)
{
    const jihe_status want = fail_from % 2 == 0 ? JIHE_DATA : JIHE_IO;
    char text[32];
    jihe_error err = {0};
    uint64_t missed = 0, started = 0;

    memset(&t, 0, sizeof t);
    t.threads = threads;
    t.fail_from = fail_from;
    snprintf(text, sizeof text, "index %llu", (unsigned long long)fail_from);
    check(jh_parallel(threads, COUNT, count_index, &t, &err) == want, "status of the lowest failure", fail_from);
    check(strcmp(err.message, text) == 0, err.message, fail_from);
    for (uint64_t i = 0; i < fail_from; i++)
        missed += t.runs[i] != 1;
    for (uint64_t i = fail_from; i < COUNT; i++)
        started += t.runs[i];
    check(missed == 0, "indices below the failure have run", missed);
    if (threads == 1)
        check(started == 1, "nothing starts after the failure", started);
}

int main(void)
{
    for (uint32_t threads = 0; threads <= THREADS; threads++) {
        const uint64_t counts[] = {0, 1, 2, 7, 64, COUNT};
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            all_indices_once(threads, counts[i]);
    }
    for (uint32_t threads = 1; threads <= THREADS; threads++)
        for (uint64_t from = 0; from < COUNT; from = from * 3 + 1)
            lowest_failure(threads, from);
    check(jh_parallel(4, COUNT, count_index, &t, NULL) != JIHE_OK, "err may be NULL", 0);
    printf("%ld passed, %ld failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
