#include <string.h>

#include "base/bits.h"
#include "expr/kernel_pack.h"
#include "expr/predicate.h"

/* --- the columns of a segment --- */

/* Checksums are settled when a column is loaded; this is what the kernels rely on besides. */
static bool fits(const jh_slot *slot, const jh_col_view *view, uint32_t rows)
{
    const bool heap = slot->type == JH_ID || slot->type == JH_TEXT;

    if (view->rows != rows || view->encoding != (heap ? JH_ENC_HEAP : JH_ENC_FIXED))
        return false;
    if (slot->type != JH_CATEGORY || view->nulls == rows)
        return true;
    return view->width <= 4 && view->base >= 0 && view->max < (int64_t)slot->dict.count;
}

/* A column, perhaps without its texts. */
static jihe_status look_at(jh_sight *sight, uint32_t slot, jihe_error *err)
{
    const size_t column = sight->slots[slot].column;
    jh_col_view *view = &sight->views[slot];
    jihe_status st;

    if (sight->seen[slot])
        return JIHE_OK;
    if ((st = jh_snapshot_column(sight->snapshot, sight->segment, column, NULL, view, err)) != JIHE_OK)
        return st;
    if (!fits(&sight->slots[slot], view, sight->rows))
        return jh_fail(err, JIHE_CORRUPT, "segment %u, column %zu: encoding, rows or codes do not fit the column",
                       sight->segment, column);
    sight->seen[slot] = true;
    return JIHE_OK;
}

/* All that a predicate needs of a batch. Texts are unpacked a frame at a time: what is searched is still in the cache,
 * and frames that nobody asks for stay packed. */
static jihe_status fetch(const jh_predicate *predicate, jh_sight *sight, jh_batch batch, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < predicate->slot_count && st == JIHE_OK; i++) {
        const uint32_t slot = predicate->slots[i];
        const jh_type type = sight->slots[slot].type;

        st = look_at(sight, slot, err);
        if (st == JIHE_OK && (type == JH_TEXT || type == JH_ID) && predicate->kind != JH_PREDICATE_NULL)
            st = jh_snapshot_rows(sight->snapshot, sight->segment, batch.start, batch.start + batch.rows,
                                  sight->slots[slot].column, &sight->rooms[slot], &sight->views[slot], err);
    }
    return st;
}

/* --- what the smallest and largest values say --- */

/* Of bits from..to. */
static bool any_in(const uint64_t *members, int64_t from, int64_t to)
{
    for (int64_t code = from; code <= to; code++)
        if (members[code / 64] == 0)
            code |= 63;
        else if (jh_bits_test(members, (size_t)code))
            return true;
    return false;
}

static bool all_in(const uint64_t *members, int64_t from, int64_t to)
{
    for (int64_t code = from; code <= to; code++)
        if (!jh_bits_test(members, (size_t)code))
            return false;
    return true;
}

static void clip_members(const uint64_t *members, const jh_col_view *view, jh_clip *clip)
{
    *clip = (jh_clip){.kind = JH_CLIP_SEARCH};
    if (view->nulls == view->rows || !any_in(members, view->base, view->max))
        clip->kind = JH_CLIP_NONE;
    else if (all_in(members, view->base, view->max))
        clip->kind = JH_CLIP_ALL;
}

static jh_outlook outlook_of_nulls(const jh_col_view *view)
{
    return view->nulls == 0 ? JH_OUTLOOK_NONE : view->nulls == view->rows ? JH_OUTLOOK_ALL : JH_OUTLOOK_OPEN;
}

/* A missing value is undecided, and so is an entry that a pattern gave up on. */
static jh_outlook outlook_of_clip(const jh_predicate *predicate, const jh_col_view *view, const jh_clip *clip)
{
    if (view->nulls != 0 || (predicate->unsure != NULL && any_in(predicate->unsure, view->base, view->max)))
        return JH_OUTLOOK_OPEN;
    return clip->kind == JH_CLIP_NONE ? JH_OUTLOOK_NONE : clip->kind == JH_CLIP_ALL ? JH_OUTLOOK_ALL : JH_OUTLOOK_OPEN;
}

