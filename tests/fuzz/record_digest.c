#include "record_digest.h"

#include <string.h>

#include "ingest/convert.h"
#include "ingest/source_int.h"

bool is_compressed(const void *bytes, size_t len)
{
    return jh_unzip_gzip.begins(bytes, len) || jh_unzip_zstd.begins(bytes, len);
}

void digest_record(fingerprint *print, const jh_record *record)
{
    digest_number(print, record->line);
    digest_text(print, record->bad);
    digest_bytes(print, record->raw, record->raw_len);
    if (record->bad != NULL) {
        digest_number(print, record->bad_line);
        digest_number(print, record->bad_column);
        digest_text(print, record->bad_code);
        return;
    }
    for (size_t i = 0; i < record->count; i++) {
        const jh_field *field = &record->fields[i];

        digest_bytes(print, field->text, field->text == NULL ? 0 : field->len);
        digest_number(print, field->line);
        digest_number(print, field->column);
        digest_number(print, field->plain);
        digest_number(print, field->list);
        digest_text(print, field->path);
    }
}

static void digest_cells(fingerprint *print, const jh_schema *schema, const jh_cell *cells)
{
    for (size_t i = 0; i < schema->count; i++) {
        digest_number(print, cells[i].present);
        if (cells[i].present && cells[i].text != NULL)
            digest_bytes(print, cells[i].text, cells[i].len);
        else if (cells[i].present)
            digest_number(print, (uint64_t)cells[i].number);
    }
}

static void digest_row(fingerprint *print, jh_converter *converter, const jh_binding *binding, const jh_record *record)
{
    const jh_schema *schema = &converter->config->schema;
    jh_cell cells[JH_MAX_COLUMNS] = {0};
    jh_reject why = {0};

    if (record->bad != NULL || record->count != binding->fields)
        return;
    if (jh_convert_row(converter, binding, record, cells, &why)) {
        digest_cells(print, schema, cells);
        return;
    }
    digest_text(print, why.reason);
    digest_bytes(print, why.found, why.found_len);
    digest_text(print, why.message);
}

fingerprint digest_extract(const jh_record_kind *kind, const void *bytes, size_t len, size_t block)
{
    const jh_workspace_config *config = given_workspace();
    jh_converter converter = {0};
    jh_reader *reader = NULL;
    jh_binding binding = {0};
    jihe_error err = {0};
    fingerprint print = {0};
    jh_record record;
    jihe_status st;

    must(jh_converter_init(&converter, config, &err) == JIHE_OK, "there is a converter");
    st = kind->open(&reader, &binding, as_file(bytes, len), config, block, &err);
    while (st == JIHE_OK && (st = kind->next(reader, &record, &err)) == JIHE_OK) {
        digest_record(&print, &record);
        digest_row(&print, &converter, &binding, &record);
    }
    must(st == JIHE_NOT_FOUND || st == JIHE_DATA, "an extract ends or is refused");
    digest_number(&print, (uint64_t)st);
    if (st == JIHE_DATA) {
        digest_number(&print, err.line);
        digest_number(&print, err.column);
        digest_text(&print, err.message);
    }
    kind->close(reader);
    jh_binding_deinit(&binding);
    jh_converter_deinit(&converter);
    return print;
}
