#include <string.h>

#include "base/text.h"
#include "report/rows_int.h"

/* The short escape of a control character, or NULL. */
static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static bool is_special(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

/* Valid UTF-8, escaped. DEL is legal in JSON but not fit for a terminal. */
static void put_valid(jh_buf *out, const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        const size_t start = at;

        while (at < len && !is_special((unsigned char)text[at]))
            at++;
        jh_buf_put(out, text + start, at - start);
        if (at == len)
            return;

        const unsigned char c = (unsigned char)text[at++];
        const char *escape = short_escape(c);

        if (escape != NULL)
            jh_buf_puts(out, escape);
        else
            jh_buf_printf(out, "\\u%04x", (unsigned)c);
    }
}

void jh_json_put(jh_buf *out, const char *text, size_t len)
{
    jh_buf_putc(out, '"');
    while (len > 0) {
        const size_t valid = jh_text_utf8_valid(text, len);

        put_valid(out, text, valid);
        text += valid;
        len -= valid;
        if (len > 0) {
            jh_buf_puts(out, "\xEF\xBF\xBD"); /* U+FFFD for one byte that is not UTF-8 */
            text++;
            len--;
        }
    }
    jh_buf_putc(out, '"');
}

static void put_list(jh_buf *out, const char *text, size_t len)
{
    jh_buf_putc(out, '[');
    while (len > 0) {
        const char *end = memchr(text, JH_LIST_SEPARATOR, len);
        const size_t item = end == NULL ? len : (size_t)(end - text);

        jh_json_put(out, text, item);
        if (end == NULL)
            break;
        jh_buf_putc(out, ',');
        text += item + 1;
        len -= item + 1;
        if (len == 0)
            jh_json_put(out, "", 0); /* the separator was last: an empty item follows it */
    }
    jh_buf_putc(out, ']');
}

static void put_object(jh_buf *out, const jh_rows *rows, const jh_out_cell *cells)
{
    const jh_out_column *columns = jh_rows_columns(rows);

    for (size_t i = 0; i < jh_rows_count(rows); i++) {
        jh_buf_putc(out, i == 0 ? '{' : ',');
        jh_json_put(out, columns[i].name, strlen(columns[i].name));
        jh_buf_putc(out, ':');
        if (cells[i].kind == JH_CELL_TEXT)
            jh_json_put(out, cells[i].text, cells[i].len);
        else if (cells[i].kind == JH_CELL_LIST)
            put_list(out, cells[i].text, cells[i].len);
        else if (!jh_cell_plain(out, &cells[i]))
            jh_buf_puts(out, "null");
    }
    jh_buf_putc(out, '}');
}

static void json_head(jh_buf *out, const jh_rows *rows, uint32_t csv_flags)
{
    (void)rows;
    (void)csv_flags;
    jh_buf_putc(out, '[');
}

static void json_row(jh_buf *out, const jh_rows *rows, const jh_out_cell *cells, uint64_t index, uint32_t csv_flags)
{
    (void)csv_flags;
    jh_buf_puts(out, index == 0 ? "\n" : ",\n");
    put_object(out, rows, cells);
}

static void json_foot(jh_buf *out, uint64_t count)
{
    jh_buf_puts(out, count == 0 ? "]\n" : "\n]\n");
}

static void ndjson_head(jh_buf *out, const jh_rows *rows, uint32_t csv_flags)
{
    (void)out;
    (void)rows;
    (void)csv_flags;
}

static void ndjson_row(jh_buf *out, const jh_rows *rows, const jh_out_cell *cells, uint64_t index, uint32_t csv_flags)
{
    (void)index;
    (void)csv_flags;
    put_object(out, rows, cells);
    jh_buf_putc(out, '\n');
}

static void ndjson_foot(jh_buf *out, uint64_t count)
{
    (void)out;
    (void)count;
}

const jh_row_form jh_form_json = {json_head, json_row, json_foot};
const jh_row_form jh_form_ndjson = {ndjson_head, ndjson_row, ndjson_foot};
