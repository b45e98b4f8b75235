#include "sample/sieve.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "sample/amounts.h"
#include "sample/numbers.h"
#include "sample/pick_sort.h"

struct caught { /* a document and what it weighs */
    jh_pick pick;
    uint64_t amount;
};

struct bound {      /* per stratum: what a scan catches */
    jh_u128 least;  /* amounts so large; 0: by ratio */
    uint64_t ratio; /* u / amount at most ratio / 2^bits; UINT64_MAX: all */
    uint32_t bits;
};

struct scan {
    const jh_pass *pass;
    const jh_frame *frame;
    const jh_strata *strata;
    const jh_draw *draw;
    uint64_t key;
    const struct bound *bounds; /* NULL: amounts are added up */
    bool numbers;               /* the bounds are of numbers */
    jh_buf *baskets;            /* per worker: struct caught; or one jh_u128 per stratum */
};

struct block { /* of one segment, while it is looked at */
    uint64_t segment;
    uint32_t first, count; /* rows */
    const uint64_t *set;   /* those in the frame */
    uint32_t strata[JH_BLOCK_ROWS];
    int64_t amounts[JH_BLOCK_ROWS];
    uint64_t numbers[JH_BLOCK_ROWS]; /* where they are asked for */
};

/* 64 amounts at once, in halves, so that no sum overflows and the compiler can make vectors of it. */
static jh_u128 sum_word(const int64_t *amounts)
{
    uint64_t low = 0, high = 0;

    for (uint32_t i = 0; i < 64; i++) {
        low += (uint64_t)amounts[i] & UINT32_MAX;
        high += (uint64_t)amounts[i] >> 32;
    }
    return ((jh_u128)high << 32) + low;
}

static void add_amounts(jh_u128 *sums, const struct block *block, bool one_stratum)
{
    for (uint32_t w = 0; w * 64 < block->count; w++) {
        if (one_stratum && block->set[w] == UINT64_MAX) {
            sums[0] += sum_word(block->amounts + w * 64);
            continue;
        }
        for (uint64_t left = block->set[w]; left != 0; left &= left - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left);

            sums[block->strata[i]] += (uint64_t)block->amounts[i];
        }
    }
}

static bool is_caught(const struct bound *bound, uint64_t amount, uint64_t number)
{
    if (bound->least > 0)
        return amount >= bound->least;
    return bound->ratio == UINT64_MAX || (jh_u128)number << bound->bits <= (jh_u128)bound->ratio * amount;
}

/* Few of a word's documents are caught: first which, without a branch. */
static void catch_amounts(jh_buf *basket, const struct block *block, const struct bound *bounds)
{
    for (uint32_t w = 0; w * 64 < block->count; w++) {
        uint64_t caught = 0;

        for (uint64_t left = block->set[w]; left != 0; left &= left - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(left);

            caught |=
                (left & -left) * is_caught(&bounds[block->strata[i]], (uint64_t)block->amounts[i], block->numbers[i]);
        }
        for (; caught != 0; caught &= caught - 1) {
            const uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(caught);

            jh_buf_put(basket,
                       &(struct caught){.pick = {.number = block->numbers[i],
                                                 .stratum = block->strata[i],
                                                 .row = block->first + i,
                                                 .segment = block->segment},
                                        .amount = (uint64_t)block->amounts[i]},
                       sizeof(struct caught));
        }
    }
}

