#include "sample/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/pcg.h"
#include "base/text.h"
#include "sample/amounts.h"
#include "sample/interval.h"
#include "sample/pick_sort.h"

static int order_by_id(const void *a, const void *b)
{
    const jh_listed *x = a, *y = b;

    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    const int ids = jh_text_compare(x->id, x->len, y->id, y->len);

    if (ids != 0)
        return ids;
    return x->segment != y->segment ? (x->segment < y->segment ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

static int order_by_place(const void *a, const void *b)
{
    const jh_listed *x = a, *y = b;

    return x->segment != y->segment ? (x->segment < y->segment ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

static jihe_status list_segment(jh_listed *list, size_t *count, const jh_pass *pass, const jh_frame *frame,
                                const jh_strata *strata, const jh_draw *draw, uint64_t index, jh_arena *texts,
                                jh_col_room *room, jihe_error *err)
{
    const jh_pass_segment *at = &pass->segments[index];
    const jh_snapshot *snapshot = pass->parts[at->part];
    const uint64_t *bits = frame->bits + at->word;
    jh_strata_reader reader;
    jh_col_view ids, amounts = {0};
    jihe_status st;

    if ((st = jh_strata_read(&reader, strata, pass, at, err)) != JIHE_OK ||
        (st = jh_snapshot_column(snapshot, at->segment, jh_snapshot_schema(snapshot)->id, room, &ids, err)) !=
            JIHE_OK ||
        (draw->kind == JH_DRAW_MONEY && (st = jh_amounts_read(&amounts, draw, pass, at, err)) != JIHE_OK))
        return st;
    for (uint32_t w = 0; w * 64 < at->rows; w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left),
                           len = ids.offsets[row + 1] - ids.offsets[row];
            const char *id = jh_arena_text(texts, ids.bytes + ids.offsets[row], len);

            if (id == NULL)
                return jh_fail(err, JIHE_NO_MEMORY, "listing a frame");

            list[(*count)++] = (jh_listed){
                .segment = index,
                .amount = draw->kind == JH_DRAW_MONEY ? (uint64_t)jh_col_number(&amounts, row) : 1,
                .id = id,
                .row = row,
                .len = len,
                .stratum = jh_strata_of(&reader, row),
            };
        }
    return JIHE_OK;
}

/* One stratum's piece of the list. */
static jihe_status select_stratum(jh_listed *list, size_t count, jh_stratum *stratum, const jh_rule *rule, uint64_t key,
                                  jihe_error *err)
{
    const jh_draw *draw = &rule->draw;
    uint64_t *amounts = malloc((count + 1) * sizeof *amounts);
    uint32_t *hits = malloc((count + 1) * sizeof *hits);
    jh_buf name = {0};
    jh_pcg64 rng;
    uint64_t before = 0;

    jh_buf_printf(&name, "%s\x1F%s", rule->id, stratum->label);
    if (amounts == NULL || hits == NULL || name.failed) {
        free(amounts);
        free(hits);
        jh_buf_deinit(&name);
        return jh_fail(err, JIHE_NO_MEMORY, "an interval selection");
    }
    jh_pcg64_seed(&rng, key, jh_hash64(name.bytes, name.len));
    jh_buf_deinit(&name);
    for (size_t i = 0; i < count; i++)
        amounts[i] = list[i].amount;
    const uint64_t total = (uint64_t)stratum->amount, n = draw->kind == JH_DRAW_MONEY ? draw->count : stratum->quota;

    if (draw->method == JH_METHOD_CELL)
        jh_interval_cells(hits, amounts, count, n, &rng);
    else
        jh_interval_fixed(hits, amounts, count, n, (jh_u128)jh_pcg64_below(&rng, total) + 1, 1);
    stratum->quota = 0;
    for (size_t i = 0; i < count; i++) {
        list[i].hits = hits[i];
        list[i].chance = draw->method == JH_METHOD_CELL ? jh_interval_cell_chance(before, amounts[i], total, n)
                                                        : jh_interval_chance(amounts[i], total, n);
        stratum->quota += hits[i] > 0;
        before += amounts[i];
    }
    free(amounts);
    free(hits);
    return JIHE_OK;
}

static jihe_status select_strata(jh_listed *list, size_t count, const jh_strata *strata, const jh_rule *rule,
                                 uint64_t key, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0, end; st == JIHE_OK && i < count; i = end) {
        jh_stratum *stratum = &strata->strata[list[i].stratum];

        stratum->amount = 0;
        for (end = i; end < count && list[end].stratum == list[i].stratum; end++)
            stratum->amount += list[end].amount;
        if (stratum->amount >= (jh_u128)INT64_MAX)
            return jh_fail(err, JIHE_CONFIG,
                           "the amounts of a stratum come to more than 2^63 minor units; draw with method: sieve");
        st = select_stratum(list + i, end - i, stratum, rule, key, err);
    }
    return st;
}

static jihe_status take_hits(jh_picks *out, const jh_listed *list, size_t count, const jh_strata *strata,
                             const jh_pass *pass, uint64_t key, jihe_error *err)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += list[i].hits > 0;
    *out = (jh_picks){.picks = malloc((total + 1) * sizeof *out->picks)};
    if (out->picks == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "an interval selection");
    for (size_t i = 0; i < count; i++)
        if (list[i].hits > 0)
            out->picks[out->count++] = (jh_pick){.number = jh_pcg_draw(jh_hash64(list[i].id, list[i].len), key),
                                                 .stratum = list[i].stratum,
                                                 .row = list[i].row,
                                                 .segment = list[i].segment};
    return jh_picks_sort(out, strata->count, pass, err);
}

static jihe_status list_select(jh_picks *out, jh_listed **list, size_t *count, const jh_pass *pass,
                               const jh_frame *frame, const jh_strata *strata, const jh_rule *rule, uint64_t key,
                               jh_arena *texts, jihe_error *err)
{
    jh_col_room room = {0};
    jihe_status st = JIHE_OK;

    for (uint64_t s = 0; st == JIHE_OK && s < pass->segment_count; s++)
        st = list_segment(*list, count, pass, frame, strata, &rule->draw, s, texts, &room, err);
    jh_col_room_deinit(&room);
    if (st != JIHE_OK)
        return st;
    qsort(*list, *count, sizeof **list, order_by_id);
    if ((st = select_strata(*list, *count, strata, rule, key, err)) != JIHE_OK)
        return st;
    qsort(*list, *count, sizeof **list, order_by_place);
    return take_hits(out, *list, *count, strata, pass, key, err);
}

jihe_status jh_listing_select(jh_picks *out, jh_listed **list, size_t *count, const jh_pass *pass,
                              const jh_frame *frame, const jh_strata *strata, const jh_rule *rule, uint64_t key,
                              jihe_error *err)
{
    jh_arena texts;

    *out = (jh_picks){0};
    *count = 0;
    *list = malloc((frame->documents + 1) * sizeof **list);
    if (*list == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing %llu documents", (unsigned long long)frame->documents);
    jh_arena_init(&texts, 0);
    const jihe_status st = list_select(out, list, count, pass, frame, strata, rule, key, &texts, err);

    jh_arena_deinit(&texts);
    return st;
}

double jh_listing_chance(const jh_listed *list, size_t count, uint64_t segment, uint32_t row)
{
    const jh_listed wanted = {.segment = segment, .row = row};
    const jh_listed *found = bsearch(&wanted, list, count, sizeof *list, order_by_place);

    return found == NULL ? 0.0 : found->chance;
}
