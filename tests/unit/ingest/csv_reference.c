#include "csv_reference.h"

#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/csv.h"

typedef enum state { AT_START, IN_PLAIN, IN_QUOTED, AFTER_CLOSE, SKIPPING } state;

typedef struct machine {
    char delimiter, quote;
    state state;
    uint32_t line, column; /* of the byte being looked at */
    uint32_t record_line, field_line, field_column, bad_line, bad_column;
    const char *bad;
    jh_buf field, fields;
    size_t field_count;
    size_t record_at; /* offset of the record's first byte */
    jh_buf *answer;
} machine;

static bool is_utf8(const char *text, size_t len)
{
    static iconv_t decoder;
    char out[64];
    char *in = (char *)(uintptr_t)text;

    if (decoder == NULL)
        decoder = iconv_open("UTF-32LE", "UTF-8");
    iconv(decoder, NULL, NULL, NULL, NULL);
    while (len > 0) {
        char *to = out;
        size_t room = sizeof out;
        if (iconv(decoder, &in, &len, &to, &room) == (size_t)-1 && to == out)
            return false;
    }
    return true;
}

static void blame(machine *m, const char *code)
{
    if (m->bad != NULL)
        return;
    m->bad = code;
    m->bad_line = m->line;
    m->bad_column = m->column;
}

static void end_field(machine *m)
{
    jh_buf_printf(&m->fields, " %u:%u:%zu:", m->field_line, m->field_column, m->field.len);
    for (size_t i = 0; i < m->field.len; i++)
        jh_buf_printf(&m->fields, "%02x", m->field.bytes[i]);
    jh_buf_clear(&m->field);
    m->field_count++;
    m->state = AT_START;
}