static jihe_status scan_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct scan *scan = context;
    const jh_pass_segment *at = &scan->pass->segments[index];
    struct block block = {.segment = index};
    jh_buf *basket = &scan->baskets[worker];
    const uint64_t *hashes;
    jh_strata_reader reader;
    jh_col_view view;
    jihe_status st;

    if ((st = jh_strata_read(&reader, scan->strata, scan->pass, at, err)) != JIHE_OK ||
        (st = jh_amounts_read(&view, scan->draw, scan->pass, at, err)) != JIHE_OK ||
        (st = jh_snapshot_id_hash(scan->pass->parts[at->part], at->segment, &hashes, err)) != JIHE_OK)
        return st;
    for (; block.first < at->rows; block.first += JH_BLOCK_ROWS) {
        block.count = at->rows - block.first < JH_BLOCK_ROWS ? at->rows - block.first : JH_BLOCK_ROWS;
        block.set = scan->frame->bits + at->word + block.first / 64;
        if (jh_bits_count(block.set, block.count) == 0)
            continue;
        jh_strata_block(&reader, block.set, block.first, block.count, block.strata);
        jh_col_numbers(&view, block.first, block.count, block.amounts);
        if (scan->bounds == NULL) {
            add_amounts((jh_u128 *)(void *)basket->bytes, &block, reader.cells == NULL);
            continue;
        }
        if (scan->numbers)
            jh_draw_numbers(hashes + block.first, block.count, scan->key, block.numbers);
        catch_amounts(basket, &block, scan->bounds);
    }
    return basket->failed ? jh_fail(err, JIHE_NO_MEMORY, "collecting a sample") : JIHE_OK;
}

/* Scans with one basket per worker, each of `bytes` zero bytes at first. Joins them when they hold what was caught. */
static jihe_status scan_all(struct scan *scan, uint32_t threads, size_t bytes, jh_buf *caught, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    scan->baskets = calloc(threads, sizeof *scan->baskets);
    if (scan->baskets == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
    for (uint32_t t = 0; bytes > 0 && t < threads; t++) {
        void *sums = jh_buf_extend(&scan->baskets[t], bytes);

        if (sums != NULL)
            memset(sums, 0, bytes);
        else
            st = jh_fail(err, JIHE_NO_MEMORY, "adding up amounts");
    }
    if (st == JIHE_OK)
        st = jh_parallel(threads, scan->pass->segment_count, scan_segment, scan, err);
    for (uint32_t t = 0; t < threads; t++) {
        if (st == JIHE_OK && bytes == 0)
            jh_buf_put(caught, scan->baskets[t].bytes, scan->baskets[t].len);
        for (uint32_t s = 0; st == JIHE_OK && bytes > 0 && s < scan->strata->count; s++)
            scan->strata->strata[s].amount += ((const jh_u128 *)(const void *)scan->baskets[t].bytes)[s];
        jh_buf_deinit(&scan->baskets[t]);
    }
    free(scan->baskets);
    return st == JIHE_OK && caught != NULL && caught->failed ? jh_fail(err, JIHE_NO_MEMORY, "collecting a sample") : st;
}

/* --- certainty --- */

bool jh_sieve_certain(const jh_stratum *stratum, uint64_t amount)
{
    return (jh_u128)amount * stratum->rest_quota >= stratum->rest;
}

double jh_sieve_chance(const jh_stratum *stratum, uint64_t amount)
{
    if (jh_sieve_certain(stratum, amount))
        return 1.0;
    return (double)((jh_u128)amount * stratum->rest_quota) / (double)stratum->rest;
}

static int order_falling(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x < y) - (x > y);
}

/* Takes the certain ones off the rest, the largest first. Amounts under `known` may be missing from the list, which
 * falls. False: the next one to look at could be among those. */
static bool take_certain(jh_stratum *stratum, const uint64_t *falling, size_t count, size_t *taken, jh_u128 known)
{
    while (*taken < count && jh_sieve_certain(stratum, falling[*taken])) {
        stratum->rest -= falling[(*taken)++];
        stratum->rest_quota--;
        if (stratum->rest_quota == 0)
            return true;
    }
    return stratum->rest == 0 || known * stratum->rest_quota <= stratum->rest;
}

