#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "base/sort_u64.h"
#include "base/text.h"
#include "rule/alike_int.h"

/* From the fingerprints of some partitions to groups of equal values. */

/* Room for so many numbers of 8 bytes. */
static uint64_t *room_for(jh_buf *buf, size_t count)
{
    jh_buf_clear(buf);
    return jh_buf_reserve(buf, (count + 1) * sizeof(uint64_t)) ? (uint64_t *)(void *)buf->bytes : NULL;
}

static uint64_t print_of(const jh_alike *alike, uint64_t record)
{
    return record >> alike->document_bits;
}

static uint32_t document_of(const jh_alike *alike, uint64_t record)
{
    return (uint32_t)(record & ((UINT64_C(1) << alike->document_bits) - 1));
}

/* Leaves out most records whose fingerprint occurs once: by its highest bits, in a table of 2 to the power of `bits`
 * times two bits, "occurred" and "occurred again", 64 of each after the other. Returns how many stay. */
static size_t drop_lonely(uint64_t *records, size_t count, uint64_t *filter, uint32_t bits)
{
    size_t kept = 0;

    memset(filter, 0, (size_t)2 << bits >> 3);
    for (size_t i = 0; i < count; i++) {
        const size_t at = (size_t)(records[i] >> (64 - bits));
        uint64_t *pair = filter + at / 64 * 2;
        const uint64_t bit = UINT64_C(1) << (at % 64);

        pair[1] |= pair[0] & bit;
        pair[0] |= bit;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t at = (size_t)(records[i] >> (64 - bits));

        records[kept] = records[i];
        kept += filter[at / 64 * 2 + 1] >> (at % 64) & 1;
    }
    return kept;
}

/* Of sorted records those that share their fingerprint with a neighbour. */
static size_t keep_met(const jh_alike *alike, uint64_t *records, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && print_of(alike, records[end]) == print_of(alike, records[i]); end++)
            ;
        if (end - i < 2)
            continue;
        memmove(records + kept, records + i, (end - i) * sizeof *records);
        kept += end - i;
    }
    return kept;
}

static jihe_status find_met(void *context, uint32_t worker_number, uint64_t index, jihe_error *err)
{
    jh_alike *alike = context;
    jh_alike_worker *worker = &alike->workers[worker_number];
    jh_alike_found *found = &alike->found[index];
    const uint32_t partition = alike->first + (uint32_t)index;
    size_t count = jh_spread_count(&alike->spread, partition);
    uint32_t bits = 6;

    if (count < 2)
        return JIHE_OK;
    while (bits < 32 && count * 8 >> bits > 0)
        bits++;
    uint64_t *records = room_for(&worker->records, count), *filter = room_for(&worker->filter, (size_t)2 << bits >> 6);

    if (records == NULL || filter == NULL)
        return jh_alike_no_memory(alike, err);
    jh_spread_get(&alike->spread, partition, records);
    count = drop_lonely(records, count, filter, bits);
    uint64_t *spare = room_for(&worker->spare, count);

    if (spare == NULL)
        return jh_alike_no_memory(alike, err);
    jh_sort_u64(records, spare, count);
    if ((count = keep_met(alike, records, count)) == 0)
        return JIHE_OK;
    if ((found->records = malloc(count * sizeof *records)) == NULL)
        return jh_alike_no_memory(alike, err);
    memcpy(found->records, records, count * sizeof *records);
    found->count = count;
    return JIHE_OK;
}

static jihe_status mark(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const jh_alike *alike = context;
    const jh_alike_found *found = &alike->found[index];

    (void)worker, (void)err;
    for (size_t i = 0; i < found->count; i++) {
        const uint32_t document = document_of(alike, found->records[i]);

        __atomic_fetch_or(&alike->marks[document / 64], UINT64_C(1) << (document % 64), __ATOMIC_RELAXED);
    }
    return JIHE_OK;
}

/* Where a marked document stands among all marked ones. */
static uint32_t rank_of(const jh_alike *alike, uint32_t document)
{
    const uint64_t before = alike->marks[document / 64] & ((UINT64_C(1) << (document % 64)) - 1);

    return alike->ranks[document / 64] + (uint32_t)__builtin_popcountll(before);
}

static jihe_status assign_slots(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const jh_alike *alike = context;
    const jh_alike_found *found = &alike->found[index];

    (void)worker, (void)err;
    for (size_t i = 0; i < found->count; i++)
        alike->slots[rank_of(alike, document_of(alike, found->records[i]))] = (uint32_t)(found->slot + i);
    return JIHE_OK;
}

