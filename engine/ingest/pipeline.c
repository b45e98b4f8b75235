#include "ingest/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

enum { MOST_THREADS = 64, PARCELS_MORE = 2 };

/* A parcel's way: FREE - being read - TEXT - being loaded - LOADED - being stored - FREE. */
typedef enum state { FREE, BUSY, TEXT, LOADED } state;

typedef struct slot {
    jh_parcel parcel;
    state state;
} slot;

/* A segment's way: not there - TEXT (to be encoded) - BUSY - LOADED (to be put) - not there. */
typedef struct job {
    jh_writer *writer;
    jh_segment_build *build;
    state state;
} job;

typedef enum action { READ, LOAD, STORE, ENCODE, PUT, REST, LEAVE } action;

/* The lock guards everything but the contents of what is BUSY. Numbers count up; slot and job of a number are at its
 * remainder. */
typedef struct pipeline {
    const jh_pipeline_stages *stages;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    slot *slots;
    job *jobs;
    uint32_t slot_count, job_count;
    uint64_t next_read, next_store; /* parcels */
    uint64_t next_job, next_put;    /* segments */
    bool reading, storing;          /* somebody is: one at a time; storing is putting too */
    bool recalling;                 /* nothing new is begun */
    bool more;                      /* there is something to read */
    jihe_status status;
    jihe_error error;
} pipeline;

typedef struct worker {
    pipeline *pipeline;
    jh_packer packer;
    uint32_t number;
    pthread_t thread;
} worker;

static slot *slot_of(const pipeline *p, uint64_t number)
{
    return &p->slots[number % p->slot_count];
}

static job *job_of(const pipeline *p, uint64_t number)
{
    return &p->jobs[number % p->job_count];
}

static void fail(pipeline *p, jihe_status status, const jihe_error *error)
{
    if (p->status != JIHE_OK)
        return;
    p->status = status;
    p->error = *error;
}

/* The first parcel that is to be loaded, or segment to be encoded; UINT64_MAX: none. */
static uint64_t find_text(const pipeline *p)
{
    for (uint64_t n = p->next_store; n < p->next_read; n++)
        if (slot_of(p, n)->state == TEXT)
            return n;
    return UINT64_MAX;
}

static uint64_t find_job(const pipeline *p)
{
    for (uint64_t n = p->next_put; n < p->next_job; n++)
        if (job_of(p, n)->state == TEXT)
            return n;
    return UINT64_MAX;
}

static bool can_store(const pipeline *p)
{
    return !p->storing && p->next_store < p->next_read && slot_of(p, p->next_store)->state == LOADED &&
           p->next_job - p->next_put < p->job_count;
}

static bool can_read(const pipeline *p)
{
    return !p->reading && p->more && p->next_read - p->next_store < p->slot_count;
}

/* What to do next; the lock is held. */
static action choose(const pipeline *p, uint64_t *number)
{
    if (p->status != JIHE_OK)
        return LEAVE;
    if (!p->storing && p->next_put < p->next_job && job_of(p, p->next_put)->state == LOADED)
        return PUT;
    if ((*number = find_job(p)) != UINT64_MAX)
        return ENCODE;
    if (p->recalling)
        return REST;
    if (can_store(p))
        return STORE;
    if ((*number = find_text(p)) != UINT64_MAX)
        return LOAD;
    if (can_read(p))
        return READ;
    return p->more || p->reading || p->next_store < p->next_read || p->next_put < p->next_job ? REST : LEAVE;
}

/* --- the actions: called with the lock held, which they give up while they work -------------------------------- */

static void do_read(pipeline *p)
{
    const uint64_t number = p->next_read++;
    slot *s = slot_of(p, number);
    bool more = false;

    s->state = BUSY;
    p->reading = true;
    pthread_mutex_unlock(&p->lock);
    jh_parcel_clear(&s->parcel);
    s->parcel.status = p->stages->read(p->stages->context, &s->parcel, &more, &s->parcel.error);
    pthread_mutex_lock(&p->lock);
    p->more = more && s->parcel.status == JIHE_OK;
    p->reading = false;
    s->state = TEXT;
}

static void do_load(pipeline *p, uint32_t thread, uint64_t number)
{
    slot *s = slot_of(p, number);

    s->state = BUSY;
    pthread_mutex_unlock(&p->lock);
    p->stages->load(p->stages->context, thread, &s->parcel);
    pthread_mutex_lock(&p->lock);
    s->state = LOADED;
}

/* The segments that have become full, as many as there is room for; the others wait in their writers. Called with the
 * right to store. */
static void take_segments(pipeline *p)
{
    while (p->next_job - p->next_put < p->job_count) {
        job *j = job_of(p, p->next_job);

        if ((j->build = p->stages->take(p->stages->context, &j->writer)) == NULL)
            return;
        j->state = TEXT;
        p->next_job++;
    }
}

static bool somebody_works(const pipeline *p)
{
    bool busy = p->reading;

    for (uint64_t n = p->next_store + 1; n < p->next_read; n++)
        busy |= slot_of(p, n)->state == BUSY;
    return busy;
}

