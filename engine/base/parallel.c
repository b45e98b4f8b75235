#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MAX_THREADS = 1024 };

/* What the workers share; the lock guards everything after it. Indices are handed out in rising order, so whatever is
 * below a failed index has been started too and will be finished: the lowest failure is the same in every run. */
typedef struct pool {
    jh_task task;
    void *context;
    uint64_t count;
    pthread_mutex_t lock;
    uint64_t next;
    uint64_t failed_index;
    jihe_status status;
    jihe_error error; /* of failed_index */
} pool;

typedef struct worker {
    pool *pool;
    uint32_t number;
    pthread_t thread;
} worker;

static bool take(pool *p, uint64_t *index)
{
    bool taken;

    pthread_mutex_lock(&p->lock);
    taken = p->status == JIHE_OK && p->next < p->count;
    if (taken)
        *index = p->next++;
    pthread_mutex_unlock(&p->lock);
    return taken;
}

static void report(pool *p, uint64_t index, jihe_status status, const jihe_error *error)
{
    pthread_mutex_lock(&p->lock);
    if (p->status == JIHE_OK || index < p->failed_index) {
        p->status = status;
        p->failed_index = index;
        p->error = *error;
    }
    pthread_mutex_unlock(&p->lock);
}

static void *work(void *argument)
{
    const worker *w = argument;
    uint64_t index;

    while (take(w->pool, &index)) {
        jihe_error error = {0};
        const jihe_status status = w->pool->task(w->pool->context, w->number, index, &error);
        if (status != JIHE_OK)
            report(w->pool, index, status, &error);
    }
    return NULL;
}

/* The caller is worker 0. A thread that cannot be had is not needed: the others take its share. */
static void run(pool *p, worker *workers, uint32_t threads)
{
    uint32_t started = 1;

    for (uint32_t i = 0; i < threads; i++)
        workers[i] = (worker){.pool = p, .number = i};
    while (started < threads && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

jihe_status jh_parallel(uint32_t threads, uint64_t count, jh_task task, void *context, jihe_error *err)
{
    pool p = {.task = task, .context = context, .count = count};
    worker *workers;

    threads = threads > MAX_THREADS ? MAX_THREADS : threads;
    threads = threads > count ? (uint32_t)count : threads;
    threads = threads == 0 ? 1 : threads;
    workers = calloc(threads, sizeof *workers);
    if (workers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %u workers", threads);
    pthread_mutex_init(&p.lock, NULL);
    run(&p, workers, threads);
    pthread_mutex_destroy(&p.lock);
    free(workers);
    if (p.status != JIHE_OK && err != NULL)
        *err = p.error;
    return p.status;
}
