#include "sample/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/pcg.h"
#include "sample/pick_sort.h"

struct basket { /* what one worker collected */
    jh_pick *picks;
    size_t count, room;
};

struct collecting {
    const jh_pass *pass;
    const jh_frame *frame;
    const jh_strata *strata;
    const uint64_t *thresholds; /* per stratum; documents above it are left */
    uint64_t key;
    struct basket *baskets;
};

uint64_t jh_draw_threshold(uint64_t quota, uint64_t documents)
{
    if (quota == 0)
        return 0;
    if (quota >= documents)
        return UINT64_MAX;
    const double n = (double)quota, all = (double)documents;
    const double reach = (n + 8.0 * sqrt(n) + 16.0) / all;

    return reach >= 0.999 ? UINT64_MAX : (uint64_t)(reach * 18446744073709551616.0);
}

static bool basket_add(struct basket *basket, jh_pick pick)
{
    if (basket->count == basket->room) {
        const size_t room = basket->room == 0 ? 4096 : basket->room * 2;
        jh_pick *picks = realloc(basket->picks, room * sizeof *picks);

        if (picks == NULL)
            return false;
        basket->picks = picks;
        basket->room = room;
    }
    basket->picks[basket->count++] = pick;
    return true;
}

static jihe_status collect_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct collecting *work = context;
    const jh_pass_segment *at = &work->pass->segments[index];
    const uint64_t *bits = work->frame->bits + at->word;
    const uint64_t *hashes;
    jh_strata_reader reader;
    jihe_status st;

    if ((st = jh_strata_read(&reader, work->strata, work->pass, at, err)) != JIHE_OK ||
        (st = jh_snapshot_id_hash(work->pass->parts[at->part], at->segment, &hashes, err)) != JIHE_OK)
        return st;
    for (uint32_t w = 0; w * 64 < at->rows; w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
            const uint64_t number = jh_pcg_draw(hashes[row], work->key);
            const uint32_t stratum = jh_strata_of(&reader, row);

            if (number <= work->thresholds[stratum] && work->strata->strata[stratum].quota > 0 &&
                !basket_add(&work->baskets[worker],
                            (jh_pick){.number = number, .stratum = stratum, .row = row, .segment = index}))
                return jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
        }
    return JIHE_OK;
}

static jihe_status collect(jh_picks *out, struct collecting *work, uint32_t threads, jihe_error *err)
{
    size_t total = 0;

    work->baskets = calloc(threads, sizeof *work->baskets);
    if (work->baskets == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
    jihe_status st = jh_parallel(threads, work->pass->segment_count, collect_segment, work, err);

    for (uint32_t t = 0; t < threads; t++)
        total += work->baskets[t].count;
    out->picks = malloc((total + 1) * sizeof *out->picks);
    if (st == JIHE_OK && out->picks == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "collecting a sample");
    for (uint32_t t = 0; t < threads; t++) {
        if (st == JIHE_OK && work->baskets[t].count > 0)
            memcpy(out->picks + out->count, work->baskets[t].picks, work->baskets[t].count * sizeof *out->picks);
        out->count += work->baskets[t].count;
        free(work->baskets[t].picks);
    }
    free(work->baskets);
    return st;
}

/* Sorts and keeps each stratum's first n. *missed: a stratum had fewer candidates than its quota (its threshold, raised
 * to the limit here, was guessed too low). */
static jihe_status settle(jh_picks *picks, const jh_pass *pass, const jh_strata *strata, uint64_t *thresholds,
                          bool *missed, jihe_error *err)
{
    const jihe_status st = jh_picks_sort(picks, strata->count, pass, err);
    size_t kept = 0, i = 0;

    if (st != JIHE_OK)
        return st;
    *missed = false;
    for (uint32_t s = 0; s < strata->count; s++) {
        uint64_t taken = 0;

        for (; i < picks->count && picks->picks[i].stratum == s; i++)
            if (taken < strata->strata[s].quota) {
                picks->picks[kept++] = picks->picks[i];
                taken++;
            }
        if (taken < strata->strata[s].quota) {
            *missed = true;
            thresholds[s] = UINT64_MAX;
        }
    }
    picks->count = kept;
    return JIHE_OK;
}

static jihe_status select_with(jh_picks *out, struct collecting *work, uint64_t *thresholds, uint32_t threads,
                               jihe_error *err)
{
    bool missed = true;
    jihe_status st = JIHE_OK;

    *out = (jh_picks){0};
    /* At most two rounds: in the second every stratum that was missed is collected whole. */
    for (int round = 0; st == JIHE_OK && missed && round < 2; round++) {
        jh_picks_deinit(out);
        if ((st = collect(out, work, threads, err)) == JIHE_OK)
            st = settle(out, work->pass, work->strata, thresholds, &missed, err);
    }
    if (st == JIHE_OK && missed)
        st = jh_fail(err, JIHE_BUG, "a stratum holds fewer documents than were counted");
    if (st != JIHE_OK)
        jh_picks_deinit(out);
    return st;
}

static jihe_status select_picks(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                                uint64_t key, uint32_t threads, bool guess, jihe_error *err)
{
    uint64_t *thresholds = malloc((strata->count + (size_t)1) * sizeof *thresholds);
    struct collecting work = {.pass = pass, .frame = frame, .strata = strata, .thresholds = thresholds, .key = key};

    if (thresholds == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "drawing a sample");
    for (uint32_t s = 0; s < strata->count; s++)
        thresholds[s] = guess ? jh_draw_threshold(strata->strata[s].quota, strata->strata[s].documents) : UINT64_MAX;
    const jihe_status st = select_with(out, &work, thresholds, threads, err);

    free(thresholds);
    return st;
}

jihe_status jh_draw_select(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                           uint64_t key, uint32_t threads, jihe_error *err)
{
    return select_picks(out, pass, frame, strata, key, threads, true, err);
}

jihe_status jh_draw_select_ref(jh_picks *out, const jh_pass *pass, const jh_frame *frame, const jh_strata *strata,
                               uint64_t key, jihe_error *err)
{
    return select_picks(out, pass, frame, strata, key, 1, false, err);
}

void jh_picks_deinit(jh_picks *picks)
{
    free(picks->picks);
    *picks = (jh_picks){0};
}
