#include <stdlib.h>
#include <string.h>

#include "ingest/odbc_rowset.h"
#include "ingest/record_kind.h"

/* The rows of a database query as a kind of extract: its column names are bound as a header row is. Values arrive as
 * the text that the driver makes of them: numbers as digits with '.', dates as YYYY-MM-DD, times as YYYY-MM-DD HH:MM:SS
 * with a fraction where they have one. NULL is a value that the record does not have. */

struct jh_reader {
    jh_odbc_link link;
    jh_odbc_rowset rowset;
    bool *wanted;     /* per column: does a declaration name it? */
    jh_field *fields; /* of the current row, one per column */
    size_t *begins;   /* per column: where its text begins in `texts` */
    jh_buf texts;     /* of the current row, with '|' between them */
};

static void odbc_close(jh_reader *reader)
{
    if (reader == NULL)
        return;
    jh_odbc_rowset_deinit(&reader->rowset);
    jh_odbc_link_close(&reader->link);
    jh_buf_deinit(&reader->texts);
    free(reader->wanted);
    free(reader->fields);
    free(reader->begins);
    free(reader);
}

/* The column names as a header record; the declared columns are those to fetch. */
static jihe_status bind_names(jh_reader *reader, jh_binding *binding, const jh_schema *schema, jihe_error *err)
{
    const size_t count = reader->rowset.count;
    const jh_record header = {.fields = reader->fields, .count = count};
    jihe_status st;

    for (size_t i = 0; i < count; i++) {
        const char *name = reader->rowset.columns[i].name;
        reader->fields[i] = (jh_field){.text = name, .len = (uint32_t)strlen(name), .column = (uint32_t)i + 1};
    }
    if ((st = jh_binding_init(binding, schema, JH_QUERY_NAME, &header, err)) != JIHE_OK)
        return st;
    for (size_t c = 0; c < schema->count; c++)
        for (size_t k = 0; k < schema->columns[c].source_count; k++)
            reader->wanted[binding->at[binding->first[c] + k]] = true;
    return JIHE_OK;
}

static jihe_status make_room(jh_reader *reader, jihe_error *err)
{
    const size_t count = reader->rowset.count;

    reader->wanted = calloc(count, sizeof *reader->wanted);
    reader->fields = calloc(count, sizeof *reader->fields);
    reader->begins = calloc(count, sizeof *reader->begins);
    if (reader->wanted == NULL || reader->fields == NULL || reader->begins == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "preparing to read the query's rows");
    return JIHE_OK;
}

jihe_status jh_odbc_reader_open(jh_reader **out, jh_binding *binding, const jh_query *query,
                                const jh_workspace_config *config, jihe_error *err)
{
    jh_reader *reader = calloc(1, sizeof *reader);
    jihe_status st;

    *out = NULL;
    if (reader == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "connecting to the database");
    if ((st = jh_odbc_link_open(&reader->link, query, config->timezone, err)) != JIHE_OK ||
        (st = jh_odbc_link_execute(&reader->link, err)) != JIHE_OK ||
        (st = jh_odbc_rowset_init(&reader->rowset, &reader->link, err)) != JIHE_OK ||
        (st = make_room(reader, err)) != JIHE_OK ||
        (st = bind_names(reader, binding, &config->schema, err)) != JIHE_OK ||
        (st = jh_odbc_rowset_bind(&reader->rowset, reader->wanted, err)) != JIHE_OK) {
        odbc_close(reader);
        return st;
    }
    *out = reader;
    return JIHE_OK;
}

/* The values of the current row, one behind the other; *bad: the first column that cannot be used. */
static jihe_status gather(jh_reader *reader, size_t *bad, const char **why, const char **code, jihe_error *err)
{
    jh_buf *texts = &reader->texts;
    jh_odbc_text kind;

    texts->len = 0;
    for (size_t i = 0; i < reader->rowset.count; i++) {
        jh_field *field = &reader->fields[i];
        jihe_status st;

        field->text = NULL;
        if (!reader->wanted[i])
            continue;
        if (texts->len > 0)
            jh_buf_putc(texts, '|');
        reader->begins[i] = texts->len;
        if ((st = jh_odbc_rowset_value(&reader->rowset, i, texts, &kind, err)) != JIHE_OK)
            return st;
        field->len = (uint32_t)(texts->len - reader->begins[i]);
        field->text = kind == JH_ODBC_NULL ? NULL : "";
        if (*why == NULL && kind == JH_ODBC_NOT_UNICODE) {
            *bad = i;
            *why = "a text that is not Unicode";
            *code = "odbc-encoding";
        } else if (*why == NULL && field->len > 0 && memchr(texts->bytes + reader->begins[i], 0, field->len) != NULL) {
            *bad = i;
            *why = "a NUL character";
            *code = "odbc-nul";
        }
    }
    return JIHE_OK;
}

/* The texts stay where they are from here on. The line is the number of the row. */
static void place_fields(jh_reader *reader, uint32_t line)
{
    for (size_t i = 0; i < reader->rowset.count; i++) {
        jh_field *field = &reader->fields[i];
        if (field->text != NULL && field->len > 0)
            field->text = (const char *)reader->texts.bytes + reader->begins[i];
        field->line = line;
        field->column = (uint32_t)i + 1;
        field->path = reader->rowset.columns[i].name;
    }
}

static jihe_status odbc_next(jh_reader *reader, jh_record *record, jihe_error *err)
{
    const char *why = NULL, *code = NULL;
    size_t bad = 0;
    uint32_t line;
    jihe_status st;

    if ((st = jh_odbc_rowset_next(&reader->rowset, err)) != JIHE_OK ||
        (st = gather(reader, &bad, &why, &code, err)) != JIHE_OK)
        return st;
    line = reader->rowset.number < UINT32_MAX ? (uint32_t)reader->rowset.number : UINT32_MAX;
    place_fields(reader, line);
    *record = (jh_record){.fields = reader->fields,
                          .count = why == NULL ? reader->rowset.count : 0,
                          .line = reader->rowset.number,
                          .bad = why,
                          .bad_line = line,
                          .bad_column = (uint32_t)bad + 1,
                          .bad_code = code,
                          .raw = (const char *)reader->texts.bytes,
                          .raw_len = reader->texts.len};
    return JIHE_OK;
}

const jh_record_kind jh_kind_odbc = {NULL, odbc_next, NULL, odbc_close, NULL};
