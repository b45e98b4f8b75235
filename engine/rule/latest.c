#include "rule/latest.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/num.h"
#include "base/parallel.h"

/* One worker's table of the documents seen so far of one range. A slot is 0 when free, else from the top: number of the
 * segment in the pass + 1 (32 bits), row (16 bits), the lowest 16 bits of the hash. */
struct table {
    uint64_t *slots;
    size_t room;          /* slots there is memory for */
    size_t mask;          /* slots in use - 1, twice the documents or more */
    jh_col_room rooms[2]; /* two ids that are compared */
};

struct search {
    jh_pass *pass;
    struct table *tables; /* per worker */
    uint64_t ranges;
};

_Static_assert(JH_SEGMENT_ROWS == 1 << 16, "a row takes 16 bits of a slot");

static void table_deinit(struct table *table)
{
    free(table->slots);
    jh_col_room_deinit(&table->rooms[0]);
    jh_col_room_deinit(&table->rooms[1]);
}

static jihe_status hashes_of(const jh_pass *pass, uint64_t segment, const uint64_t **hashes, jihe_error *err)
{
    const jh_pass_segment *at = &pass->segments[segment];

    return jh_snapshot_id_hash(pass->parts[at->part], at->segment, hashes, err);
}

/* Is the slot's document this one? Their hashes agree in 16 bits. */
static jihe_status is_same(const jh_pass *pass, struct table *table, uint64_t slot, uint64_t hash, uint64_t segment,
                           uint32_t row, bool *same, jihe_error *err)
{
    const uint64_t other = (slot >> 32) - 1;
    const uint32_t other_row = (uint32_t)(slot >> 16) & 0xffff;
    const char *ids[2] = {NULL, NULL};
    uint32_t lens[2] = {0, 0};
    const uint64_t *hashes;
    jihe_status st = hashes_of(pass, other, &hashes, err);

    *same = st == JIHE_OK && hashes[other_row] == hash;
    if (!*same)
        return st;
    if ((st = jh_pass_id(pass, other, other_row, &table->rooms[0], &ids[0], &lens[0], err)) != JIHE_OK ||
        (st = jh_pass_id(pass, segment, row, &table->rooms[1], &ids[1], &lens[1], err)) != JIHE_OK)
        return st;
    *same = lens[0] == lens[1] && memcmp(ids[0], ids[1], lens[0]) == 0;
    return JIHE_OK;
}

/* Documents come from the last snapshot to the first: the first one of an id is its latest version. */
static jihe_status take(const jh_pass *pass, struct table *table, uint64_t hash, uint64_t segment, uint32_t row,
                        jihe_error *err)
{
    size_t at = (size_t)(hash >> 16) & table->mask; /* the highest bits chose the range, the lowest are in the slot */

    for (; table->slots[at] != 0; at = (at + 1) & table->mask) {
        bool same = false;
        jihe_status st = JIHE_OK;

        if (((table->slots[at] ^ hash) & 0xffff) == 0)
            st = is_same(pass, table, table->slots[at], hash, segment, row, &same, err);
        if (st != JIHE_OK)
            return st;
        if (same) { /* workers share words: the rows of a segment belong to many ranges */
            __atomic_fetch_or(&pass->superseded[pass->segments[segment].word + row / 64], UINT64_C(1) << (row % 64),
                              __ATOMIC_RELAXED);
            return JIHE_OK;
        }
    }
    table->slots[at] = (segment + 1) << 32 | (uint64_t)row << 16 | (hash & 0xffff);
    return JIHE_OK;
}

/* An empty table for so many documents. */
static jihe_status prepare(struct table *table, uint64_t documents, jihe_error *err)
{
    size_t slots = 64;

    while (slots < documents * 2)
        slots *= 2;
    if (slots > table->room) {
        free(table->slots);
        table->slots = malloc(slots * sizeof *table->slots);
        table->room = table->slots == NULL ? 0 : slots;
    }
    if (table->slots == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding the latest versions of %llu documents",
                       (unsigned long long)documents);
    memset(table->slots, 0, slots * sizeof *table->slots);
    table->mask = slots - 1;
    return JIHE_OK;
}

/* Hashes from `first` to `first + span`. */
static jihe_status count_range(const jh_pass *pass, uint64_t first, uint64_t span, uint64_t *documents, jihe_error *err)
{
    *documents = 0;
    for (uint64_t s = 0; s < pass->segment_count; s++) {
        const uint64_t *hashes;
        const jihe_status st = hashes_of(pass, s, &hashes, err);

        if (st != JIHE_OK)
            return st;
        for (uint32_t row = 0; row < pass->segments[s].rows; row++)
            *documents += hashes[row] - first <= span;
    }
    return JIHE_OK;
}

static jihe_status search_range(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct search *search = context;
    const jh_pass *pass = search->pass;
    struct table *table = &search->tables[worker];
    const jh_u128 all = (jh_u128)1 << 64;
    const uint64_t first = (uint64_t)(all * index / search->ranges);
    const uint64_t span = (uint64_t)(all * (index + 1) / search->ranges - 1 - first);
    uint64_t documents;
    jihe_status st = count_range(pass, first, span, &documents, err);

    if (st == JIHE_OK)
        st = prepare(table, documents, err);
    for (uint64_t s = pass->segment_count; st == JIHE_OK && s-- > 0;) {
        const uint64_t *hashes;

        if ((st = hashes_of(pass, s, &hashes, err)) != JIHE_OK)
            break;
        for (uint32_t row = 0; st == JIHE_OK && row < pass->segments[s].rows; row++)
            if (hashes[row] - first <= span)
                st = take(pass, table, hashes[row], s, row, err);
    }
    return st;
}

jihe_status jh_latest_find(jh_pass *pass, uint64_t tables, uint32_t threads, jihe_error *err)
{
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];
    const size_t words = last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
    struct search search = {.pass = pass};
    uint64_t documents = 0;

    if (pass->part_count < 2)
        return JIHE_OK;
    if (pass->segment_count >= UINT32_MAX)
        return jh_fail(err, JIHE_USAGE, "%llu segments in one run; run a shorter period",
                       (unsigned long long)pass->segment_count);
    for (uint64_t s = 0; s < pass->segment_count; s++)
        documents += pass->segments[s].rows;
    const uint64_t each = tables / threads == 0 ? 1 : tables / threads;

    search.ranges = documents / each + 1;
    search.tables = calloc(threads, sizeof *search.tables);
    pass->superseded = calloc(words + 1, sizeof *pass->superseded);
    const jihe_status st = search.tables == NULL || pass->superseded == NULL
                               ? jh_fail(err, JIHE_NO_MEMORY, "finding the latest versions of %llu documents",
                                         (unsigned long long)documents)
                               : jh_parallel(threads, search.ranges, search_range, &search, err);

    for (uint32_t t = 0; search.tables != NULL && t < threads; t++)
        table_deinit(&search.tables[t]);
    free(search.tables);
    if (st == JIHE_OK)
        pass->superseded_count = jh_bits_count(pass->superseded, words * 64);
    return st;
}