/* Is it computed from one column of numbers or codes only? */
static bool asks_one_column(const jh_predicate *predicate, const jh_sight *sight)
{
    for (size_t i = 0; i < predicate->slot_count; i++)
        if (predicate->slots[i] != predicate->slots[0])
            return false;
    return predicate->slot_count > 0 && sight->slots[predicate->slots[0]].type != JH_TEXT &&
           sight->slots[predicate->slots[0]].type != JH_ID;
}

/* Works the value out for each code, in place of the column. */
static void compute_codes(const jh_predicate *predicate, jh_sight *sight, uint32_t codes, jh_prospect *out)
{
    jh_col_view *view = &sight->views[predicate->slots[0]];
    const jh_col_view kept = *view;
    _Alignas(64) uint8_t all[JH_FEW_CODES];

    for (unsigned code = 0; code < JH_FEW_CODES; code++)
        all[code] = (uint8_t)code;
    *view = (jh_col_view){.rows = codes, .encoding = JH_ENC_FIXED, .width = 1, .base = kept.base, .codes = all};
    memset(out->yes, 0, sizeof out->yes);
    memset(out->undecided, 0, sizeof out->undecided);
    for (uint32_t from = 0; from < codes; from += 64)
        jh_compute_run(&predicate->as.compute, sight->slots, sight->views,
                       (jh_batch){from, codes - from < 64 ? codes - from : 64}, NULL,
                       (jh_verdicts){out->yes + from / 64, out->undecided + from / 64});
    *view = kept;
}

/* A date of one day or year, asked for its weekday: a few hundred values instead of a call per row. */
static jihe_status outlook_of_value(const jh_predicate *predicate, jh_sight *sight, jh_prospect *out, jihe_error *err)
{
    const jh_col_view *view;
    uint32_t codes;
    jihe_status st;

    out->by_code = false;
    if (!asks_one_column(predicate, sight))
        return JIHE_OK;
    view = &sight->views[predicate->slots[0]];
    if ((st = look_at(sight, predicate->slots[0], err)) != JIHE_OK)
        return st;
    if (view->width > 1 || view->rows < JH_FEW_CODES)
        return JIHE_OK;
    codes = (uint32_t)((uint64_t)view->max - (uint64_t)view->base) + 1;
    compute_codes(predicate, sight, codes, out);
    out->by_code = true;
    if (view->nulls == 0 && !any_in(out->undecided, 0, codes - 1)) {
        if (!any_in(out->yes, 0, codes - 1))
            out->outlook = JH_OUTLOOK_NONE;
        else if (all_in(out->yes, 0, codes - 1))
            out->outlook = JH_OUTLOOK_ALL;
    }
    return JIHE_OK;
}

static jh_outlook outlook_of_column(const jh_predicate *predicate, const jh_sight *sight, jh_clip *clip)
{
    const jh_col_view *view = &sight->views[predicate->slot];

    switch (predicate->kind) {
    case JH_PREDICATE_NULL:
        return outlook_of_nulls(view);
    case JH_PREDICATE_PAIR:
        return jh_pair_outlook(&predicate->as.pair, view, &sight->views[predicate->as.pair.other]);
    case JH_PREDICATE_RANGES:
        jh_rangeset_clip(&predicate->as.ranges, view, clip);
        return outlook_of_clip(predicate, view, clip);
    default:
        clip_members(predicate->as.members, view, clip);
        return outlook_of_clip(predicate, view, clip);
    }
}

jihe_status jh_predicate_outlook(const jh_predicate *predicate, jh_sight *sight, jh_prospect *out, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    out->outlook = JH_OUTLOOK_OPEN;
    if (predicate->kind == JH_PREDICATE_TEXT)
        return JIHE_OK;
    if (predicate->kind == JH_PREDICATE_VALUE || predicate->kind == JH_PREDICATE_VALUES)
        return outlook_of_value(predicate, sight, out, err);
    for (size_t i = 0; i < predicate->slot_count && st == JIHE_OK; i++)
        st = look_at(sight, predicate->slots[i], err);
    if (st == JIHE_OK)
        out->outlook = outlook_of_column(predicate, sight, &out->clip);
    return st;
}

/* --- a batch --- */

/* A test says nothing about a missing value. */
static void settle_missing(const jh_col_view *view, jh_batch batch, jh_verdicts dst)
{
    if (view->nulls == 0)
        return;
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        const uint64_t valid = view->valid == NULL ? 0 : view->valid[batch.start / 64 + w];

        dst.undecided[w] |= jh_row_mask(w, batch.rows) & ~valid;
        dst.yes[w] &= valid;
    }
}

