#include "snapshot/retally.h"

#include <inttypes.h>
#include <stdlib.h>

#include "snapshot/snapshot_int.h"

/* One tally counted again: per row of the stored one what the documents say. */
struct again {
    jh_figures stored;
    size_t column, type; /* type: SIZE_MAX when this is not a cross tally */
    uint32_t *first;     /* cross tally: by person code, where its pairs begin; one more for the end */
    uint64_t *documents;
    struct amounts {
        jh_i128 sum;
        uint64_t present;
    } * amounts; /* per row, one for each money column */
};

struct retally {
    const jh_snapshot *snapshot;
    struct again list[2 * JH_MAX_COLUMNS];
    size_t count;
    size_t money[JH_MAX_COLUMNS]; /* the money columns */
    uint32_t money_count;
    jh_col_view views[JH_MAX_COLUMNS]; /* of the segment at hand: categories and money */
};

static jihe_status differs(const struct retally *all, const struct again *again, const char *what, jihe_error *err)
{
    return jh_fail(err, JIHE_CORRUPT, "snapshot %s, column '%s': the tally%s %s", all->snapshot->places.name,
                   all->snapshot->schema.columns[again->column].name, again->type == SIZE_MAX ? "" : " by type", what);
}

/* Pairs rise, so that they can be searched. */
static jihe_status index_pairs(const struct retally *all, struct again *again, jihe_error *err)
{
    const uint32_t persons = all->snapshot->dicts[again->column].count;
    uint64_t before = 0;
    uint32_t next = 0; /* person code */

    again->first = calloc((size_t)persons + 1, sizeof *again->first);
    if (again->first == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to count tallies");
    for (uint32_t row = 0; row < again->stored.rows; row++) {
        const uint64_t person = (uint64_t)jh_col_number(again->stored.person, row);
        const uint64_t pair = person << 32 | (uint64_t)jh_col_number(again->stored.type, row);

        if (row != 0 && pair <= before)
            return differs(all, again, "is not in order", err);
        before = pair;
        while (next <= person)
            again->first[next++] = row;
    }
    while (next <= persons)
        again->first[next++] = again->stored.rows;
    return JIHE_OK;
}

static jihe_status add_tally(struct retally *all, const jh_figures *stored, size_t column, size_t type, jihe_error *err)
{
    struct again *again = &all->list[all->count];

    if (stored->figures == NULL)
        return JIHE_OK;
    *again = (struct again){.stored = *stored, .column = column, .type = type};
    again->documents = calloc((size_t)stored->rows + 1, sizeof *again->documents);
    again->amounts = calloc((size_t)stored->rows * stored->money + 1, sizeof *again->amounts);
    all->count++;
    if (again->documents == NULL || again->amounts == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to count tallies");
    return type == SIZE_MAX ? JIHE_OK : index_pairs(all, again, err);
}

static jihe_status prepare(struct retally *all, jihe_error *err)
{
    const jh_snapshot *snapshot = all->snapshot;
    const size_t type = jh_schema_role(&snapshot->schema, JH_ROLE_TYPE);
    jihe_status st = JIHE_OK;

    for (size_t c = 0; c < snapshot->schema.count && st == JIHE_OK; c++) {
        if (snapshot->schema.columns[c].type == JH_MONEY)
            all->money[all->money_count++] = c;
        if ((st = add_tally(all, &snapshot->tallies[c], c, SIZE_MAX, err)) == JIHE_OK)
            st = add_tally(all, &snapshot->crosses[c], c, type, err);
    }
    return st;
}

/* The row of a tally that a document counts in; false: none. */
static bool find_row(const struct retally *all, const struct again *again, uint32_t document, uint32_t *row)
{
    const uint32_t code = (uint32_t)jh_col_number(&all->views[again->column], document);
    uint32_t low, high;
    int64_t type;

    *row = code;
    if (again->type == SIZE_MAX)
        return true;
    type = jh_col_number(&all->views[again->type], document);
    low = again->first[code];
    high = again->first[code + 1];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (jh_col_number(again->stored.type, middle) < type)
            low = middle + 1;
        else
            high = middle;
    }
    *row = low;
    return low < again->first[code + 1] && jh_col_number(again->stored.type, low) == type;
}

static jihe_status count_document(const struct retally *all, struct again *again, uint32_t document, jihe_error *err)
{
    uint32_t row;

    if (!jh_col_present(&all->views[again->column], document) ||
        (again->type != SIZE_MAX && !jh_col_present(&all->views[again->type], document)))
        return JIHE_OK;
    if (!find_row(all, again, document, &row))
        return differs(all, again, "lacks a pair that a document has", err);
    again->documents[row]++;
    for (uint32_t m = 0; m < again->stored.money; m++) {
        const jh_col_view *amounts = &all->views[all->money[m]];
        struct amounts *to = &again->amounts[(size_t)row * again->stored.money + m];

        if (!jh_col_present(amounts, document))
            continue;
        to->present++;
        to->sum += jh_col_number(amounts, document);
    }
    return JIHE_OK;
}

static jihe_status count_segment(struct retally *all, uint32_t segment, jihe_error *err)
{
    const jh_schema *schema = &all->snapshot->schema;
    const uint32_t rows = jh_snapshot_segment_rows(all->snapshot, segment);
    jihe_status st = JIHE_OK;

    for (size_t c = 0; c < schema->count && st == JIHE_OK; c++)
        if (schema->columns[c].type == JH_CATEGORY || schema->columns[c].type == JH_MONEY)
            st = jh_snapshot_column(all->snapshot, segment, c, NULL, &all->views[c], err);
    for (size_t i = 0; i < all->count && st == JIHE_OK; i++)
        for (uint32_t row = 0; row < rows && st == JIHE_OK; row++)
            st = count_document(all, &all->list[i], row, err);
    return st;
}

static jihe_status compare(const struct retally *all, const struct again *again, jihe_error *err)
{
    const jh_figures *stored = &again->stored;

    for (uint32_t row = 0; row < stored->rows; row++) {
        if (again->documents[row] != jh_figures_documents(stored, row) || again->documents[row] == 0)
            return differs(all, again, "is not the number of documents", err);
        for (uint32_t m = 0; m < stored->money; m++) {
            const struct amounts *amounts = &again->amounts[(size_t)row * stored->money + m];

            if (amounts->present != jh_figures_present(stored, m, row) ||
                amounts->sum != jh_figures_sum(stored, m, row))
                return differs(all, again, "is not the sum of the documents' amounts", err);
        }
    }
    return JIHE_OK;
}

jihe_status jh_retally(const jh_snapshot *snapshot, jihe_error *err)
{
    struct retally *all = calloc(1, sizeof *all);
    jihe_status st;

    if (all == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to count tallies");
    all->snapshot = snapshot;
    st = prepare(all, err);
    for (uint32_t segment = 0; segment < snapshot->manifest.segments && st == JIHE_OK; segment++)
        st = count_segment(all, segment, err);
    for (size_t i = 0; i < all->count && st == JIHE_OK; i++)
        st = compare(all, &all->list[i], err);
    for (size_t i = 0; i < all->count; i++) {
        free(all->list[i].first);
        free(all->list[i].documents);
        free(all->list[i].amounts);
    }
    free(all);
    return st;
}
