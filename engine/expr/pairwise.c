#include <stdlib.h>

#include "base/bits.h"
#include "base/text.h"
#include "expr/kernel_pack.h"
#include "expr/predicate.h"

/* Column against column. */

jh_text jh_slot_text(const jh_slot *slot, const jh_col_view *view, uint32_t row)
{
    uint64_t at = row;

    if (slot->type != JH_CATEGORY)
        return (jh_text){view->bytes + view->offsets[at], view->offsets[at + 1] - view->offsets[at]};
    at = (uint64_t)jh_col_number(view, row);
    if (at >= slot->dict.count) /* no sound snapshot has such a code */
        return (jh_text){"", 0};
    return (jh_text){slot->dict.bytes + slot->dict.offsets[at], slot->dict.offsets[at + 1] - slot->dict.offsets[at]};
}

typedef struct entry { /* of one of the two dictionaries */
    jh_text text;
    uint32_t *rank;
} entry;

static int compare_entries(const void *left, const void *right)
{
    const entry *a = left, *b = right;

    return jh_text_compare(a->text.bytes, a->text.len, b->text.bytes, b->text.len);
}

static size_t add_entries(entry *entries, const jh_dict_view *dict, uint32_t *ranks)
{
    for (uint32_t code = 0; code < dict->count; code++) {
        const uint32_t from = dict->offsets[code];

        entries[code] = (entry){{dict->bytes + from, dict->offsets[code + 1] - from}, &ranks[code]};
    }
    return dict->count;
}

/* Equal texts get equal ranks, larger texts larger ones: after this, no text is looked at again. */
jihe_status jh_pair_ranks(jh_pair *pair, const jh_dict_view *a, const jh_dict_view *b, jh_arena *arena, jihe_error *err)
{
    const size_t count = (size_t)a->count + b->count;
    uint32_t *ranks = JH_NEW(arena, uint32_t, (size_t)a->count + 1); /* one more, for codes out of bounds */
    uint32_t *other_ranks = JH_NEW(arena, uint32_t, (size_t)b->count + 1);
    entry *entries = calloc(count + 1, sizeof *entries);
    size_t filled;
    uint32_t rank = 0;

    if (ranks == NULL || other_ranks == NULL || entries == NULL) {
        free(entries);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to compare two dictionaries of %zu entries", count);
    }
    filled = add_entries(entries, a, ranks);
    add_entries(entries + filled, b, other_ranks);
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        rank += i > 0 && compare_entries(&entries[i - 1], &entries[i]) != 0;
        *entries[i].rank = rank;
    }
    free(entries);
    pair->ranks = ranks;
    pair->other_ranks = other_ranks;
    return JIHE_OK;
}

void jh_view_load64(const jh_col_view *view, uint32_t start, int64_t out[64])
{
    const uint64_t base = (uint64_t)view->base;

    for (uint32_t i = 0; i < 64; i++) {
        uint64_t code = 0;

        if (view->width == 1)
            code = ((const uint8_t *)view->codes)[start + i];
        else if (view->width == 2)
            code = ((const uint16_t *)view->codes)[start + i];
        else if (view->width == 4)
            code = ((const uint32_t *)view->codes)[start + i];
        else if (view->width == 8)
            code = ((const uint64_t *)view->codes)[start + i];
        out[i] = (int64_t)(base + code);
    }
}

uint64_t jh_view_valid64(const jh_col_view *view, uint32_t start)
{
    if (view->nulls == 0)
        return ~UINT64_C(0);
    return view->valid == NULL ? 0 : view->valid[start / 64];
}

static void to_ranks(int64_t values[64], const uint32_t *ranks, uint32_t count)
{
    for (uint32_t i = 0; i < 64; i++)
        values[i] = ranks[(uint64_t)values[i] < count ? (uint64_t)values[i] : count];
}

/* Every sign is = or <, with sides exchanged or turned round. */
static uint64_t compare64(jh_cmp cmp, const int64_t *a, const int64_t *b)
{
    const bool swap = cmp == JH_CMP_GT || cmp == JH_CMP_LE;
    const bool turn = cmp == JH_CMP_NE || cmp == JH_CMP_LE || cmp == JH_CMP_GE;
    const int64_t *left = swap ? b : a, *right = swap ? a : b;
    uint8_t flags[64];

    if (cmp == JH_CMP_EQ || cmp == JH_CMP_NE)
        for (unsigned i = 0; i < 64; i++)
            flags[i] = left[i] == right[i];
    else
        for (unsigned i = 0; i < 64; i++)
            flags[i] = left[i] < right[i];
    return turn ? ~jh_pack64(flags) : jh_pack64(flags);
}

static uint64_t compare64_scaled(const jh_pair *pair, const int64_t *a, const int64_t *b)
{
    uint64_t word = 0;

    for (unsigned i = 0; i < 64; i++) {
        const jh_i128 left = (jh_i128)a[i] * pair->times, right = (jh_i128)b[i] * pair->other_times;

        word |= (uint64_t)jh_cmp_holds(pair->cmp, (left > right) - (left < right)) << i;
    }
    return word;
}

/* Rows without a value have no text to read; they stay 0. */
static void run_texts(const jh_pair *pair, const jh_slot *slots, const jh_col_view *views, uint32_t slot,
                      jh_batch batch, const uint64_t *need, uint64_t *set)
{
    for (uint32_t i = 0; i < batch.rows; i++) {
        const uint32_t row = batch.start + i;
        jh_text a, b;

        if (!jh_col_present(&views[slot], row) || !jh_col_present(&views[pair->other], row) ||
            (need != NULL && !jh_bits_test(need, i)))
            continue;
        a = jh_slot_text(&slots[slot], &views[slot], row);
        b = jh_slot_text(&slots[pair->other], &views[pair->other], row);
        if (jh_cmp_holds(pair->cmp, jh_text_compare(a.bytes, a.len, b.bytes, b.len)))
            jh_bits_set(set, i);
    }
}

/* Numbers whose ranges do not meet compare alike in every row. */
jh_outlook jh_pair_outlook(const jh_pair *pair, const jh_col_view *left, const jh_col_view *right)
{
    int order = 0;

    if (pair->kind != JH_PAIR_NUMBERS || left->nulls != 0 || right->nulls != 0)
        return JH_OUTLOOK_OPEN;
    if (left->max < right->base)
        order = -1;
    else if (left->base > right->max)
        order = 1;
    else if (left->base != left->max || right->base != right->max || left->base != right->base)
        return JH_OUTLOOK_OPEN;
    return jh_cmp_holds(pair->cmp, order) ? JH_OUTLOOK_ALL : JH_OUTLOOK_NONE;
}

void jh_pair_run(const jh_pair *pair, const jh_slot *slots, const jh_col_view *views, uint32_t slot, jh_batch batch,
                 const uint64_t *need, uint64_t *set)
{
    int64_t a[64], b[64];

    if (pair->kind == JH_PAIR_TEXTS) {
        run_texts(pair, slots, views, slot, batch, need, set);
        return;
    }
    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        const uint32_t start = batch.start + (uint32_t)w * 64;

        jh_view_load64(&views[slot], start, a);
        jh_view_load64(&views[pair->other], start, b);
        if (pair->kind == JH_PAIR_RANKS) {
            to_ranks(a, pair->ranks, slots[slot].dict.count);
            to_ranks(b, pair->other_ranks, slots[pair->other].dict.count);
        }
        set[w] = pair->kind == JH_PAIR_SCALED ? compare64_scaled(pair, a, b) : compare64(pair->cmp, a, b);
        set[w] &= jh_row_mask(w, batch.rows);
    }
}