jihe_status jh_sieve_certainties(jh_stratum *stratum, const uint64_t *amounts, size_t count, uint64_t units,
                                 jihe_error *err)
{
    uint64_t *falling = malloc((count + 1) * sizeof *falling);
    size_t taken = 0;

    if (falling == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding certain documents");
    memcpy(falling, amounts, count * sizeof *falling);
    qsort(falling, count, sizeof *falling, order_falling);
    stratum->rest = stratum->amount;
    stratum->rest_quota = units < count ? units : count;
    take_certain(stratum, falling, count, &taken, 0);
    free(falling);
    return JIHE_OK;
}

/* The amounts of what was caught, by stratum, falling. */
static int order_amounts(const void *a, const void *b)
{
    const struct caught *x = a, *y = b;

    if (x->pick.stratum != y->pick.stratum)
        return x->pick.stratum < y->pick.stratum ? -1 : 1;
    return (x->amount < y->amount) - (x->amount > y->amount);
}

/* One round over all strata with the documents caught at half the present interval and more. *again: some stratum's
 * interval fell under that. */
static jihe_status settle_certain(const jh_strata *strata, struct bound *bounds, jh_buf *caught, bool *again,
                                  jihe_error *err)
{
    struct caught *all = (struct caught *)(void *)caught->bytes;
    const size_t count = caught->len / sizeof *all;
    uint64_t *falling = malloc((count + 1) * sizeof *falling);
    size_t i = 0;

    if (falling == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding certain documents");
    if (count > 0)
        qsort(all, count, sizeof *all, order_amounts);
    *again = false;
    for (uint32_t s = 0; s < strata->count; s++) {
        jh_stratum *stratum = &strata->strata[s];
        size_t n = 0, taken = 0;

        for (; i < count && all[i].pick.stratum == s; i++)
            falling[n++] = all[i].amount;
        stratum->rest = stratum->amount; /* every round begins anew: it sees all that the one before saw, and more */
        stratum->rest_quota = stratum->quota;
        if (take_certain(stratum, falling, n, &taken, bounds[s].least))
            continue;
        bounds[s].least = stratum->rest / stratum->rest_quota / 2 + 1;
        *again = true;
    }
    free(falling);
    return JIHE_OK;
}

static jihe_status find_certain(struct scan *scan, struct bound *bounds, uint32_t threads, jihe_error *err)
{
    bool again = true;
    jihe_status st = JIHE_OK;

    for (uint32_t s = 0; s < scan->strata->count; s++) {
        const jh_stratum *stratum = &scan->strata->strata[s];

        bounds[s].least = stratum->quota == 0 ? UINT64_MAX : stratum->amount / stratum->quota / 2 + 1;
    }
    scan->bounds = bounds;
    while (st == JIHE_OK && again) { /* a bound at least halves each time: at most 64 rounds, mostly one */
        jh_buf caught = {0};

        if ((st = scan_all(scan, threads, 0, &caught, err)) == JIHE_OK)
            st = settle_certain(scan->strata, bounds, &caught, &again, err);
        jh_buf_deinit(&caught);
    }
    return st;
}

/* --- the others --- */

struct ordering {
    const jh_pass *pass;
    const jh_strata *strata;
    jh_col_room rooms[2]; /* of the two that are compared */
    jihe_status status;   /* the first trouble met while comparing ids */
    jihe_error *err;
};

static int order_ids(struct ordering *ordering, const jh_pick *x, const jh_pick *y)
{
    const char *a = NULL, *b = NULL;
    uint32_t a_len = 0, b_len = 0;

    if (ordering->status == JIHE_OK)
        ordering->status =
            jh_pass_id(ordering->pass, x->segment, x->row, &ordering->rooms[0], &a, &a_len, ordering->err);
    if (ordering->status == JIHE_OK)
        ordering->status =
            jh_pass_id(ordering->pass, y->segment, y->row, &ordering->rooms[1], &b, &b_len, ordering->err);
    const int ids = ordering->status == JIHE_OK ? jh_text_compare(a, a_len, b, b_len) : 0;

    if (ids != 0)
        return ids;
    return x->segment != y->segment ? (x->segment < y->segment ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

/* By stratum, the certain ones first, then by u / amount: both sides times both amounts are whole numbers. */
static int order_ratios(const void *a, const void *b, void *context)
{
    const struct caught *x = a, *y = b;
    struct ordering *ordering = context;

    if (x == y)
        return 0;
    if (x->pick.stratum != y->pick.stratum)
        return x->pick.stratum < y->pick.stratum ? -1 : 1;
    const jh_stratum *stratum = &ordering->strata->strata[x->pick.stratum];
    const bool certain = jh_sieve_certain(stratum, x->amount);

    if (certain != jh_sieve_certain(stratum, y->amount))
        return certain ? -1 : 1;
    const jh_u128 left = (jh_u128)x->pick.number * y->amount, right = (jh_u128)y->pick.number * x->amount;

    if (left != right && !certain)
        return left < right ? -1 : 1;
    return order_ids(ordering, &x->pick, &y->pick);
}

/* A ratio that about rest_quota + 8 standard deviations of documents fall at or under: only a guess. As many bits
 * behind the point as leave it below 2^63. */
static struct bound guess_ratio(const jh_stratum *stratum)
{
    const double n = (double)stratum->rest_quota, reach = n + 8.0 * sqrt(n) + 16.0;
    const double ratio = ldexp(reach, 64) / (double)stratum->rest; /* may be infinite */
    struct bound bound = {.ratio = UINT64_MAX};

    if (!(ratio < 9223372036854774784.0))
        return bound;
    while (bound.bits < 32 && ldexp(ratio, (int)bound.bits + 1) < 9223372036854774784.0)
        bound.bits++;
    bound.ratio = (uint64_t)ldexp(ratio, (int)bound.bits) + 1;
    return bound;
}

/* Keeps each stratum's first n. *missed: there were fewer. */
static jihe_status settle(jh_picks *out, jh_buf *caught, struct scan *scan, struct bound *bounds, bool *missed,
                          jihe_error *err)
{
    struct caught *all = (struct caught *)(void *)caught->bytes;
    const size_t count = caught->len / sizeof *all;
    struct ordering ordering = {.pass = scan->pass, .strata = scan->strata, .err = err};
    size_t i = 0;

    *out = (jh_picks){.picks = malloc((count + 1) * sizeof *out->picks)};
    if (out->picks == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
    if (count > 0)
        qsort_r(all, count, sizeof *all, order_ratios, &ordering);
    *missed = false;
    for (uint32_t s = 0; s < scan->strata->count; s++) {
        uint64_t taken = 0;

        for (; i < count && all[i].pick.stratum == s; i++)
            if (taken < scan->strata->strata[s].quota) {
                out->picks[out->count++] = all[i].pick;
                taken++;
            }
        if (taken < scan->strata->strata[s].quota) {
            bounds[s].ratio = UINT64_MAX;
            *missed = true;
        }
    }
    jh_col_room_deinit(&ordering.rooms[0]);
    jh_col_room_deinit(&ordering.rooms[1]);
    return ordering.status;
}

/* The certain documents pass the second condition too: u < 2^64 <= 2^64 * amount * rest_quota / rest. */
static jihe_status select_rest(jh_picks *out, struct scan *scan, struct bound *bounds, uint32_t threads,
                               jihe_error *err)
{
    bool missed = true;
    jihe_status st = JIHE_OK;

    scan->numbers = true;
    for (uint32_t s = 0; s < scan->strata->count; s++)
        bounds[s] = guess_ratio(&scan->strata->strata[s]);
    for (int round = 0; st == JIHE_OK && missed && round < 2; round++) {
        jh_buf caught = {0};

        jh_picks_deinit(out);
        if ((st = scan_all(scan, threads, 0, &caught, err)) == JIHE_OK)
            st = settle(out, &caught, scan, bounds, &missed, err);
        jh_buf_deinit(&caught);
    }
    if (st == JIHE_OK && missed)
        st = jh_fail(err, JIHE_BUG, "a stratum holds fewer documents than were counted");
    return st == JIHE_OK ? jh_picks_sort(out, scan->strata->count, scan->pass, err) : st;
}

jihe_status jh_sieve_select(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                            const jh_draw *draw, uint64_t key, uint32_t threads, jihe_error *err)
{
    struct scan scan = {.pass = pass, .frame = frame, .strata = strata, .draw = draw, .key = key};
    struct bound *bounds = calloc(strata->count + (size_t)1, sizeof *bounds);
    jihe_status st;

    *out = (jh_picks){0};
    if (bounds == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "drawing a sample");
    if (strata->count == 0)
        st = JIHE_OK;
    else if ((st = scan_all(&scan, threads, strata->count * sizeof(jh_u128), NULL, err)) == JIHE_OK &&
             (st = find_certain(&scan, bounds, threads, err)) == JIHE_OK)
        st = select_rest(out, &scan, bounds, threads, err);
    free(bounds);
    if (st != JIHE_OK)
        jh_picks_deinit(out);
    return st;
}