/* Gives everything back that was read after the parcel just stored, and the rest of that. */
static jihe_status recall(pipeline *p, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    p->recalling = true;
    while (somebody_works(p))
        pthread_cond_wait(&p->changed, &p->lock);
    for (uint64_t n = p->next_read; n > p->next_store && st == JIHE_OK; n--) {
        st = p->stages->recall(p->stages->context, &slot_of(p, n - 1)->parcel, n - 1 == p->next_store, err);
        slot_of(p, n - 1)->state = FREE;
    }
    p->next_read = p->next_store + 1;
    p->more = true;
    p->recalling = false;
    return st;
}

static void do_store(pipeline *p)
{
    slot *s = slot_of(p, p->next_store);
    jihe_error error = {0};
    bool again = false;
    jihe_status st;

    s->state = BUSY;
    p->storing = true;
    pthread_mutex_unlock(&p->lock);
    st = p->stages->store(p->stages->context, &s->parcel, &again, &error);
    pthread_mutex_lock(&p->lock);
    if (st == JIHE_OK && again)
        st = recall(p, &error);
    s->state = FREE;
    p->next_store++;
    take_segments(p);
    p->storing = false;
    if (st != JIHE_OK)
        fail(p, st, &error);
}

static void do_encode(pipeline *p, jh_packer *packer, uint64_t number)
{
    job *j = job_of(p, number);
    jihe_error error = {0};
    jihe_status st;

    j->state = BUSY;
    pthread_mutex_unlock(&p->lock);
    st = jh_segment_build_encode(j->build, packer, &error);
    pthread_mutex_lock(&p->lock);
    j->state = LOADED;
    if (st != JIHE_OK)
        fail(p, st, &error);
}

static void do_put(pipeline *p)
{
    job *j = job_of(p, p->next_put);
    jihe_error error = {0};
    jihe_status st;

    j->state = BUSY;
    p->storing = true;
    pthread_mutex_unlock(&p->lock);
    st = jh_writer_put(j->writer, j->build, &error);
    pthread_mutex_lock(&p->lock);
    p->next_put++;
    take_segments(p);
    p->storing = false;
    if (st != JIHE_OK)
        fail(p, st, &error);
}

/* False: there is nothing left to do. */
static bool act(worker *w)
{
    pipeline *p = w->pipeline;
    uint64_t number = 0;

    switch (choose(p, &number)) {
    case READ:
        do_read(p);
        break;
    case LOAD:
        do_load(p, w->number, number);
        break;
    case STORE:
        do_store(p);
        break;
    case ENCODE:
        do_encode(p, &w->packer, number);
        break;
    case PUT:
        do_put(p);
        break;
    case REST:
        pthread_cond_wait(&p->changed, &p->lock);
        return true;
    case LEAVE:
        return false;
    }
    pthread_cond_broadcast(&p->changed);
    return true;
}

static void *work(void *argument)
{
    worker *w = argument;

    pthread_mutex_lock(&w->pipeline->lock);
    while (act(w))
        continue;
    pthread_cond_broadcast(&w->pipeline->changed);
    pthread_mutex_unlock(&w->pipeline->lock);
    return NULL;
}

/* The caller is the first worker. A thread that cannot be started is done without. */
static void run_threads(pipeline *p, worker *workers, uint32_t threads)
{
    uint32_t started = 1;

    for (uint32_t i = 0; i < threads; i++)
        workers[i] = (worker){.pipeline = p, .number = i};
    while (started < threads && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    for (uint32_t i = 0; i < threads; i++)
        jh_packer_deinit(&workers[i].packer);
}

static jihe_status prepare(pipeline *p, const jh_schema *schema, uint32_t threads, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    p->slot_count = threads + PARCELS_MORE;
    p->job_count = threads; /* each is as large as everything else together */
    p->slots = calloc(p->slot_count, sizeof *p->slots);
    p->jobs = calloc(p->job_count, sizeof *p->jobs);
    if (p->slots == NULL || p->jobs == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %u threads", (unsigned)threads);
    for (uint32_t i = 0; i < p->slot_count && st == JIHE_OK; i++)
        st = jh_parcel_init(&p->slots[i].parcel, schema, err);
    return st;
}

jihe_status jh_pipeline_run(const jh_pipeline_stages *stages, const jh_schema *schema, uint32_t threads,
                            jihe_error *err)
{
    pipeline p = {.stages = stages, .more = true};
    worker workers[MOST_THREADS];
    jihe_status st;

    threads = threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads;
    st = prepare(&p, schema, threads, err);
    if (st == JIHE_OK && (pthread_mutex_init(&p.lock, NULL) != 0 || pthread_cond_init(&p.changed, NULL) != 0))
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory for %u threads", (unsigned)threads);
    if (st == JIHE_OK) {
        run_threads(&p, workers, threads);
        if ((st = p.status) != JIHE_OK && err != NULL)
            *err = p.error;
        pthread_cond_destroy(&p.changed);
        pthread_mutex_destroy(&p.lock);
    }
    for (uint32_t i = 0; p.slots != NULL && i < p.slot_count; i++)
        jh_parcel_deinit(&p.slots[i].parcel);
    free(p.slots);
    free(p.jobs);
    return st;
}