static void run_codes(const jh_kernels *kernels, const jh_clip *clip, const jh_col_view *view, jh_batch batch,
                      uint64_t *set)
{
    const char *codes = (const char *)view->codes + (size_t)batch.start * view->width;

    for (uint32_t i = 0; i < clip->count; i++) {
        const uint64_t low = clip->low[i], high = clip->high[i];

        if (view->width == 1)
            kernels->range_u8((const void *)codes, (uint8_t)low, (uint8_t)high, batch.rows, set);
        else if (view->width == 2)
            kernels->range_u16((const void *)codes, (uint16_t)low, (uint16_t)high, batch.rows, set);
        else if (view->width == 4)
            kernels->range_u32((const void *)codes, (uint32_t)low, (uint32_t)high, batch.rows, set);
        else if (view->width == 8)
            kernels->range_u64((const void *)codes, low, high, batch.rows, set);
    }
}

static void run_search(const jh_rangeset *part, const jh_col_view *view, jh_batch batch, uint64_t *set)
{
    for (uint32_t i = 0; i < batch.rows; i++)
        if (jh_col_present(view, batch.start + i) && jh_rangeset_has(part, jh_col_number(view, batch.start + i)))
            jh_bits_set(set, i);
}

typedef struct codes { /* of a batch, to be looked up in `count` bits and one more, from bit `base` on */
    const jh_col_view *view;
    uint32_t base, count;
} codes;

/* Sets the rows whose code is a member. */
static void run_members(const jh_kernels *kernels, const uint64_t *members, codes asked, jh_batch batch, uint64_t *set)
{
    const jh_col_view *view = asked.view;
    const void *from = (const char *)view->codes + (size_t)batch.start * view->width;

    if (view->width == 0)
        jh_bits_fill(set, batch.rows, view->nulls < view->rows && jh_bits_test(members, asked.base));
    else if (view->width == 1)
        kernels->member_u8(from, asked.base, members, asked.count, batch.rows, set);
    else if (view->width == 2)
        kernels->member_u16(from, asked.base, members, asked.count, batch.rows, set);
    else
        kernels->member_u32(from, asked.base, members, asked.count, batch.rows, set);
}

static codes codes_of(const jh_predicate *predicate, const jh_sight *sight)
{
    const jh_col_view *view = &sight->views[predicate->slot];

    return (codes){view, (uint32_t)view->base, sight->slots[predicate->slot].dict.count};
}

/* RANGES and MEMBER. */
static void run_clip(const jh_predicate *predicate, const jh_sight *sight, const jh_clip *clip, jh_batch batch,
                     uint64_t *set)
{
    const jh_col_view *view = &sight->views[predicate->slot];

    if (clip->kind == JH_CLIP_NONE)
        return;
    if (clip->kind == JH_CLIP_ALL)
        jh_bits_fill(set, batch.rows, true);
    else if (predicate->kind == JH_PREDICATE_MEMBER)
        run_members(sight->kernels, predicate->as.members, codes_of(predicate, sight), batch, set);
    else if (clip->kind == JH_CLIP_CODES)
        run_codes(sight->kernels, clip, view, batch, set);
    else
        run_search(&clip->part, view, batch, set);
}

static void settle_unsure(const jh_predicate *predicate, const jh_sight *sight, jh_batch batch, uint64_t *unsure,
                          jh_verdicts dst)
{
    const jh_col_view *view = &sight->views[predicate->slot];

    memset(unsure, 0, jh_bits_words(batch.rows) * sizeof *unsure);
    run_members(sight->kernels, predicate->unsure, codes_of(predicate, sight), batch, unsure);
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        dst.undecided[w] |= unsure[w] & jh_view_valid64(view, batch.start + (uint32_t)w * 64);
        dst.yes[w] &= ~unsure[w];
    }
}

static void run_value(const jh_predicate *predicate, const jh_sight *sight, const jh_prospect *prospect, jh_batch batch,
                      const uint64_t *need, jh_verdicts dst)
{
    if (!prospect->by_code) {
        jh_compute_run(&predicate->as.compute, sight->slots, sight->views, batch, need, dst);
        return;
    }
    const codes asked = {&sight->views[predicate->slots[0]], 0, JH_FEW_CODES};

    run_members(sight->kernels, prospect->yes, asked, batch, dst.yes);
    run_members(sight->kernels, prospect->undecided, asked, batch, dst.undecided);
    settle_missing(asked.view, batch, dst);
}

