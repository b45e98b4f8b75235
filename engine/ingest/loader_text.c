#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/csv.h"
#include "ingest/loader.h"

/* Parcels of CSV. The quick way reads all records at once, column by column; a record with anything odd about it is
 * read again by itself, and text that the index cannot express is read record by record from beginning to end. */

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "no memory to read a part of the extract");
}

static uint64_t count_lines(const char *text, size_t len)
{
    uint64_t lines = 0;

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines;
}

/* One record of the text, wherever it stands in it. */
static jihe_status take_record(jh_loader *loader, const jh_binding *binding, const jh_record *record, uint32_t row,
                               jh_parcel *parcel, jihe_error *err)
{
    bool kept;
    jihe_status st = jh_loader_place(loader, binding, record, row, parcel, &kept, err);

    if (st != JIHE_OK || !kept)
        return st;
    parcel->origins[row] = (jh_origin){.raw = record->raw, .raw_len = (uint32_t)record->raw_len};
    parcel->kept[parcel->kept_count++] = row;
    return JIHE_OK;
}

/* --- record by record ----------------------------------------------------------------------------------------- */

/* The record at parcel->used, if it is whole. *more is false at the end of what can be read. */
static jihe_status read_next(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, const char *name,
                             uint64_t *line, bool *more, jihe_error *err)
{
    const size_t held = parcel->len - parcel->used;
    const size_t len = held < JH_CSV_MAX_RECORD ? held : JH_CSV_MAX_RECORD;
    const char *at = parcel->text + parcel->used;
    uint64_t next;
    size_t used;
    jh_record record;
    jh_csv_found found;

    *more = false;
    if (held == 0)
        return JIHE_OK;
    found = jh_csv_scan(&loader->scanner, at, len, parcel->ends && len == held, *line, &record, &used, &next);
    if (found == JH_CSV_UNFINISHED && len < JH_CSV_MAX_RECORD)
        return JIHE_OK;
    if (found != JH_CSV_RECORD)
        return jh_csv_give_up(&loader->scanner, found, name, *line, err);
    if (jh_csv_is_footer(&loader->config->csv, &record)) {
        parcel->closed = true;
        return JIHE_OK;
    }
    if (!jh_parcel_reserve_rows(parcel, parcel->batch.rows + 1))
        return no_memory(err);
    parcel->used += used;
    *line = next;
    *more = true;
    return take_record(loader, binding, &record, parcel->batch.rows++, parcel, err);
}

static jihe_status read_records(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, const char *name,
                                jihe_error *err)
{
    uint64_t line = 1;
    bool more = true;
    jihe_status st = JIHE_OK;

    while (more && st == JIHE_OK) {
        parcel->used += jh_csv_empty_lines(parcel->text + parcel->used, parcel->len - parcel->used, &line);
        st = read_next(loader, binding, parcel, name, &line, &more, err);
    }
    parcel->lines = line - 1;
    return st;
}

/* --- all at once ---------------------------------------------------------------------------------------------- */

static bool reserve(jh_loader *loader, jh_parcel *parcel, uint32_t rows)
{
    uint32_t *first;
    uint8_t *odd;
    jh_span *spans;

    if (!jh_parcel_reserve_rows(parcel, rows))
        return false;
    if (rows <= loader->room)
        return true;
    if ((first = realloc(loader->first, rows * sizeof *first)) == NULL)
        return false;
    loader->first = first;
    if ((odd = realloc(loader->odd, rows * sizeof *odd)) == NULL)
        return false;
    loader->odd = odd;
    if ((spans = realloc(loader->spans, rows * sizeof *spans)) == NULL)
        return false;
    loader->spans = spans;
    loader->room = rows;
    return true;
}

/* The record without its line end. */
static jh_span span_of(const jh_csv_index *index, size_t row, const char *text)
{
    const uint32_t first = index->rows[row], end = index->ends[index->rows[row + 1] - 1];
    const uint32_t start = first == 0 ? 0 : index->ends[first - 1] + 1;

    return (jh_span){start, end - start - (end > start && text[end - 1] == '\r')};
}

