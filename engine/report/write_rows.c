#include <stdlib.h>
#include <string.h>

#include "report/rows_int.h"

static jihe_status write_stream(jh_rows *rows, jh_out_cell *cells, const jh_row_form *form, uint32_t csv_flags,
                                jh_outlet *outlet, jihe_error *err)
{
    uint64_t count = 0;
    jihe_status st = JIHE_OK;

    form->head(&outlet->buf, rows, csv_flags);
    while (jh_outlet_pass(outlet) && (st = jh_rows_next(rows, cells, err)) == JIHE_OK)
        form->row(&outlet->buf, rows, cells, count++, csv_flags);
    if (st == JIHE_NOT_FOUND) {
        form->foot(&outlet->buf, count);
        st = JIHE_OK;
    }
    return st;
}

static const jh_row_form *form_of(jh_format format)
{
    switch (format) {
    case JH_FORMAT_CSV:
        return &jh_form_csv;
    case JH_FORMAT_JSON:
        return &jh_form_json;
    case JH_FORMAT_NDJSON:
        return &jh_form_ndjson;
    case JH_FORMAT_TABLE:
        break;
    }
    return NULL;
}

jihe_status jh_rows_write(jh_rows *rows, jh_format format, uint32_t csv_flags, const char *lang, jh_sink sink,
                          jihe_error *err)
{
    const jh_row_form *form = form_of(format);
    const bool zh = lang != NULL && strcmp(lang, "zh") == 0;
    jh_out_cell *cells = calloc(jh_rows_count(rows), sizeof *cells);
    jh_outlet outlet;
    jihe_status st;

    if (cells == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a row of %zu cells", jh_rows_count(rows));
    jh_outlet_begin(&outlet, sink);
    st = form == NULL ? jh_table_write(rows, cells, zh, &outlet, err)
                      : write_stream(rows, cells, form, csv_flags, &outlet, err);
    if (st == JIHE_OK)
        st = jh_outlet_end(&outlet, err);
    else
        jh_outlet_drop(&outlet);
    free(cells);
    return st;
}