/* A text is put beside those of the worker; its cell says where. */
static jihe_status collect_text(jh_alike *alike, uint32_t worker_number, size_t column, uint32_t row, uint64_t *cell,
                                jihe_error *err)
{
    jh_alike_worker *worker = &alike->workers[worker_number];
    const char *bytes;
    uint32_t len;
    const jihe_status st = jh_same_bytes(&worker->look, column, row, &bytes, &len, err);

    if (st != JIHE_OK)
        return st;
    *cell = (uint64_t)worker_number << 40 | worker->texts.len;
    jh_buf_put(&worker->texts, &len, sizeof len);
    jh_buf_put(&worker->texts, bytes, len);
    return worker->texts.failed ? jh_alike_no_memory(alike, err) : JIHE_OK;
}

static jihe_status collect_column(jh_alike *alike, uint32_t worker_number, const jh_pass_segment *at, size_t column,
                                  jihe_error *err)
{
    const jh_same_look *look = &alike->workers[worker_number].look;
    const bool text = alike->same.kinds[column] == JH_SAME_BYTES;
    jihe_status st = JIHE_OK;

    for (uint32_t w = 0; w < jh_bits_words(at->rows); w++) {
        const uint32_t *slot = alike->slots + alike->ranks[at->word + w];

        for (uint64_t left = alike->marks[at->word + w]; left != 0; left &= left - 1) {
            const uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
            uint64_t *cell = alike->cells + (size_t)*slot++ * alike->width + column;

            if (!text)
                *cell = jh_same_word(look, column, row);
            else if ((st = collect_text(alike, worker_number, column, row, cell, err)) != JIHE_OK)
                return st;
        }
    }
    return JIHE_OK;
}

/* The values of the marked documents of a segment. */
static jihe_status collect(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    jh_alike *alike = context;
    const jh_pass_segment *at = &alike->in->pass->segments[index];
    const size_t words = jh_bits_words(at->rows);
    size_t w = 0;

    while (w < words && alike->marks[at->word + w] == 0)
        w++;
    if (w == words)
        return JIHE_OK;
    jihe_status st = jh_same_look_at(&alike->workers[worker].look, &alike->same, at->part, at->segment, false, err);

    for (size_t c = alike->packing.exact ? alike->in->key_count : 0; st == JIHE_OK && c < alike->width; c++)
        st = collect_column(alike, worker, at, c, err);
    return st;
}

static int compare_texts(const jh_alike *alike, uint64_t a, uint64_t b)
{
    const uint8_t *x = alike->workers[a >> 40].texts.bytes + (a & ((UINT64_C(1) << 40) - 1));
    const uint8_t *y = alike->workers[b >> 40].texts.bytes + (b & ((UINT64_C(1) << 40) - 1));
    uint32_t x_len, y_len;

    memcpy(&x_len, x, sizeof x_len);
    memcpy(&y_len, y, sizeof y_len);
    return jh_text_compare((const char *)x + sizeof x_len, x_len, (const char *)y + sizeof y_len, y_len);
}

/* The key columns of two slots. */
static int compare_cells(const jh_alike *alike, size_t slot, size_t other)
{
    const uint64_t *x = alike->cells + slot * alike->width, *y = alike->cells + other * alike->width;

    for (size_t c = 0; c < alike->in->key_count; c++) {
        const int order =
            alike->same.kinds[c] == JH_SAME_BYTES ? compare_texts(alike, x[c], y[c]) : (x[c] > y[c]) - (x[c] < y[c]);

        if (order != 0)
            return order;
    }
    return 0;
}

static int order_slots(const void *a, const void *b, void *context)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    const int order = compare_cells(context, (size_t)x, (size_t)y);

    return order != 0 ? order : (x > y) - (x < y);
}

/* `order`: slots of documents with the same values, rising. */
static jihe_status visit_group(const jh_alike *alike, const jh_alike_found *found, uint32_t worker_number,
                               const uint64_t *order, size_t count, jihe_error *err)
{
    jh_alike_worker *worker = &alike->workers[worker_number];
    const size_t values = alike->in->value_count;
    uint64_t *const numbers = room_for(&worker->documents, count), *const figures =
                                                                       room_for(&worker->values, count * values);
    uint32_t *documents = (uint32_t *)(void *)numbers;

    if (numbers == NULL || figures == NULL)
        return jh_alike_no_memory(alike, err);
    for (size_t i = 0; i < count; i++) {
        documents[i] = document_of(alike, found->records[order[i] - found->slot]);
        for (size_t v = 0; v < values; v++)
            figures[i * values + v] = alike->cells[order[i] * alike->width + alike->in->key_count + v];
    }
    const jh_alike_group group = {
        .documents = documents, .values = (const int64_t *)(const void *)figures, .count = count};

    return alike->visit(alike->context, worker_number, &group, err);
}