/* Only a row that holds the footer's text somewhere is worth a scan, unless quotes in it may be written doubled. */
static bool is_footer(jh_loader *loader, const char *text, size_t len)
{
    const jh_csv_dialect *dialect = &loader->config->csv;
    jh_record record;
    uint64_t next;
    size_t used;

    if (dialect->footer == NULL || (strchr(dialect->footer, dialect->quote) == NULL &&
                                    memmem(text, len, dialect->footer, strlen(dialect->footer)) == NULL))
        return false;
    return jh_csv_scan(&loader->scanner, text, len, true, 1, &record, &used, &next) == JH_CSV_RECORD &&
           jh_csv_is_footer(dialect, &record);
}

/* The rows up to the footer, without the empty lines. Those with another number of fields than the header has are odd:
 * they get the parcel's first fields, so that there is something to look at. */
static void list_rows(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel)
{
    const jh_csv_index *index = &loader->index;
    uint32_t rows = 0;

    for (size_t i = 0; i < index->row_count && !parcel->closed; i++) {
        const uint32_t first = index->rows[i], count = index->rows[i + 1] - first;
        const jh_span span = span_of(index, i, parcel->text);

        if (span.len == 0)
            continue;
        if ((parcel->closed = is_footer(loader, parcel->text + span.at, span.len))) {
            parcel->used = span.at;
            break;
        }
        loader->spans[rows] = span;
        loader->odd[rows] = count != binding->fields;
        loader->first[rows++] = count == binding->fields ? first : 0;
    }
    parcel->batch.rows = rows;
}

static void check_dates(const jh_loader *loader, const jh_parcel *parcel)
{
    const size_t column = loader->config->schema.business_date;
    const jh_batch_column *dates;

    if (column == SIZE_MAX)
        return;
    dates = &parcel->batch.columns[column];
    for (uint32_t row = 0; row < parcel->batch.rows; row++)
        loader->odd[row] |= dates->present[row] == 0 || (!loader->split && dates->numbers[row] != loader->date);
}

/* Rows whose text, and where its fields end, stay in the nearest cache while all columns are read of them. */
enum { ROWS_AT_ONCE = 128 };

/* The batch's column from a row on. */
static jh_batch_column column_from(const jh_batch_column *column, uint32_t row)
{
    return (jh_batch_column){.numbers = column->numbers != NULL ? column->numbers + row : NULL,
                             .present = column->present != NULL ? column->present + row : NULL,
                             .words = column->words != NULL ? column->words + row : NULL,
                             .pieces = column->pieces != NULL ? column->pieces + row : NULL};
}

static jihe_status read_rows(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, uint32_t from,
                             uint32_t rows, bool may_be_private, jihe_error *err)
{
    const jh_schema *schema = &loader->config->schema;
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < schema->count && st == JIHE_OK; i++) {
        const uint32_t at = binding->at[binding->first[i]];
        jh_batch_column out = column_from(&parcel->batch.columns[i], from);
        const jh_quick_fields fields = {.text = parcel->text,
                                        .ends = loader->index.ends,
                                        .first = loader->first + from,
                                        .rows = rows,
                                        .at = at,
                                        .last = at + 1 == binding->fields,
                                        .sources = binding->at + binding->first[i],
                                        .field_count = (uint32_t)binding->fields,
                                        .quote = loader->config->csv.quote,
                                        .may_be_private = may_be_private,
                                        .arena = &parcel->arena};

        st = jh_quick_read(&loader->quick[i], &fields, &loader->words[i], &out, parcel->batch.hashes + from,
                           loader->odd + from, err);
    }
    return st;
}

static jihe_status read_columns(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, bool may_be_private,
                                jihe_error *err)
{
    const uint32_t rows = parcel->batch.rows;
    jihe_status st = JIHE_OK;

    for (uint32_t from = 0; from < rows && st == JIHE_OK; from += ROWS_AT_ONCE)
        st = read_rows(loader, binding, parcel, from, rows - from < ROWS_AT_ONCE ? rows - from : ROWS_AT_ONCE,
                       may_be_private, err);
    if (st == JIHE_OK)
        check_dates(loader, parcel);
    return st;
}

