#include "ingest/loader.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/hash.h"

static jihe_status init_columns(jh_loader *loader, jihe_error *err)
{
    const jh_schema *schema = &loader->config->schema;
    jihe_status st = JIHE_OK;

    loader->cells = calloc(schema->count, sizeof *loader->cells);
    loader->quick = calloc(schema->count, sizeof *loader->quick);
    loader->words = calloc(schema->count, sizeof *loader->words);
    if (loader->cells == NULL || loader->quick == NULL || loader->words == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "preparing the columns");
    for (size_t i = 0; i < schema->count && st == JIHE_OK; i++)
        if ((st = jh_words_init(&loader->words[i], err)) == JIHE_OK)
            st = jh_quick_init(&loader->quick[i], &schema->columns[i], loader->config, err);
    return st;
}

jihe_status jh_loader_init(jh_loader *loader, const jh_workspace_config *config, uint32_t source, bool split,
                           int32_t date, jihe_error *err)
{
    jihe_status st;

    *loader = (jh_loader){.config = config, .source = source, .split = split, .date = date};
    if ((st = jh_converter_init(&loader->converter, config, err)) != JIHE_OK ||
        (st = jh_csv_scanner_init(&loader->scanner, &config->csv, err)) != JIHE_OK)
        return st;
    return init_columns(loader, err);
}

void jh_loader_deinit(jh_loader *loader)
{
    const size_t columns = loader->config != NULL ? loader->config->schema.count : 0;

    for (size_t i = 0; i < columns; i++) {
        if (loader->words != NULL)
            jh_words_deinit(&loader->words[i]);
        if (loader->quick != NULL)
            jh_quick_deinit(&loader->quick[i]);
    }
    jh_converter_deinit(&loader->converter);
    jh_csv_scanner_deinit(&loader->scanner);
    jh_csv_index_deinit(&loader->index);
    free(loader->words);
    free(loader->quick);
    free(loader->cells);
    free(loader->first);
    free(loader->odd);
    free(loader->spans);
    *loader = (jh_loader){0};
}

/* Is this a record the columns can be taken from? */
static bool check_shape(const jh_record *record, const jh_binding *binding, jh_reject *why)
{
    if (record->bad != NULL) {
        why->line = record->bad_line;
        why->column = record->bad_column;
        jh_reject_say(why, record->bad_code, "%s", record->bad);
        return false;
    }
    if (record->count == binding->fields)
        return true;
    jh_reject_at(why, &record->fields[record->count < binding->fields ? record->count - 1 : binding->fields]);
    jh_reject_say(why, "field-count", "%zu field%s, the header has %zu", record->count, record->count == 1 ? "" : "s",
                  binding->fields);
    return false;
}

/* Is the business date one that is wanted? */
static bool check_date(const jh_loader *loader, jh_reject *why)
{
    const size_t column = loader->config->schema.business_date;
    char asked[16], found[16];

    if (column == SIZE_MAX)
        return true;
    if (!loader->cells[column].present) {
        jh_reject_say(why, "date-missing", "column '%s' needs a value here: it is the business date",
                      loader->config->schema.columns[column].name);
        return false;
    }
    if (loader->split || loader->cells[column].number == loader->date)
        return true;
    jh_days_text(loader->date, asked);
    jh_days_text((int32_t)loader->cells[column].number, found);
    jh_reject_say(why, "other-date", "the business date is %s, expected %s; ingest with a split, or leave the row out",
                  found, asked);
    return false;
}

/* The record's cells, or in `why` the first thing that is wrong with it. */
static bool convert(jh_loader *loader, const jh_binding *binding, const jh_record *record, jh_reject *why)
{
    if (!check_shape(record, binding, why) || !jh_convert_row(&loader->converter, binding, record, loader->cells, why))
        return false;
    if (check_date(loader, why))
        return true;
    jh_reject_at(why, jh_binding_field(binding, record, loader->config->schema.business_date, 0));
    return false;
}

