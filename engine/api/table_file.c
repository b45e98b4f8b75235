#include "api/table_file.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

/* Which encoding the file is in, and its digest. */
static jihe_status look(const char *path, jh_encoding *encoding, char sha256[65], jihe_error *err)
{
    jh_buf bytes = {0};
    uint8_t sum[32];
    jihe_status st = jh_file_read(path, JH_TABLE_MAX_BYTES, &bytes, err);

    if (st == JIHE_OK) {
        *encoding = jh_text_utf8_valid((const char *)bytes.bytes, bytes.len) == bytes.len ? JH_ENCODING_UTF8
                                                                                          : JH_ENCODING_GB18030;
        if ((st = jh_sha256_bytes(bytes.bytes, bytes.len, sum, err)) == JIHE_OK)
            jh_hex(sum, sizeof sum, sha256);
    }
    jh_buf_deinit(&bytes);
    return st;
}

/* "unit|单位" stands for either name. */
static bool is_name(const jh_field *field, const char *names)
{
    for (const char *name = names; *name != '\0';) {
        const size_t len = strcspn(name, "|");

        if (field->len == len && memcmp(field->text, name, len) == 0)
            return true;
        name += len + (name[len] == '|');
    }
    return false;
}

static jihe_status bind_header(jh_table_file *table, const char *const *names, size_t required, jihe_error *err)
{
    jh_record header;
    const jihe_status st = jh_csv_next(table->csv, &header, err);

    if (st == JIHE_NOT_FOUND || (st == JIHE_OK && header.bad != NULL))
        return jh_fail_at(err, JIHE_DATA, table->path, 1, 1,
                          "no header row; expected a CSV whose first line names its columns");
    if (st != JIHE_OK)
        return st;
    table->header_fields = header.count;
    for (size_t n = 0; n < table->asked; n++) {
        table->places[n] = SIZE_MAX;
        for (size_t f = 0; f < header.count && table->places[n] == SIZE_MAX; f++)
            if (is_name(&header.fields[f], names[n]))
                table->places[n] = f;
        if (table->places[n] == SIZE_MAX && n < required)
            return jh_fail_at(err, JIHE_DATA, table->path, (uint32_t)header.line, 1, "the header has no column '%.*s'",
                              (int)strcspn(names[n], "|"), names[n]);
    }
    return JIHE_OK;
}

jihe_status jh_table_open(jh_table_file *out, const char *path, const char *const *names, size_t count, size_t required,
                          jihe_error *err)
{
    jh_csv_dialect dialect = {.delimiter = ',', .quote = '"', .header = 1};
    jihe_status st;

    *out = (jh_table_file){.path = path, .asked = count};
    if ((st = look(path, &dialect.encoding, out->sha256, err)) != JIHE_OK ||
        (st = jh_csv_open(&out->csv, path, &dialect, err)) != JIHE_OK)
        return st;
    if ((st = bind_header(out, names, required, err)) != JIHE_OK)
        jh_table_close(out);
    return st;
}

void jh_table_close(jh_table_file *table)
{
    jh_csv_close(table->csv);
    table->csv = NULL;
}

/* The exporting side puts ' before = + - @ TAB CR LF and the full-width signs; it comes off only there. */
static void unguard(jh_field *field)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

    for (size_t i = 0; field->len > 1 && field->text[0] == '\'' && i < sizeof signs / sizeof signs[0]; i++) {
        const size_t len = strlen(signs[i]);

        if (field->len > len && memcmp(field->text + 1, signs[i], len) == 0) {
            field->text++;
            field->len--;
            return;
        }
    }
}

jihe_status jh_table_next(jh_table_file *table, jh_field fields[JH_TABLE_MAX_COLUMNS], jihe_error *err)
{
    jh_record record;
    const jihe_status st = jh_csv_next(table->csv, &record, err);

    if (st != JIHE_OK)
        return st;
    if (record.bad != NULL)
        return jh_fail_at(err, JIHE_DATA, table->path, record.bad_line, record.bad_column, "%s", record.bad);
    if (record.count != table->header_fields)
        return jh_fail_at(err, JIHE_DATA, table->path, (uint32_t)record.line, 1, "%zu fields, the header has %zu",
                          record.count, table->header_fields);
    for (size_t n = 0; n < table->asked; n++) {
        fields[n] = table->places[n] == SIZE_MAX ? (jh_field){.text = "", .line = (uint32_t)record.line, .column = 1}
                                                 : record.fields[table->places[n]];
        unguard(&fields[n]);
    }
    return JIHE_OK;
}
