#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "expr/expr_step.h"
#include "expr/kernel_find.h"
#include "expr/kernel_member.h"
#include "expr/kernel_pack.h"
#include "expr/kernel_range.h"

/* Runs the steps of a plan over a segment: columns are loaded once, then batch by batch, with nothing left that could
 * fail. */

struct jh_expr_scratch {
    const jh_expr_plan *plan;
    jh_col_view *views;    /* per slot */
    jh_col_room *rooms;    /* likewise: what the views of texts borrow */
    jh_clip *clips;        /* per step: its ranges against the segment at hand */
    uint64_t *registers;   /* 2 * JH_BATCH_WORDS each */
    uint64_t *spare;       /* JH_BATCH_WORDS */
    jh_pattern_room *room; /* where a text is searched; NULL when the plan has no pattern */
    bool no_memory;        /* a search found none */
};

static bool searches(const jh_expr_plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == JH_STEP_TEXT && plan->steps[i].as.test.kind == JH_TREE_MATCH)
            return true;
    return false;
}

jihe_status jh_expr_scratch_new(jh_expr_scratch **out, const jh_expr_plan *plan, jihe_error *err)
{
    jh_expr_scratch *scratch = calloc(1, sizeof *scratch);

    *out = NULL;
    if (scratch != NULL) {
        scratch->plan = plan;
        scratch->views = calloc(plan->slot_count + 1, sizeof *scratch->views);
        scratch->rooms = calloc(plan->slot_count + 1, sizeof *scratch->rooms);
        scratch->clips = calloc(plan->step_count + 1, sizeof *scratch->clips);
        scratch->registers = calloc((plan->registers * 2 + 1) * JH_BATCH_WORDS, sizeof *scratch->registers);
        scratch->room = searches(plan) ? jh_pattern_room_new() : NULL;
    }
    if (scratch == NULL || scratch->views == NULL || scratch->rooms == NULL || scratch->clips == NULL ||
        scratch->registers == NULL || (searches(plan) && scratch->room == NULL)) {
        jh_expr_scratch_free(scratch);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the registers of an expression");
    }
    scratch->spare = scratch->registers + plan->registers * 2 * JH_BATCH_WORDS;
    *out = scratch;
    return JIHE_OK;
}

void jh_expr_scratch_free(jh_expr_scratch *scratch)
{
    if (scratch == NULL)
        return;
    for (size_t i = 0; scratch->rooms != NULL && i < scratch->plan->slot_count; i++)
        jh_col_room_deinit(&scratch->rooms[i]);
    free(scratch->rooms);
    free(scratch->views);
    free(scratch->clips);
    free(scratch->registers);
    jh_pattern_room_free(scratch->room);
    free(scratch);
}

/* Checksums are settled when a column is loaded; this is what the steps rely on besides. */
static bool fits(const jh_slot *slot, const jh_col_view *view, uint32_t rows)
{
    const bool heap = slot->type == JH_ID || slot->type == JH_TEXT;

    if (view->rows != rows || view->encoding != (heap ? JH_ENC_HEAP : JH_ENC_FIXED))
        return false;
    if (slot->type != JH_CATEGORY || view->nulls == rows)
        return true;
    return view->width <= 4 && view->base >= 0 && view->max < (int64_t)slot->dict.count;
}

static jihe_status load_columns(jh_expr_scratch *scratch, uint32_t segment, uint32_t rows, jihe_error *err)
{
    const jh_expr_plan *plan = scratch->plan;
    jihe_status st;

    for (size_t i = 0; i < plan->slot_count; i++) {
        const jh_slot *slot = &plan->slots[i];

        if ((st = jh_snapshot_column(plan->snapshot, segment, slot->column, &scratch->rooms[i], &scratch->views[i],
                                     err)) != JIHE_OK)
            return st;
        if (!fits(slot, &scratch->views[i], rows))
            return jh_fail(err, JIHE_CORRUPT, "segment %u, column %zu: encoding, rows or codes do not fit the column",
                           segment, slot->column);
    }
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == JH_STEP_RANGES)
            jh_rangeset_clip(&plan->steps[i].as.ranges, &scratch->views[plan->steps[i].slot], &scratch->clips[i]);
    return JIHE_OK;
}

static jh_verdicts register_at(const jh_expr_scratch *scratch, size_t number)
{
    uint64_t *words = scratch->registers + number * 2 * JH_BATCH_WORDS;

    return (jh_verdicts){words, words + JH_BATCH_WORDS};
}

