#include "sample/mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "sample/draw.h"
#include "sample/numbers.h"
#include "sample/pick_sort.h"

struct bound {      /* of one stratum */
    uint64_t sure;  /* numbers below it are selected */
    uint64_t reach; /* of the others, those up to it may be */
};

struct basket {      /* one worker's */
    jh_buf picks;    /* jh_pick: between the bounds */
    uint64_t *taken; /* per stratum: below `sure` */
};

struct marking {
    const jh_pass *pass;
    const jh_frame *frame;
    const jh_strata *strata;
    uint64_t key;
    struct bound *bounds;
    bool *again; /* per stratum: its bounds were wrong; NULL in the first round */
    struct basket *baskets;
    uint64_t *chosen;
};

struct block { /* of one segment, while it is looked at */
    uint64_t segment;
    uint32_t first; /* its first row */
    uint32_t strata[JH_BLOCK_ROWS];
    uint64_t numbers[JH_BLOCK_ROWS];
};

static struct bound guess(const jh_stratum *stratum, uint32_t deviations)
{
    if (stratum->quota == 0)
        return (struct bound){0};
    if (stratum->quota >= stratum->documents)
        return (struct bound){UINT64_MAX, UINT64_MAX};
    const double n = (double)stratum->quota, all = (double)stratum->documents;
    const double spread = deviations * (sqrt(n * (1.0 - n / all)) + 2.0);
    const double low = (n - spread) / all, high = (n + spread) / all;

    return (struct bound){.sure = low <= 0.0 ? 0 : (uint64_t)(low * 18446744073709551616.0),
                          .reach = high >= 0.999 ? UINT64_MAX : (uint64_t)(high * 18446744073709551616.0)};
}

static bool keep(struct basket *basket, const struct block *block, uint32_t i)
{
    jh_buf_put(&basket->picks,
               &(jh_pick){.number = block->numbers[i],
                          .stratum = block->strata[i],
                          .row = block->first + i,
                          .segment = block->segment},
               sizeof(jh_pick));
    return !basket->picks.failed;
}

/* 64 documents, those in `set`: which are below `sure`, and which between the bounds. */
static void compare(const struct bound *bounds, const uint32_t *strata, const uint64_t *numbers, uint64_t set,
                    uint64_t *sure, uint64_t *open)
{
    uint64_t low = 0, high = 0;

    for (uint32_t i = 0; i < 64; i++) {
        const struct bound *bound = &bounds[strata[i]];

        low |= (uint64_t)(numbers[i] < bound->sure) << i;
        high |= (uint64_t)(numbers[i] <= bound->reach) << i;
    }
    *sure = low & set;
    *open = high & set & ~low;
}

/* The same, document by document, where a word has few of them. */
static void compare_few(const struct bound *bounds, const uint32_t *strata, const uint64_t *numbers, uint64_t set,
                        uint64_t *sure, uint64_t *open)
{
    *sure = *open = 0;
    for (uint64_t left = set; left != 0; left &= left - 1) {
        const uint32_t i = (uint32_t)__builtin_ctzll(left);
        const struct bound *bound = &bounds[strata[i]];

        if (numbers[i] < bound->sure)
            *sure |= left & -left;
        else if (numbers[i] <= bound->reach)
            *open |= left & -left;
    }
}

static bool mark_word(const struct marking *work, struct basket *basket, const struct block *block, uint32_t w,
                      uint64_t set, uint64_t *chosen)
{
    const uint32_t *strata = block->strata + w * 64;
    uint64_t sure, open;

    if (__builtin_popcountll(set) > 16)
        compare(work->bounds, strata, block->numbers + w * 64, set, &sure, &open);
    else
        compare_few(work->bounds, strata, block->numbers + w * 64, set, &sure, &open);
    *chosen = sure;
    for (; sure != 0; sure &= sure - 1)
        basket->taken[strata[__builtin_ctzll(sure)]]++;
    for (; open != 0; open &= open - 1)
        if (!keep(basket, block, w * 64 + (uint32_t)__builtin_ctzll(open)))
            return false;
    return true;
}

/* In the second round every document of a stratum whose bounds were wrong is collected. */
static bool gather_word(const struct marking *work, struct basket *basket, const struct block *block, uint32_t w,
                        uint64_t set, uint64_t *chosen)
{
    for (uint64_t left = set; left != 0; left &= left - 1) {
        const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left);

        if (!work->again[block->strata[i]])
            continue;
        *chosen &= ~(left & -left);
        if (!keep(basket, block, i))
            return false;
    }
    return true;
}

/* Numbers of whole words where most are wanted: vectors are faster than choosing. */
static void number_block(struct block *block, const uint64_t *hashes, const uint64_t *set, uint32_t count, uint64_t key)
{
    for (uint32_t w = 0; w * 64 < count; w++)
        if (set[w] != 0)
            jh_draw_numbers(hashes + w * 64, count - w * 64 < 64 ? count - w * 64 : 64, key, block->numbers + w * 64);
}