/* The cell's text may lie in the reader or the converter, which are used again before the document is stored. */
static jihe_status place_piece(const jh_cell *cell, jh_parcel *parcel, jh_piece *out, jihe_error *err)
{
    const char *copy;

    *out = (jh_piece){0};
    if (!cell->present)
        return JIHE_OK;
    if ((copy = jh_arena_text(&parcel->arena, cell->len > 0 ? cell->text : "", cell->len)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a text of %u bytes", (unsigned)cell->len);
    *out = (jh_piece){copy, cell->len};
    return JIHE_OK;
}

static jihe_status place_cell(jh_loader *loader, size_t column, uint32_t row, jh_parcel *parcel, jihe_error *err)
{
    const jh_column *declared = &loader->config->schema.columns[column];
    const jh_cell *cell = &loader->cells[column];
    jh_batch_column *out = &parcel->batch.columns[column];
    jihe_status st = JIHE_OK;

    switch (declared->type) {
    case JH_ID:
    case JH_TEXT:
        return place_piece(cell, parcel, &out->pieces[row], err);
    case JH_CATEGORY:
        out->words[row] = JH_WORD_NONE;
        if (cell->present)
            st = jh_words_number(&loader->words[column], cell->text, cell->len, &out->words[row], err);
        return st == JIHE_OK ? st : jh_wrap(err, st, "column '%s'", declared->name);
    default:
        out->present[row] = cell->present;
        out->numbers[row] = cell->present ? cell->number : 0;
        return JIHE_OK;
    }
}

jihe_status jh_loader_place(jh_loader *loader, const jh_binding *binding, const jh_record *record, uint32_t row,
                            jh_parcel *parcel, bool *kept, jihe_error *err)
{
    const jh_schema *schema = &loader->config->schema;
    const jh_cell *id = &loader->cells[schema->id];
    jh_reject why = {.found = ""};
    jihe_status st = JIHE_OK;

    *kept = convert(loader, binding, record, &why);
    if (!*kept)
        return jh_parcel_refuse(parcel, &why, record->raw, record->raw_len, err);
    for (size_t i = 0; i < schema->count && st == JIHE_OK; i++)
        st = place_cell(loader, i, row, parcel, err);
    parcel->batch.hashes[row] = jh_hash64(id->text, id->len);
    return st;
}

/* What is to be said of the document should its id turn out to be taken. */
static jihe_status note_origin(const jh_loader *loader, const jh_binding *binding, const jh_record *record,
                               uint32_t row, jh_parcel *parcel, jihe_error *err)
{
    const jh_field *id = jh_binding_field(binding, record, loader->config->schema.id, 0);
    const size_t most = JH_REJECTS_ROW_BYTES + 4;
    const uint32_t len = (uint32_t)(record->raw_len < most ? record->raw_len : most);
    const char *raw = jh_arena_text(&parcel->arena, record->raw != NULL ? record->raw : "", len);

    if (raw == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a record of %zu bytes", record->raw_len);
    parcel->origins[row] = (jh_origin){raw, len, id->line, id->column, id->path};
    return JIHE_OK;
}

jihe_status jh_loader_record(jh_loader *loader, const jh_binding *binding, const jh_record *record, jh_parcel *parcel,
                             jihe_error *err)
{
    const uint32_t row = parcel->batch.rows;
    bool kept;
    jihe_status st;

    if (!jh_parcel_reserve_rows(parcel, row + 1))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %u documents", (unsigned)row + 1);
    parcel->batch.source = loader->source;
    parcel->batch.words = loader->words;
    st = jh_loader_place(loader, binding, record, row, parcel, &kept, err);
    if (st != JIHE_OK || !kept || (st = note_origin(loader, binding, record, row, parcel, err)) != JIHE_OK)
        return st;
    parcel->kept[parcel->kept_count++] = row;
    parcel->batch.rows++;
    return JIHE_OK;
}
