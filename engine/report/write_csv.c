#include <string.h>

#include "report/rows_int.h"

/* Characters that make a spreadsheet take a cell for a formula: OWASP ASVS 1.2.10, and beyond it CR, LF and the
 * full-width forms, which some input methods and spreadsheets treat alike. */
static bool starts_formula(const char *text, size_t len)
{
    static const char plain[] = {'=', '+', '-', '@', '\t', '\r', '\n', '\0'};
    static const char wide[][4] = {"＝", "＋", "－", "＠"};

    if (len == 0)
        return false;
    if (memchr(plain, text[0], sizeof plain) != NULL)
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (len >= 3 && memcmp(text, wide[i], 3) == 0)
            return true;
    return false;
}

/* Has one of eight bytes the value of all bytes of `value`? */
static bool has(uint64_t bytes, uint64_t value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), differ = bytes ^ value * ones;

    return ((differ - ones) & ~differ & ones << 7) != 0;
}

static bool needs_quotes(const char *text, size_t len)
{
    size_t i = 0;

    for (; i + 8 <= len; i += 8) {
        uint64_t bytes;

        memcpy(&bytes, text + i, sizeof bytes);
        if (has(bytes, ',') || has(bytes, '"') || has(bytes, '\r') || has(bytes, '\n'))
            return true;
    }
    for (; i < len; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n')
            return true;
    return false;
}

static void put_doubling_quotes(jh_buf *out, const char *text, size_t len)
{
    while (len > 0) {
        const char *quote = memchr(text, '"', len);
        const size_t run = quote == NULL ? len : (size_t)(quote - text) + 1;

        jh_buf_put(out, text, run);
        if (quote != NULL)
            jh_buf_putc(out, '"');
        text += run;
        len -= run;
    }
}

void jh_csv_put(jh_buf *out, const char *text, size_t len, uint32_t csv_flags, bool is_text)
{
    const bool guard = is_text && (csv_flags & JH_CSV_GUARD) != 0 && starts_formula(text, len);
    const bool quotes = needs_quotes(text, len);

    if (quotes)
        jh_buf_putc(out, '"');
    if (guard)
        jh_buf_putc(out, '\'');
    if (quotes)
        put_doubling_quotes(out, text, len);
    else
        jh_buf_put(out, text, len);
    if (quotes)
        jh_buf_putc(out, '"');
}

/* Separators become ';' after quoting, which they never call for. */
static void put_list(jh_buf *out, const jh_out_cell *cell, uint32_t csv_flags)
{
    const size_t start = out->len;

    jh_csv_put(out, cell->text, cell->len, csv_flags, true);
    for (size_t i = start; i < out->len; i++)
        if (out->bytes[i] == JH_LIST_SEPARATOR)
            out->bytes[i] = ';';
}

static void end_line(jh_buf *out, uint32_t csv_flags)
{
    jh_buf_puts(out, (csv_flags & JH_CSV_BOM) != 0 ? "\r\n" : "\n");
}

static void csv_head(jh_buf *out, const jh_rows *rows, uint32_t csv_flags)
{
    const jh_out_column *columns = jh_rows_columns(rows);

    if ((csv_flags & JH_CSV_BOM) != 0)
        jh_buf_puts(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < jh_rows_count(rows); i++) {
        if (i > 0)
            jh_buf_putc(out, ',');
        jh_csv_put(out, columns[i].name, strlen(columns[i].name), csv_flags, true);
    }
    end_line(out, csv_flags);
}

static void csv_row(jh_buf *out, const jh_rows *rows, const jh_out_cell *cells, uint64_t index, uint32_t csv_flags)
{
    const size_t start = out->len;

    (void)index;
    for (size_t i = 0; i < jh_rows_count(rows); i++) {
        if (i > 0)
            jh_buf_putc(out, ',');
        if (cells[i].kind == JH_CELL_TEXT)
            jh_csv_put(out, cells[i].text, cells[i].len, csv_flags, true);
        else if (cells[i].kind == JH_CELL_LIST)
            put_list(out, &cells[i], csv_flags);
        else
            (void)jh_cell_plain(out, &cells[i]);
    }
    if (out->len == start)
        jh_buf_puts(out, "\"\""); /* a lone empty cell: many readers skip empty lines */
    end_line(out, csv_flags);
}

static void csv_foot(jh_buf *out, uint64_t count)
{
    (void)out;
    (void)count;
}

const jh_row_form jh_form_csv = {csv_head, csv_row, csv_foot};