static jihe_status mark_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct marking *work = context;
    const jh_pass_segment *at = &work->pass->segments[index];
    struct block block = {.segment = index};
    const uint64_t *hashes;
    jh_strata_reader reader;
    jihe_status st;
    bool ok = true;

    if ((st = jh_strata_read(&reader, work->strata, work->pass, at, err)) != JIHE_OK ||
        (st = jh_snapshot_id_hash(work->pass->parts[at->part], at->segment, &hashes, err)) != JIHE_OK)
        return st;
    for (; ok && block.first < at->rows; block.first += JH_BLOCK_ROWS) {
        const uint32_t count = at->rows - block.first < JH_BLOCK_ROWS ? at->rows - block.first : JH_BLOCK_ROWS;
        const uint64_t *set = work->frame->bits + at->word + block.first / 64;
        uint64_t *chosen = work->chosen + at->word + block.first / 64;

        if (jh_bits_count(set, count) == 0)
            continue;
        jh_strata_block(&reader, set, block.first, count, block.strata);
        number_block(&block, hashes + block.first, set, count, work->key);
        for (uint32_t w = 0; ok && w * 64 < count; w++)
            if (set[w] != 0)
                ok = (work->again == NULL ? mark_word : gather_word)(work, &work->baskets[worker], &block, w, set[w],
                                                                     &chosen[w]);
    }
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
}

/* What the workers collected, sorted. */
static jihe_status join(jh_picks *out, struct marking *work, uint32_t threads, jihe_error *err)
{
    jh_buf *all = &work->baskets[0].picks;

    for (uint32_t t = 1; t < threads; t++) {
        jh_buf_put(all, work->baskets[t].picks.bytes, work->baskets[t].picks.len);
        jh_buf_clear(&work->baskets[t].picks);
    }
    *out = (jh_picks){.count = all->len / sizeof *out->picks, .picks = malloc(all->len + 1)};
    if (all->failed || out->picks == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
    if (all->len > 0)
        memcpy(out->picks, all->bytes, all->len);
    jh_buf_clear(all);
    return jh_picks_sort(out, work->strata->count, work->pass, err);
}

static uint64_t taken_of(const struct marking *work, uint32_t stratum, uint32_t threads)
{
    uint64_t taken = 0;

    for (uint32_t t = 0; t < threads; t++)
        taken += work->baskets[t].taken[stratum];
    return taken;
}

/* Marks the first ones of each stratum until its quota is full. wrong[s]: it has too few, or had too many below `sure`
 * already; *missed: one of them is so. */
static void settle(struct marking *work, const jh_picks *picks, bool *missed, bool *wrong, uint32_t threads)
{
    size_t i = 0;

    *missed = false;
    for (uint32_t s = 0; s < work->strata->count; s++) {
        const uint64_t quota = work->strata->strata[s].quota;
        const bool looked_at = work->again == NULL || work->again[s];
        uint64_t taken = work->again == NULL ? taken_of(work, s, threads) : 0;
        const bool over = taken > quota;

        for (; i < picks->count && picks->picks[i].stratum == s; i++)
            if (taken < quota) {
                const jh_pick *pick = &picks->picks[i];

                jh_bits_set(work->chosen + work->pass->segments[pick->segment].word, pick->row);
                taken++;
            }
        wrong[s] = looked_at && (over || taken < quota);
        *missed = *missed || wrong[s];
    }
}

static jihe_status mark_round(struct marking *work, bool *wrong, bool *missed, uint32_t threads, jihe_error *err)
{
    jh_picks picks = {0};
    jihe_status st = jh_parallel(threads, work->pass->segment_count, mark_segment, work, err);

    if (st == JIHE_OK && (st = join(&picks, work, threads, err)) == JIHE_OK)
        settle(work, &picks, missed, wrong, threads);
    jh_picks_deinit(&picks);
    return st;
}

static jihe_status mark_all(struct marking *work, bool *wrong, uint32_t threads, jihe_error *err)
{
    bool missed = false;
    jihe_status st = mark_round(work, wrong, &missed, threads, err);

    if (st != JIHE_OK || !missed)
        return st;
    bool *again = malloc(work->strata->count * sizeof *again);

    if (again == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "drawing a sample");
    memcpy(again, wrong, work->strata->count * sizeof *again);
    work->again = again;
    st = mark_round(work, wrong, &missed, threads, err);
    free(again);
    if (st == JIHE_OK && missed)
        st = jh_fail(err, JIHE_BUG, "a stratum holds fewer documents than were counted");
    return st;
}

jihe_status jh_mark_smallest(uint64_t *chosen, uint64_t *selected, const jh_pass *pass, const jh_frame *frame,
                             const jh_strata *strata, uint64_t key, uint32_t deviations, uint32_t threads,
                             jihe_error *err)
{
    const size_t count = strata->count;
    struct marking work = {.pass = pass, .frame = frame, .strata = strata, .key = key, .chosen = chosen};
    bool *wrong = calloc(count + 1, sizeof *wrong), ok;

    work.bounds = calloc(count + 1, sizeof *work.bounds);
    work.baskets = calloc(threads, sizeof *work.baskets);
    ok = wrong != NULL && work.bounds != NULL && work.baskets != NULL;
    for (uint32_t t = 0; ok && t < threads; t++)
        ok = (work.baskets[t].taken = calloc(count + 1, sizeof(uint64_t))) != NULL;
    *selected = 0;
    for (uint32_t s = 0; ok && s < count; s++) {
        work.bounds[s] = guess(&strata->strata[s], deviations);
        *selected += strata->strata[s].quota;
    }
    const jihe_status st = ok ? mark_all(&work, wrong, threads, err) : jh_fail(err, JIHE_NO_MEMORY, "drawing a sample");

    for (uint32_t t = 0; work.baskets != NULL && t < threads; t++) {
        free(work.baskets[t].taken);
        jh_buf_deinit(&work.baskets[t].picks);
    }
    free(work.baskets);
    free(work.bounds);
    free(wrong);
    return st;
}
