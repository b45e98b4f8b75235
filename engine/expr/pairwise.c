#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/text.h"
#include "expr/kernel_pack.h"
#include "expr/predicate.h"
#include "snapshot/probe.h"

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

/* Larger texts get larger ranks. */
static bool rank_in_order(const jh_dict_view *a, const jh_dict_view *b, uint32_t *ranks, uint32_t *other_ranks)
{
    const size_t count = (size_t)a->count + b->count;
    entry *entries = calloc(count + 1, sizeof *entries);
    uint32_t rank = 0;

    if (entries == NULL)
        return false;
    add_entries(entries + add_entries(entries, a, ranks), b, other_ranks);
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        rank += i > 0 && compare_entries(&entries[i - 1], &entries[i]) != 0;
        *entries[i].rank = rank;
    }
    free(entries);
    return true;
}

/* The code of a text. dict->count: it has none. */
static uint32_t code_of(const jh_dict_view *dict, const jh_probe *probe, const char *text, size_t len)
{
    const uint64_t hash = jh_hash64(text, len);
    uint32_t code;

    for (size_t step = 0; jh_probe_next(probe, hash, &step, &code);)
        if (dict->offsets[code + 1] - dict->offsets[code] == len &&
            memcmp(dict->bytes + dict->offsets[code], text, len) == 0)
            return code;
    return dict->count;
}

/* Where order does not matter, the code on the left is the rank; what is only on the right comes behind. */
static bool rank_by_code(const jh_dict_view *a, const jh_dict_view *b, uint32_t *other_ranks)
{
    jh_probe probe = {0};
    const bool enough = jh_probe_enlarge(&probe, a->count + (size_t)1);

    for (uint32_t code = 0; code < a->count && enough; code++)
        jh_probe_insert(&probe, jh_hash64(a->bytes + a->offsets[code], a->offsets[code + 1] - a->offsets[code]), code);
    for (uint32_t code = 0; code < b->count && enough; code++) {
        const uint32_t left = code_of(a, &probe, b->bytes + b->offsets[code], b->offsets[code + 1] - b->offsets[code]);

        other_ranks[code] = left < a->count ? left : a->count + 1 + code;
    }
    other_ranks[b->count] = a->count;
    jh_probe_deinit(&probe);
    return enough;
}

/* Equal texts get equal ranks: after this, no text is looked at again. */
jihe_status jh_pair_ranks(jh_pair *pair, const jh_dict_view *a, const jh_dict_view *b, jh_arena *arena, jihe_error *err)
{
    const bool ordered = pair->cmp != JH_CMP_EQ && pair->cmp != JH_CMP_NE;
    uint32_t *ranks =
        ordered ? JH_NEW(arena, uint32_t, (size_t)a->count + 1) : NULL; /* one more: codes out of bounds */
    uint32_t *other_ranks = JH_NEW(arena, uint32_t, (size_t)b->count + 1);

    if ((ordered && ranks == NULL) || other_ranks == NULL ||
        !(ordered ? rank_in_order(a, b, ranks, other_ranks) : rank_by_code(a, b, other_ranks)))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to compare two dictionaries of %zu entries",
                       (size_t)a->count + b->count);
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
static void run_texts(const jh_pair *pair, const jh_sight *sight, uint32_t slot, jh_batch batch, const uint64_t *need,
                      uint64_t *set)
{
    const jh_slot *left = &sight->slots[slot], *right = &sight->slots[pair->other];
    const jh_col_view *lefts = &sight->views[slot], *rights = &sight->views[pair->other];

    for (uint32_t i = 0; i < batch.rows; i++) {
        const uint32_t row = batch.start + i;
        jh_text a, b;

        if (!jh_col_present(lefts, row) || !jh_col_present(rights, row) || (need != NULL && !jh_bits_test(need, i)))
            continue;
        a = jh_slot_text(left, lefts, row);
        b = jh_slot_text(right, rights, row);
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

static void run_scaled(const jh_pair *pair, const jh_col_view *left, const jh_col_view *right, jh_batch batch,
                       uint64_t *set)
{
    int64_t a[64], b[64];

    for (size_t w = 0; w < jh_bits_words(batch.rows); w++) {
        jh_view_load64(left, batch.start + (uint32_t)w * 64, a);
        jh_view_load64(right, batch.start + (uint32_t)w * 64, b);
        set[w] = compare64_scaled(pair, a, b) & jh_row_mask(w, batch.rows);
    }
}

static const void *codes_from(const jh_col_view *view, uint32_t start)
{
    return view->codes == NULL ? NULL : (const char *)view->codes + (size_t)start * view->width;
}

static jh_numbers numbers_of(const jh_col_view *view, uint32_t start)
{
    return (jh_numbers){codes_from(view, start), view->width, view->base};
}

static jh_ranked ranked_of(const jh_col_view *view, uint32_t start, const jh_slot *slot, const uint32_t *ranks)
{
    return (jh_ranked){codes_from(view, start), view->width, (uint32_t)view->base, slot->dict.count, ranks};
}

/* Every sign is = or <, with sides exchanged or turned round. */
void jh_pair_run(const jh_pair *pair, const jh_sight *sight, uint32_t slot, jh_batch batch, const uint64_t *need,
                 uint64_t *set)
{
    const bool equal = pair->cmp == JH_CMP_EQ || pair->cmp == JH_CMP_NE;
    const bool swap = pair->cmp == JH_CMP_GT || pair->cmp == JH_CMP_LE;
    const bool turn = pair->cmp == JH_CMP_NE || pair->cmp == JH_CMP_LE || pair->cmp == JH_CMP_GE;
    const jh_col_view *left = &sight->views[slot], *right = &sight->views[pair->other];
    const jh_kernels *kernels = sight->kernels;

    if (pair->kind == JH_PAIR_TEXTS) {
        run_texts(pair, sight, slot, batch, need, set);
        return;
    }
    if (pair->kind == JH_PAIR_SCALED) {
        run_scaled(pair, left, right, batch, set);
        return;
    }
    if (pair->kind == JH_PAIR_RANKS) {
        const jh_ranked a = ranked_of(left, batch.start, &sight->slots[slot], pair->ranks);
        const jh_ranked b = ranked_of(right, batch.start, &sight->slots[pair->other], pair->other_ranks);

        (equal ? kernels->ranks_equal : kernels->ranks_less)(swap ? b : a, swap ? a : b, batch.rows, set);
    } else {
        const jh_numbers a = numbers_of(left, batch.start), b = numbers_of(right, batch.start);

        (equal ? kernels->numbers_equal : kernels->numbers_less)(swap ? b : a, swap ? a : b, batch.rows, set);
    }
    for (size_t w = 0; turn && w < jh_bits_words(batch.rows); w++)
        set[w] = ~set[w] & jh_row_mask(w, batch.rows);
}