/* Position of the first byte that is not UTF-8, found by trying every prefix. */
static void blame_encoding(machine *m, const char *text, size_t len)
{
    size_t good = len;

    if (is_utf8(text, len))
        return;
    while (!is_utf8(text, good))
        good--;
    m->line = m->record_line;
    m->column = 1;
    for (size_t i = 0; i < good; i++) {
        if (text[i] == '\n')
            m->line++, m->column = 1;
        else
            m->column += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    blame(m, "csv-encoding");
}

static void end_record(machine *m, const char *text, size_t end)
{
    const machine saved = *m;

    if (m->bad == NULL)
        blame_encoding(m, text + m->record_at, end - m->record_at);
    m->line = saved.line;
    m->column = saved.column;
    if (m->bad != NULL)
        jh_buf_printf(m->answer, "B %u %u:%u %s\n", m->record_line, m->bad_line, m->bad_column, m->bad);
    else
        jh_buf_printf(m->answer, "R %u%s\n", m->record_line, jh_buf_text(&m->fields));
    jh_buf_clear(&m->fields);
    m->bad = NULL;
    m->state = AT_START;
    m->field_count = 0;
}

/* A byte of a field that is not quoted: of its text, or the end of it, or wrong. */
static void plain_byte(machine *m, const char *text, size_t len, size_t i)
{
    const char c = text[i];

    if (c == m->delimiter) {
        end_field(m);
        return;
    }
    if (c == m->quote) {
        blame(m, "csv-quote");
        m->state = SKIPPING;
        return;
    }
    if (c == '\0')
        blame(m, "csv-nul");
    if (c == '\r' && (i + 1 == len || text[i + 1] != '\n'))
        blame(m, "csv-line-end");
    m->state = IN_PLAIN;
    jh_buf_putc(&m->field, c);
}

static void begin_field(machine *m, const char *text, size_t len, size_t i)
{
    m->field_line = m->line;
    m->field_column = m->column;
    if (text[i] == m->quote)
        m->state = IN_QUOTED;
    else
        plain_byte(m, text, len, i);
}

/* One byte; true when it was the first of two that belong together. */
static bool step(machine *m, const char *text, size_t len, size_t i)
{
    const char c = text[i];

    switch (m->state) {
    case AT_START:
        begin_field(m, text, len, i);
        return false;
    case IN_PLAIN:
        plain_byte(m, text, len, i);
        return false;
    case IN_QUOTED:
        if (c == '\0')
            blame(m, "csv-nul");
        if (c == m->quote && i + 1 < len && text[i + 1] == m->quote) {
            jh_buf_putc(&m->field, c);
            return true;
        }
        if (c == m->quote)
            m->state = AFTER_CLOSE;
        else
            jh_buf_putc(&m->field, c);
        return false;
    case AFTER_CLOSE:
        if (c == m->delimiter) {
            end_field(m);
        } else {
            blame(m, "csv-quote");
            m->state = SKIPPING;
        }
        return false;
    case SKIPPING:
        break;
    }
    return false;
}

static void advance(machine *m, char c)
{
    if (c == '\n')
        m->line++, m->column = 1;
    else
        m->column += ((unsigned char)c & 0xc0) != 0x80;
}

/* Bytes of the line end at text[i], 0 for none. */
static size_t line_end(const machine *m, const char *text, size_t len, size_t i)
{
    if (m->state == IN_QUOTED)
        return 0;
    if (text[i] == '\n')
        return 1;
    return m->state != SKIPPING && text[i] == '\r' && i + 1 < len && text[i + 1] == '\n' ? 2 : 0;
}

void reference_read(const char *text, size_t len, char delimiter, char quote, jh_buf *answer)
{
    machine m = {.delimiter = delimiter, .quote = quote, .line = 1, .column = 1, .answer = answer};
    bool begun = false;
    size_t i = 0;

    while (i < len) {
        const size_t ends = line_end(&m, text, len, i);
        if (!begun && ends == 0) {
            begun = true;
            m.record_at = i;
            m.record_line = m.line;
            m.fields.len = m.field.len = 0;
        }
        if (ends > 0) {
            if (begun && m.state == AT_START)
                m.field_line = m.line, m.field_column = m.column; /* an empty last field */
            if (begun) {
                end_field(&m);
                end_record(&m, text, i);
            }
            begun = false;
            i += ends;
            advance(&m, '\n');
            continue;
        }
        if (step(&m, text, len, i)) {
            advance(&m, text[i]);
            i++;
        }
        advance(&m, text[i]);
        i++;
    }
    if (begun && m.state == IN_QUOTED) {
        jh_buf_printf(answer, "OPEN %u:%u\n", m.field_line, m.field_column);
    } else {
        if (begun && m.state == AT_START)
            m.field_line = m.line, m.field_column = m.column;
        if (begun) {
            end_field(&m);
            end_record(&m, text, len);
        }
        jh_buf_puts(answer, "END\n");
    }
    jh_buf_deinit(&m.field);
    jh_buf_deinit(&m.fields);
}

static void tell_record(const jh_record *record, jh_buf *answer)
{
    if (record->bad != NULL) {
        jh_buf_printf(answer, "B %u %u:%u %s\n", (unsigned)record->line, record->bad_line, record->bad_column,
                      record->bad_code);
        return;
    }
    jh_buf_printf(answer, "R %u", (unsigned)record->line);
    for (size_t f = 0; f < record->count; f++) {
        const jh_field *field = &record->fields[f];
        jh_buf_printf(answer, " %u:%u:%u:", field->line, field->column, field->len);
        for (uint32_t i = 0; i < field->len; i++)
            jh_buf_printf(answer, "%02x", (unsigned char)field->text[i]);
    }
    jh_buf_puts(answer, "\n");
}

void reader_read(const char *path, char delimiter, char quote, size_t block, jh_buf *answer)
{
    const jh_csv_dialect dialect = {JH_ENCODING_AUTO, delimiter, quote, 1, NULL};
    jh_csv *csv;
    jh_record record;
    jihe_error err = {0};
    jihe_status st;

    cr_assert_eq(jh_csv_open_blocks(&csv, path, &dialect, block, &err), JIHE_OK, "%s", err.message);
    while ((st = jh_csv_next(csv, &record, &err)) == JIHE_OK)
        tell_record(&record, answer);
    if (st == JIHE_NOT_FOUND)
        jh_buf_puts(answer, "END\n");
    else
        jh_buf_printf(answer, "OPEN %u:%u\n", err.line, err.column);
    jh_csv_close(csv);
}
