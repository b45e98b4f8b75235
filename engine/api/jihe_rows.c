#include "jihe/rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "base/error.h"

struct jihe_rows {
    jh_rows *rows;
    size_t count;
    jh_out_cell *cells; /* of the current row */
    jh_buf *texts;      /* per column: the cell as text, made when asked for */
};

jihe_status jh_rows_publish(jihe_rows **out, jh_rows *rows, jihe_error *err)
{
    jihe_rows *made = calloc(1, sizeof *made);

    *out = NULL;
    if (made != NULL) {
        made->rows = rows;
        made->count = jh_rows_count(rows);
        made->cells = calloc(made->count + 1, sizeof *made->cells);
        made->texts = calloc(made->count + 1, sizeof *made->texts);
    }
    if (made == NULL || made->cells == NULL || made->texts == NULL) {
        if (made == NULL)
            jh_rows_free(rows);
        jihe_rows_free(made);
        return jh_fail(err, JIHE_NO_MEMORY, "a result");
    }
    *out = made;
    return JIHE_OK;
}

jihe_status jh_grid_publish(jihe_rows **out, jh_grid *grid, jihe_status st, jihe_error *err)
{
    jh_rows *rows;

    *out = NULL;
    if (st != JIHE_OK) {
        jh_grid_free(grid);
        return st;
    }
    if ((st = jh_grid_rows(&rows, grid, err)) != JIHE_OK)
        return st;
    return jh_rows_publish(out, rows, err);
}

size_t jihe_rows_columns(const jihe_rows *rows)
{
    return rows->count;
}

const char *jihe_rows_name(const jihe_rows *rows, size_t column)
{
    return column < rows->count ? jh_rows_columns(rows->rows)[column].name : NULL;
}

jihe_status jihe_rows_next(jihe_rows *rows, jihe_error *err)
{
    return jh_rows_next(rows->rows, rows->cells, err);
}

static void put_list(jh_buf *buf, const jh_out_cell *cell)
{
    for (size_t i = 0; i < cell->len; i++)
        jh_buf_putc(buf, cell->text[i] == '\x1F' ? ';' : cell->text[i]);
}

const char *jihe_rows_text(const jihe_rows *rows, size_t column)
{
    if (column >= rows->count || rows->cells[column].kind == JH_CELL_NONE)
        return NULL;
    const jh_out_cell *cell = &rows->cells[column];
    jh_buf *buf = &rows->texts[column];

    jh_buf_clear(buf);
    switch (cell->kind) {
    case JH_CELL_NONE:
        break;
    case JH_CELL_TEXT:
    case JH_CELL_NUMBER:
        jh_buf_put(buf, cell->text, cell->len);
        break;
    case JH_CELL_LIST:
        put_list(buf, cell);
        break;
    case JH_CELL_INT:
        jh_buf_printf(buf, "%" PRId64, cell->i);
        break;
    case JH_CELL_UINT:
        jh_buf_printf(buf, "%" PRIu64, cell->u);
        break;
    case JH_CELL_BOOL:
        jh_buf_puts(buf, cell->b ? "true" : "false");
        break;
    }
    return jh_buf_text(buf);
}

jihe_status jihe_rows_write(jihe_rows *rows, const jihe_write_options *options, jihe_put put, void *context,
                            jihe_error *err)
{
    static const jh_format formats[] = {JH_FORMAT_TABLE, JH_FORMAT_CSV, JH_FORMAT_JSON, JH_FORMAT_NDJSON};
    const uint32_t flags = ((options->csv_flags & JIHE_CSV_BOM) != 0 ? JH_CSV_BOM : 0) |
                           ((options->csv_flags & JIHE_CSV_GUARD) != 0 ? JH_CSV_GUARD : 0);

    if ((unsigned)options->format > JIHE_NDJSON)
        return jh_fail(err, JIHE_USAGE, "unknown output format %d", (int)options->format);
    return jh_rows_write(rows->rows, formats[options->format], flags, options->lang == NULL ? "en" : options->lang,
                         (jh_sink){.put = put, .context = context}, err);
}

void jihe_rows_free(jihe_rows *rows)
{
    if (rows == NULL)
        return;
    for (size_t i = 0; rows->texts != NULL && i < rows->count; i++)
        jh_buf_deinit(&rows->texts[i]);
    jh_rows_free(rows->rows);
    free(rows->texts);
    free(rows->cells);
    free(rows);
}

void jh_share_text(double share, int digits, char *out)
{
    uint64_t scale = 1;

    for (int i = 0; i < digits; i++)
        scale *= 10;
    const uint64_t units = (uint64_t)floor(share * (double)scale + 0.5);
    int len = snprintf(out, 32, "%" PRIu64 ".%0*" PRIu64, units / scale, digits, units % scale);

    while (len > 0 && out[len - 1] == '0')
        len--;
    if (len > 0 && out[len - 1] == '.')
        len--;
    out[len] = '\0';
}