/* Documents of one fingerprint: nearly always of the same values; else they are put in order first. */
static jihe_status visit_print(const jh_alike *alike, const jh_alike_found *found, uint32_t worker, size_t first,
                               size_t count, jihe_error *err)
{
    uint64_t *order = room_for(&alike->workers[worker].order, count);
    jihe_status st = JIHE_OK;
    bool same = true;

    if (order == NULL)
        return jh_alike_no_memory(alike, err);
    for (size_t i = 0; i < count; i++) {
        order[i] = found->slot + first + i;
        same = same && (alike->packing.exact || compare_cells(alike, order[0], order[i]) == 0);
    }
    if (!same)
        qsort_r(order, count, sizeof *order, order_slots, (void *)(uintptr_t)alike);
    for (size_t i = 0, end; st == JIHE_OK && i < count; i = end) {
        end = same ? count : i + 1;
        while (!same && end < count && compare_cells(alike, order[i], order[end]) == 0)
            end++;
        if (end - i >= 2)
            st = visit_group(alike, found, worker, order + i, end - i, err);
    }
    return st;
}

static jihe_status visit_partition(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const jh_alike *alike = context;
    const jh_alike_found *found = &alike->found[index];
    jihe_status st = JIHE_OK;

    for (size_t i = 0, end; st == JIHE_OK && i < found->count; i = end) {
        for (end = i + 1;
             end < found->count && print_of(alike, found->records[end]) == print_of(alike, found->records[i]); end++)
            ;
        st = visit_print(alike, found, worker, i, end - i, err);
    }
    return st;
}

/* How many documents are marked, with their ranks. */
static void rank(jh_alike *alike)
{
    uint32_t documents = 0;

    for (size_t w = 0; w < alike->words; w++) {
        alike->ranks[w] = documents;
        documents += (uint32_t)__builtin_popcountll(alike->marks[w]);
    }
}

static jihe_status visit_found(jh_alike *alike, uint64_t partitions, size_t slots, jihe_error *err)
{
    const uint32_t threads = alike->in->threads;
    jihe_status st;

    if (alike->packing.exact && alike->in->value_count == 0)
        return jh_parallel(threads, partitions, visit_partition, alike, err);

    for (uint32_t t = 0; t < threads; t++)
        jh_buf_clear(&alike->workers[t].texts);
    memset(alike->marks, 0, alike->words * sizeof *alike->marks);
    alike->slots = malloc((slots + 1) * sizeof *alike->slots);
    alike->cells = malloc((slots + 1) * alike->width * sizeof *alike->cells);
    if (alike->slots == NULL || alike->cells == NULL)
        st = jh_alike_no_memory(alike, err);
    else if ((st = jh_parallel(threads, partitions, mark, alike, err)) == JIHE_OK) {
        rank(alike);
        if ((st = jh_parallel(threads, partitions, assign_slots, alike, err)) == JIHE_OK &&
            (st = jh_parallel(threads, alike->in->pass->segment_count, collect, alike, err)) == JIHE_OK)
            st = jh_parallel(threads, partitions, visit_partition, alike, err);
    }
    free(alike->slots);
    free(alike->cells);
    alike->slots = NULL;
    alike->cells = NULL;
    return st;
}

jihe_status jh_alike_batch(jh_alike *alike, uint32_t first, uint32_t last, jihe_error *err)
{
    const uint64_t partitions = last - first;
    size_t slots = 0;
    jihe_status st;

    alike->first = first;
    if ((alike->found = calloc(partitions, sizeof *alike->found)) == NULL)
        return jh_alike_no_memory(alike, err);
    st = jh_parallel(alike->in->threads, partitions, find_met, alike, err);
    for (uint64_t p = 0; p < partitions; p++) {
        alike->found[p].slot = slots;
        slots += alike->found[p].count;
    }
    if (st == JIHE_OK && slots > 0)
        st = visit_found(alike, partitions, slots, err);
    for (uint64_t p = 0; p < partitions; p++)
        free(alike->found[p].records);
    free(alike->found);
    alike->found = NULL;
    return st;
}