static void run_null(const jh_col_view *view, jh_batch batch, jh_verdicts dst)
{
    settle_missing(view, batch, dst);
    memcpy(dst.yes, dst.undecided, jh_bits_words(batch.rows) * sizeof *dst.yes);
    memset(dst.undecided, 0, jh_bits_words(batch.rows) * sizeof *dst.undecided);
}

static void run_text(const jh_predicate *predicate, jh_sight *sight, uint32_t row, uint32_t bit, jh_verdicts dst)
{
    const jh_text text = jh_slot_text(&sight->slots[predicate->slot], &sight->views[predicate->slot], row);
    const jh_found found = jh_text_test_run(&predicate->as.test, sight->room, text.bytes, text.len);

    if (found == JH_FOUND_YES)
        jh_bits_set(dst.yes, bit);
    else if (found != JH_FOUND_NO)
        jh_bits_set(dst.undecided, bit);
    sight->no_memory |= found == JH_FOUND_NO_MEMORY;
}

/* Searching all texts as one costs a row an eighth of what searching it alone does. */
enum { ALONE = 8 };

static bool find_together(const jh_predicate *predicate, jh_batch batch, const uint64_t *need)
{
    const jh_text_test *test = &predicate->as.test;

    return test->kind == JH_TREE_LIKE && test->like.kind == JH_LIKE_CONTAINS &&
           (need == NULL || jh_bits_count(need, batch.rows) > batch.rows / ALONE);
}

static void run_texts(const jh_predicate *predicate, jh_sight *sight, jh_batch batch, const uint64_t *need,
                      jh_verdicts dst)
{
    const jh_col_view *view = &sight->views[predicate->slot];
    const jh_like *like = &predicate->as.test.like;

    if (find_together(predicate, batch, need)) {
        sight->kernels->find(view->bytes, view->offsets + batch.start, batch.rows, like->word, like->word_len, dst.yes);
        return;
    }
    for (uint32_t w = 0; w < jh_bits_words(batch.rows); w++) {
        const uint64_t present = jh_view_valid64(view, batch.start + w * 64) & jh_row_mask(w, batch.rows);

        for (uint64_t left = present & (need == NULL ? ~UINT64_C(0) : need[w]); left != 0; left &= left - 1) {
            const uint32_t bit = w * 64 + (uint32_t)__builtin_ctzll(left);

            run_text(predicate, sight, batch.start + bit, bit, dst);
        }
    }
}

jihe_status jh_predicate_run(const jh_predicate *predicate, jh_sight *sight, const jh_prospect *prospect,
                             jh_batch batch, const uint64_t *need, uint64_t *spare, jh_verdicts dst, jihe_error *err)
{
    const size_t bytes = jh_bits_words(batch.rows) * sizeof *dst.yes;
    const jh_col_view *view = &sight->views[predicate->slot];
    const jihe_status st = fetch(predicate, sight, batch, err);

    if (st != JIHE_OK)
        return st;
    memset(dst.yes, 0, bytes);
    memset(dst.undecided, 0, bytes);
    switch (predicate->kind) {
    case JH_PREDICATE_NULL:
        run_null(view, batch, dst);
        return JIHE_OK;
    case JH_PREDICATE_VALUE:
    case JH_PREDICATE_VALUES:
        run_value(predicate, sight, prospect, batch, need, dst);
        return JIHE_OK;
    case JH_PREDICATE_TEXT:
        run_texts(predicate, sight, batch, need, dst);
        break;
    case JH_PREDICATE_PAIR:
        jh_pair_run(&predicate->as.pair, sight, predicate->slot, batch, need, dst.yes);
        settle_missing(&sight->views[predicate->as.pair.other], batch, dst);
        break;
    default:
        run_clip(predicate, sight, &prospect->clip, batch, dst.yes);
        break;
    }
    settle_missing(view, batch, dst);
    if (predicate->unsure != NULL)
        settle_unsure(predicate, sight, batch, spare, dst);
    return JIHE_OK;
}
