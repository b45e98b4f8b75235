#include "sample/allocation.h"

#include <stdlib.h>

#include "base/num.h"

enum { MILLION = 1000000 };

struct share { /* of one stratum */
    jh_u128 weight;
    jh_u128 remainder; /* of rest * weight / sum of weights: comparable, all over the same denominator */
    uint64_t size, quota;
    size_t index;
    int fixed; /* at its size */
};

struct splitting {
    struct share *shares;
    size_t count;
    uint64_t rest;   /* units not given to fixed strata */
    jh_u128 weights; /* of the others */
};

/* Fixes the strata whose share exceeds their size. False: there is none. */
static int fix_full(struct splitting *split)
{
    const uint64_t rest = split->rest;
    const jh_u128 weights = split->weights;
    int any = 0;

    for (size_t h = 0; h < split->count; h++) {
        struct share *share = &split->shares[h];

        if (share->fixed || share->weight * rest <= share->size * weights)
            continue;
        share->fixed = any = 1;
        share->quota = share->size;
        split->rest -= share->size;
        split->weights -= share->weight;
    }
    return any;
}

static int order_remainders(const void *a, const void *b)
{
    const struct share *x = a, *y = b;

    if (x->remainder != y->remainder)
        return x->remainder > y->remainder ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static void round_shares(struct splitting *split)
{
    uint64_t given = 0;

    for (size_t h = 0; h < split->count; h++) {
        struct share *share = &split->shares[h];

        if (share->fixed || split->weights == 0)
            continue;
        share->quota = (uint64_t)(share->weight * split->rest / split->weights);
        share->remainder = share->weight * split->rest % split->weights;
        given += share->quota;
    }
    qsort(split->shares, split->count, sizeof *split->shares, order_remainders);
    for (size_t h = 0; h < split->count && given < split->rest; h++) {
        struct share *share = &split->shares[h];

        if (share->fixed || share->quota >= share->size)
            continue;
        share->quota++;
        given++;
    }
}

jihe_status jh_allocate(uint64_t *quotas, const uint64_t *sizes, const uint32_t *spreads, size_t count, uint64_t total,
                        jihe_error *err)
{
    struct splitting split = {.shares = calloc(count + 1, sizeof *split.shares), .count = count};
    jh_u128 all = 0;

    if (split.shares == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "splitting a draw over %zu strata", count);
    for (size_t h = 0; h < count; h++) {
        split.shares[h] = (struct share){
            .weight = (jh_u128)sizes[h] * (spreads == NULL ? 1 : spreads[h]), .size = sizes[h], .index = h};
        split.weights += split.shares[h].weight;
        all += sizes[h];
    }
    split.rest = all < total ? (uint64_t)all : total;
    while (fix_full(&split))
        ;
    round_shares(&split);
    for (size_t h = 0; h < count; h++)
        quotas[split.shares[h].index] = split.shares[h].quota;
    free(split.shares);
    return JIHE_OK;
}

/* Floor of the square root; value below 2^40. */
static uint32_t square_root(uint64_t value)
{
    uint64_t root = 0;

    for (uint64_t bit = UINT64_C(1) << 20; bit != 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= value)
            root |= bit;
    return (uint32_t)root;
}

void jh_allocation_spreads(uint32_t *spreads, const char *const *labels, size_t count, const jh_past *past)
{
    uint64_t inspected = 0, wrong = 0;

    for (size_t i = 0; past != NULL && i < past->count; i++) {
        inspected += past->strata[i].documents;
        wrong += past->strata[i].marked;
    }
    const uint64_t common = (2 * wrong + 1) * MILLION / (2 * inspected + 2);

    for (size_t h = 0; h < count; h++) {
        const jh_past_stratum known = jh_past_find(past, labels[h]);
        uint64_t p = (known.marked * MILLION + common) / (known.documents + 1);

        p = p < 1 ? 1 : p > MILLION - 1 ? MILLION - 1 : p;
        spreads[h] = square_root(p * (MILLION - p));
    }
}