/* A test says nothing about a missing value. */
static void settle_missing(const jh_col_view *view, jh_batch batch, jh_verdicts dst)
{
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        uint64_t valid = ~UINT64_C(0);

        if (view->nulls != 0)
            valid = view->valid == NULL ? 0 : view->valid[batch.start / 64 + w];
        dst.undecided[w] |= jh_row_mask(w, batch.rows) & ~valid;
        dst.yes[w] &= valid;
    }
}

static void run_codes(const jh_clip *clip, const jh_col_view *view, jh_batch batch, uint64_t *set)
{
    for (uint32_t i = 0; i < clip->count; i++) {
        const uint64_t low = clip->low[i], high = clip->high[i];

        if (view->width == 1)
            jh_range_u8((const uint8_t *)view->codes + batch.start, (uint8_t)low, (uint8_t)high, batch.rows, set);
        else if (view->width == 2)
            jh_range_u16((const uint16_t *)view->codes + batch.start, (uint16_t)low, (uint16_t)high, batch.rows, set);
        else if (view->width == 4)
            jh_range_u32((const uint32_t *)view->codes + batch.start, (uint32_t)low, (uint32_t)high, batch.rows, set);
        else if (view->width == 8)
            jh_range_u64((const uint64_t *)view->codes + batch.start, low, high, batch.rows, set);
    }
}

static void run_search(const jh_rangeset *part, const jh_col_view *view, jh_batch batch, uint64_t *set)
{
    for (uint32_t i = 0; i < batch.rows; i++)
        if (jh_col_present(view, batch.start + i) && jh_rangeset_has(part, jh_col_number(view, batch.start + i)))
            jh_bits_set(set, i);
}

static void run_ranges(const jh_clip *clip, const jh_col_view *view, jh_batch batch, uint64_t *set)
{
    switch (clip->kind) {
    case JH_CLIP_NONE:
        break;
    case JH_CLIP_ALL:
        jh_bits_fill(set, batch.rows, true);
        break;
    case JH_CLIP_CODES:
        run_codes(clip, view, batch, set);
        break;
    case JH_CLIP_SEARCH:
        run_search(&clip->part, view, batch, set);
        break;
    }
}

/* Also JH_STEP_UNSURE's. */
static void run_member(const jh_step *step, const jh_slot *slot, const jh_col_view *view, jh_batch batch, uint64_t *set)
{
    const uint32_t base = (uint32_t)view->base, count = slot->dict.count;

    if (view->width == 0)
        jh_bits_fill(set, batch.rows, view->nulls < view->rows && jh_bits_test(step->as.members, base));
    else if (view->width == 1)
        jh_member_u8((const uint8_t *)view->codes + batch.start, base, step->as.members, count, batch.rows, set);
    else if (view->width == 2)
        jh_member_u16((const uint16_t *)view->codes + batch.start, base, step->as.members, count, batch.rows, set);
    else
        jh_member_u32((const uint32_t *)view->codes + batch.start, base, step->as.members, count, batch.rows, set);
}

static void run_unsure(jh_expr_scratch *scratch, const jh_step *step, jh_batch batch, jh_verdicts dst)
{
    uint64_t *unsure = scratch->spare;

    memset(unsure, 0, jh_bits_words(batch.rows) * sizeof *unsure);
    run_member(step, &scratch->plan->slots[step->slot], &scratch->views[step->slot], batch, unsure);
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        dst.undecided[w] |= unsure[w] & jh_view_valid64(&scratch->views[step->slot], batch.start + (uint32_t)w * 64);
        dst.yes[w] &= ~unsure[w];
    }
}

static void run_text(jh_expr_scratch *scratch, const jh_step *step, jh_batch batch, jh_verdicts dst)
{
    const jh_slot *slot = &scratch->plan->slots[step->slot];
    const jh_col_view *view = &scratch->views[step->slot];
    const jh_like *like = &step->as.test.like;

    if (step->as.test.kind == JH_TREE_LIKE && like->kind == JH_LIKE_CONTAINS && slot->type != JH_CATEGORY) {
        jh_find_rows(view->bytes, view->offsets + batch.start, batch.rows, like->word, like->word_len, dst.yes);
        return;
    }
    for (uint32_t i = 0; i < batch.rows; i++) {
        jh_text text;
        jh_found found;

        if (!jh_col_present(view, batch.start + i))
            continue;
        text = jh_slot_text(slot, view, batch.start + i);
        found = jh_text_test_run(&step->as.test, scratch->room, text.bytes, text.len);
        if (found == JH_FOUND_YES)
            jh_bits_set(dst.yes, i);
        else if (found != JH_FOUND_NO)
            jh_bits_set(dst.undecided, i);
        scratch->no_memory |= found == JH_FOUND_NO_MEMORY;
    }
}