/* Where the search for a row's line has come to: rows are asked for in order. */
typedef struct here {
    const char *at;
    uint64_t line;
} here;

static jihe_status read_again(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, uint32_t row,
                              const char *start, size_t len, here *place, jihe_error *err)
{
    jh_record record;
    uint64_t next;
    size_t used;

    place->line += count_lines(place->at, (size_t)(start - place->at));
    place->at = start;
    if (jh_csv_scan(&loader->scanner, start, len, true, place->line, &record, &used, &next) != JH_CSV_RECORD)
        return jh_fail(err, JIHE_BUG, "a record of %zu bytes reads differently the second time", len);
    return take_record(loader, binding, &record, row, parcel, err);
}

/* Documents in order: those the quick way has read, and the odd ones. */
static jihe_status settle_rows(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, jihe_error *err)
{
    here place = {parcel->text, 1};
    jihe_status st = JIHE_OK;

    for (uint32_t row = 0; row < parcel->batch.rows && st == JIHE_OK; row++) {
        const char *start = parcel->text + loader->spans[row].at;
        const uint32_t len = loader->spans[row].len;

        if (loader->odd[row] != 0) {
            st = read_again(loader, binding, parcel, row, start, len, &place, err);
            continue;
        }
        parcel->origins[row] = (jh_origin){.raw = start, .raw_len = len};
        parcel->kept[parcel->kept_count++] = row;
    }
    return st;
}

static jihe_status read_at_once(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, bool may_be_private,
                                jihe_error *err)
{
    jihe_status st = JIHE_OK;

    if (!reserve(loader, parcel, (uint32_t)loader->index.row_count))
        return no_memory(err);
    parcel->used = parcel->len;
    list_rows(loader, binding, parcel);
    if (parcel->closed)
        parcel->lines = count_lines(parcel->text, parcel->used);
    else /* make_index may have added one */
        parcel->lines = loader->index.lines - (parcel->text[parcel->len - 1] != '\n');
    if (loader->index.end_count >= binding->fields) /* otherwise all rows are odd */
        st = read_columns(loader, binding, parcel, may_be_private, err);
    return st == JIHE_OK ? settle_rows(loader, binding, parcel, err) : st;
}

/* --- a parcel ------------------------------------------------------------------------------------------------- */

/* A last record without a line end gets one, behind the text: the index knows records by their ends. */
static jh_csv_indexed make_index(jh_loader *loader, jh_parcel *parcel)
{
    size_t len = parcel->len;

    if (len > 0 && parcel->ends && parcel->text[len - 1] != '\n' && parcel->text[len - 1] != '\r')
        parcel->text[len++] = '\n';
    return jh_csv_index_make(&loader->index, parcel->text, len, &loader->config->csv);
}

static jihe_status read_text(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, const char *name,
                             jihe_error *err)
{
    const unsigned look = jh_utf8_look(parcel->text, parcel->len);
    const bool may_be_private = (look & JH_UTF8_PRIVATE) != 0 && !loader->config->private_use;

    /* A longer parcel holds a huge record: its index could be many times as long, and a field of it too long. */
    if ((look & JH_UTF8_INVALID) != 0 || parcel->len > JH_PARCEL_TEXT)
        return read_records(loader, binding, parcel, name, err);
    switch (make_index(loader, parcel)) {
    case JH_CSV_INDEXED:
        return read_at_once(loader, binding, parcel, may_be_private, err);
    case JH_CSV_INDEX_NO_MEMORY:
        return no_memory(err);
    default:
        return read_records(loader, binding, parcel, name, err);
    }
}

void jh_loader_text(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, const char *name)
{
    jihe_error error = {0};
    jihe_status st = JIHE_OK;

    parcel->batch.source = loader->source;
    parcel->batch.words = loader->words;
    if (parcel->len > 0)
        st = read_text(loader, binding, parcel, name, &error);
    if (st == JIHE_OK)
        return;
    parcel->status = st;
    parcel->error = error;
}
