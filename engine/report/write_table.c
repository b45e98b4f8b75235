#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "report/rows_int.h"

/* Column widths are measured over this much of the beginning; a wider cell further down pushes its line to the right.
 * So a table of any length is written in bounded memory. */
enum { SAMPLE_ROWS = 10000, SAMPLE_BYTES = 4 * 1024 * 1024 };

/* A cell made fit for a terminal. */
struct shown {
    size_t at, len; /* bytes in table.text */
    size_t width;   /* columns of a terminal */
    bool number;    /* set against the right edge */
};

struct table_column {
    size_t width;
    bool numbers; /* a number was seen */
    bool texts;   /* anything else was seen, apart from missing cells */
};

struct table {
    jh_rows *rows;
    jh_out_cell *cells;
    struct table_column *columns;
    size_t count;
    jh_buf text;  /* of the rows in hand */
    jh_buf shown; /* struct shown, `count` a row */
};

/* Control characters could move the cursor, line separators break the line, and direction marks swap what is read. */
static bool is_unfit(utf8proc_int32_t c)
{
    const utf8proc_category_t category = utf8proc_category(c);

    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static size_t char_width(utf8proc_int32_t c)
{
    const int width = utf8proc_charwidth(c);

    return width == 0 && utf8proc_category(c) == UTF8PROC_CATEGORY_CN ? 1 : (size_t)width; /* newer than the library */
}

/* Appends what a terminal may show of a text or list; returns its width. */
static size_t put_fit(jh_buf *out, const jh_out_cell *cell)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)cell->text;
    const bool is_list = cell->kind == JH_CELL_LIST;
    size_t width = 0;

    for (size_t at = 0; at < cell->len;) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t used = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(cell->len - at), &c);

        if (used <= 0 || is_unfit(c)) {
            jh_buf_putc(out, is_list && bytes[at] == JH_LIST_SEPARATOR ? ';' : '?');
            width++;
        } else {
            jh_buf_put(out, bytes + at, (size_t)used);
            width += char_width(c);
        }
        at += used <= 0 ? 1 : (size_t)used;
    }
    return width;
}

static void show_cell(jh_buf *text, const jh_out_cell *cell, struct shown *shown)
{
    *shown = (struct shown){.at = text->len};
    if (jh_cell_plain(text, cell)) {
        shown->number = cell->kind != JH_CELL_BOOL;
        shown->width = text->len - shown->at;
    } else if (cell->kind == JH_CELL_NONE) {
        jh_buf_putc(text, '-');
        shown->width = 1;
    } else {
        shown->width = put_fit(text, cell);
    }
    shown->len = text->len - shown->at;
}

static void measure(struct table_column *column, const jh_out_cell *cell, const struct shown *shown)
{
    if (shown->width > column->width)
        column->width = shown->width;
    if (shown->number)
        column->numbers = true;
    else if (cell->kind != JH_CELL_NONE)
        column->texts = true;
}

static jihe_status take_row(struct table *table, bool measuring, jihe_error *err)
{
    const jihe_status st = jh_rows_next(table->rows, table->cells, err);
    struct shown *shown;

    if (st != JIHE_OK)
        return st;
    if ((shown = jh_buf_extend(&table->shown, table->count * sizeof *shown)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to align a table");
    for (size_t i = 0; i < table->count; i++) {
        show_cell(&table->text, &table->cells[i], &shown[i]);
        if (measuring)
            measure(&table->columns[i], &table->cells[i], &shown[i]);
    }
    return table->text.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory to align a table") : JIHE_OK;
}

static void put_run(jh_buf *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        jh_buf_putc(out, c);
}

static void put_line(jh_buf *out, const struct table *table, const struct shown *shown)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct table_column *column = &table->columns[i];
        const size_t pad = shown[i].width < column->width ? column->width - shown[i].width : 0;
        const bool right = shown[i].number || (column->numbers && !column->texts);

        put_run(out, ' ', (i > 0 ? 2 : 0) + (right ? pad : 0));
        jh_buf_put(out, table->text.bytes + shown[i].at, shown[i].len);
        put_run(out, ' ', right ? 0 : pad);
    }
    while (out->len > 0 && out->bytes[out->len - 1] == ' ')
        out->len--;
    jh_buf_putc(out, '\n');
}

static void put_rule(jh_buf *out, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        put_run(out, ' ', i > 0 ? 2 : 0);
        put_run(out, '-', table->columns[i].width);
    }
    jh_buf_putc(out, '\n');
}

/* Titles are the first line in hand, so that they are measured like any other. */
static jihe_status take_titles(struct table *table, bool zh, jihe_error *err)
{
    const jh_out_column *columns = jh_rows_columns(table->rows);
    struct shown *shown = jh_buf_extend(&table->shown, table->count * sizeof *shown);

    if (shown == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to align a table");
    for (size_t i = 0; i < table->count; i++) {
        const jh_out_cell title = jh_cell_text(zh && columns[i].zh != NULL ? columns[i].zh : columns[i].name);

        show_cell(&table->text, &title, &shown[i]);
        table->columns[i].width = shown[i].width;
    }
    return table->text.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory to align a table") : JIHE_OK;
}

/* Prints and forgets the lines in hand. */
static bool put_lines(struct table *table, bool titles, jh_outlet *outlet)
{
    const struct shown *shown = (const struct shown *)(const void *)table->shown.bytes;
    const size_t lines = table->shown.len / sizeof *shown / table->count;

    for (size_t i = 0; i < lines && jh_outlet_pass(outlet); i++) {
        put_line(&outlet->buf, table, shown + i * table->count);
        if (titles && i == 0)
            put_rule(&outlet->buf, table);
    }
    jh_buf_clear(&table->text);
    jh_buf_clear(&table->shown);
    return jh_outlet_pass(outlet);
}

static jihe_status write_table(struct table *table, bool zh, jh_outlet *outlet, jihe_error *err)
{
    jihe_status st = take_titles(table, zh, err);

    for (size_t i = 0; st == JIHE_OK && i < SAMPLE_ROWS && table->text.len < SAMPLE_BYTES; i++)
        st = take_row(table, true, err);
    if (st != JIHE_OK && st != JIHE_NOT_FOUND)
        return st;

    bool alive = put_lines(table, true, outlet);

    while (alive && st == JIHE_OK && (st = take_row(table, false, err)) == JIHE_OK)
        alive = put_lines(table, false, outlet);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

jihe_status jh_table_write(jh_rows *rows, jh_out_cell *cells, bool zh, jh_outlet *outlet, jihe_error *err)
{
    struct table table = {.rows = rows, .cells = cells, .count = jh_rows_count(rows)};
    jihe_status st;

    if ((table.columns = calloc(table.count, sizeof *table.columns)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to align a table");
    st = write_table(&table, zh, outlet, err);
    free(table.columns);
    jh_buf_deinit(&table.text);
    jh_buf_deinit(&table.shown);
    return st;
}
