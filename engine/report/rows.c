#include "report/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/rows_int.h"

struct jh_rows {
    jh_out_column *columns;
    size_t count;
    jh_rows_ops ops;
    void *self;
    bool ended;
};

static size_t text_bytes(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static const char *place(char **room, const char *text)
{
    char *at = *room;
    const size_t bytes = text_bytes(text);

    if (text == NULL)
        return NULL;
    memcpy(at, text, bytes);
    *room += bytes;
    return at;
}

jh_out_column *jh_columns_copy(const jh_out_column *columns, size_t count)
{
    size_t bytes = count * sizeof *columns; /* the caller's array exists: no overflow */

    for (size_t i = 0; i < count; i++)
        bytes += text_bytes(columns[i].name) + text_bytes(columns[i].zh);

    jh_out_column *copy = malloc(bytes);

    if (copy == NULL)
        return NULL;

    char *room = (char *)(copy + count);

    for (size_t i = 0; i < count; i++) {
        copy[i].name = place(&room, columns[i].name);
        copy[i].zh = place(&room, columns[i].zh);
    }
    return copy;
}

jihe_status jh_columns_check(const jh_out_column *columns, size_t count, jihe_error *err)
{
    if (count == 0)
        return jh_fail(err, JIHE_BUG, "an output table has no columns, expected at least one");
    for (size_t i = 0; i < count; i++) {
        if (columns[i].name == NULL || columns[i].name[0] == '\0')
            return jh_fail(err, JIHE_BUG, "output column %zu has no name", i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(columns[i].name, columns[j].name) == 0)
                return jh_fail(err, JIHE_CONFIG, "two output columns are named '%s'; rename one of them",
                               columns[i].name);
    }
    return JIHE_OK;
}

jihe_status jh_rows_new(jh_rows **out, const jh_out_column *columns, size_t count, const jh_rows_ops *ops, void *self,
                        jihe_error *err)
{
    jh_rows *rows = NULL;
    jihe_status st;

    *out = NULL;
    if ((st = jh_columns_check(columns, count, err)) != JIHE_OK)
        goto fail;
    st = JIHE_NO_MEMORY;
    if ((rows = calloc(1, sizeof *rows)) == NULL || (rows->columns = jh_columns_copy(columns, count)) == NULL) {
        (void)jh_fail(err, st, "no memory for a table of %zu columns", count);
        goto fail;
    }
    rows->count = count;
    rows->ops = *ops;
    rows->self = self;
    *out = rows;
    return JIHE_OK;

fail:
    free(rows);
    if (ops->free != NULL)
        ops->free(self);
    return st;
}

void jh_rows_free(jh_rows *rows)
{
    if (rows == NULL)
        return;
    if (rows->ops.free != NULL)
        rows->ops.free(rows->self);
    free(rows->columns);
    free(rows);
}

size_t jh_rows_count(const jh_rows *rows)
{
    return rows->count;
}

const jh_out_column *jh_rows_columns(const jh_rows *rows)
{
    return rows->columns;
}

static size_t digits(const char *text, size_t len, size_t at)
{
    size_t end = at;

    while (end < len && text[end] >= '0' && text[end] <= '9')
        end++;
    return end - at;
}

/* The number grammar of JSON, but exponents only of numbers too small to be written out (2.4e-78): what all forms can
 * print bare and what starts no formula. */
static bool is_number(const char *text, size_t len)
{
    size_t at = len > 0 && text[0] == '-' ? 1 : 0;
    size_t run = digits(text, len, at);

    if (run == 0 || (run > 1 && text[at] == '0'))
        return false;
    at += run;
    if (at < len && text[at] == '.') {
        run = digits(text, len, at + 1);
        at += 1 + run;
    }
    if (run > 0 && at + 2 < len && text[at] == 'e' && text[at + 1] == '-') {
        run = digits(text, len, at + 2);
        at += 2 + run;
    }
    return run > 0 && at == len;
}

jihe_status jh_rows_next(jh_rows *rows, jh_out_cell *cells, jihe_error *err)
{
    if (rows->ended)
        return JIHE_NOT_FOUND;
    for (size_t i = 0; i < rows->count; i++)
        cells[i] = jh_cell_none();

    const jihe_status st = rows->ops.next(rows->self, cells, err);

    if (st != JIHE_OK) {
        rows->ended = true;
        return st;
    }
    for (size_t i = 0; i < rows->count; i++) {
        char shown[64];

        if (cells[i].kind == JH_CELL_NUMBER && !is_number(cells[i].text, cells[i].len))
            return jh_fail(err, JIHE_BUG, "column '%s': '%s' is not a plain decimal number", rows->columns[i].name,
                           jh_text_quote(cells[i].text, cells[i].len, shown, sizeof shown));
    }
    return JIHE_OK;
}

jh_out_cell jh_cell_none(void)
{
    return (jh_out_cell){.kind = JH_CELL_NONE};
}

jh_out_cell jh_cell_text(const char *text)
{
    return text == NULL ? jh_cell_none() : jh_cell_str(text, strlen(text));
}

jh_out_cell jh_cell_str(const char *text, size_t len)
{
    return (jh_out_cell){.kind = JH_CELL_TEXT, .text = text, .len = len};
}

jh_out_cell jh_cell_int(int64_t value)
{
    return (jh_out_cell){.kind = JH_CELL_INT, .i = value};
}

jh_out_cell jh_cell_uint(uint64_t value)
{
    return (jh_out_cell){.kind = JH_CELL_UINT, .u = value};
}

jh_out_cell jh_cell_number(const char *number)
{
    return number == NULL ? jh_cell_none()
                          : (jh_out_cell){.kind = JH_CELL_NUMBER, .text = number, .len = strlen(number)};
}

jh_out_cell jh_cell_bool(bool value)
{
    return (jh_out_cell){.kind = JH_CELL_BOOL, .b = value};
}

bool jh_cell_plain(jh_buf *out, const jh_out_cell *cell)
{
    switch (cell->kind) {
    case JH_CELL_INT:
        jh_buf_printf(out, "%" PRId64, cell->i);
        return true;
    case JH_CELL_UINT:
        jh_buf_printf(out, "%" PRIu64, cell->u);
        return true;
    case JH_CELL_NUMBER:
        jh_buf_put(out, cell->text, cell->len);
        return true;
    case JH_CELL_BOOL:
        jh_buf_puts(out, cell->b ? "true" : "false");
        return true;
    case JH_CELL_NONE:
    case JH_CELL_TEXT:
    case JH_CELL_LIST:
        break;
    }
    return false;
}