static void run_null(const jh_col_view *view, jh_batch batch, jh_verdicts dst)
{
    settle_missing(view, batch, dst);
    memcpy(dst.yes, dst.undecided, jh_bits_words(batch.rows) * sizeof *dst.yes);
    memset(dst.undecided, 0, jh_bits_words(batch.rows) * sizeof *dst.undecided);
}

/* A test on one or two columns. */
static void run_leaf(jh_expr_scratch *scratch, size_t number, jh_batch batch, jh_verdicts dst)
{
    const jh_step *step = &scratch->plan->steps[number];
    const jh_slot *slot = &scratch->plan->slots[step->slot];
    const jh_col_view *view = &scratch->views[step->slot];

    memset(dst.yes, 0, jh_bits_words(batch.rows) * sizeof *dst.yes);
    memset(dst.undecided, 0, jh_bits_words(batch.rows) * sizeof *dst.undecided);
    if (step->kind == JH_STEP_NULL) {
        run_null(view, batch, dst);
        return;
    }
    if (step->kind == JH_STEP_RANGES)
        run_ranges(&scratch->clips[number], view, batch, dst.yes);
    else if (step->kind == JH_STEP_MEMBER)
        run_member(step, slot, view, batch, dst.yes);
    else if (step->kind == JH_STEP_TEXT)
        run_text(scratch, step, batch, dst);
    else
        jh_pair_run(&step->as.pair, scratch->plan->slots, scratch->views, step->slot, batch, dst.yes);
    settle_missing(view, batch, dst);
    if (step->kind == JH_STEP_PAIR)
        settle_missing(&scratch->views[step->as.pair.other], batch, dst);
}

static void run_step(jh_expr_scratch *scratch, size_t number, jh_batch batch)
{
    const jh_step *step = &scratch->plan->steps[number];
    const jh_verdicts dst = register_at(scratch, step->dst);

    switch (step->kind) {
    case JH_STEP_AND:
        jh_logic_and(dst, register_at(scratch, step->dst + 1u), batch.rows);
        break;
    case JH_STEP_OR:
        jh_logic_or(dst, register_at(scratch, step->dst + 1u), batch.rows);
        break;
    case JH_STEP_NOT:
        jh_logic_not(dst, batch.rows);
        break;
    case JH_STEP_CONST:
        jh_bits_fill(dst.yes, batch.rows, step->truth);
        jh_bits_fill(dst.undecided, batch.rows, false);
        break;
    case JH_STEP_UNSURE:
        run_unsure(scratch, step, batch, dst);
        break;
    case JH_STEP_VALUE:
    case JH_STEP_VALUES:
        jh_compute_run(&step->as.compute, scratch->plan->slots, scratch->views, batch, dst);
        break;
    default:
        run_leaf(scratch, number, batch, dst);
        break;
    }
}

jihe_status jh_expr_eval(const jh_expr_plan *plan, uint32_t segment, jh_expr_scratch *scratch, uint64_t *hit,
                         uint64_t *undecided, jihe_error *err)
{
    const uint32_t rows = jh_snapshot_segment_rows(plan->snapshot, segment);
    const jh_verdicts answer = register_at(scratch, 0);
    const jihe_status st = load_columns(scratch, segment, rows, err);

    if (st != JIHE_OK)
        return st;
    for (uint32_t start = 0; start < rows; start += JH_BATCH_ROWS) {
        const jh_batch batch = {start, rows - start < JH_BATCH_ROWS ? rows - start : JH_BATCH_ROWS};
        const size_t bytes = jh_bits_words(batch.rows) * sizeof *hit;

        for (size_t i = 0; i < plan->step_count; i++)
            run_step(scratch, i, batch);
        memcpy(hit + start / 64, answer.yes, bytes);
        memcpy(undecided + start / 64, answer.undecided, bytes);
    }
    return scratch->no_memory ? jh_fail(err, JIHE_NO_MEMORY, "no memory to search a text") : JIHE_OK;
}
