#include "ingest/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ingest/stream.h"

/* Bytes that stop the scan of a field. */
enum { STOP_PLAIN = 1, STOP_QUOTED = 2 };

typedef enum trouble {
    FINE,
    STRAY_QUOTE,
    AFTER_QUOTE,
    BARE_CR,
    NUL_BYTE,
    TOO_MANY,
    NOT_UTF8,
    NOT_UTF8_BUT_GB,
    NOT_GB
} trouble;

static const struct {
    const char *code, *text;
} troubles[] = {
    [STRAY_QUOTE] = {"csv-quote",
                     "a quote inside a field that does not begin with one; quote the field and double its quotes"},
    [AFTER_QUOTE] = {"csv-quote", "text behind a closing quote; a quote inside a quoted field is written twice"},
    [BARE_CR] = {"csv-line-end", "a carriage return without a line feed outside quotes; lines end with LF or CRLF"},
    [NUL_BYTE] = {"csv-nul", "a NUL byte"},
    [TOO_MANY] = {"csv-fields", "more than 4096 fields"},
    [NOT_UTF8] = {"csv-encoding", "bytes that are not UTF-8"},
    [NOT_UTF8_BUT_GB] = {"csv-encoding",
                         "bytes that are not UTF-8 but read as GB18030; declare `csv: {encoding: gb18030}` "
                         "if that is what the file is"},
    [NOT_GB] = {"csv-encoding", "bytes that are not GB18030, the declared encoding"},
};

struct jh_csv {
    jh_stream *stream;
    jh_csv_dialect dialect;
    uint8_t stop[256]; /* STOP_* bits per byte */
    char *text;        /* text[at..len) is not yet given out */
    size_t at, len, room;
    bool ended;    /* text[len] is the end of the file */
    bool begun;    /* the header has been given out: what follows may be the footer */
    bool closed;   /* the footer has been met */
    uint64_t line; /* of text[at] */
    jh_field *fields;
    size_t count;
    jh_buf unquoted; /* fields with doubled quotes, of the current record */
};

/* The scan of one record, from `start`; thrown away and begun again when the record does not end before `end`. */
typedef struct scan {
    const char *start, *p, *end;
    bool final; /* `end` is the end of the file */
    uint64_t line;
    const char *mark; /* a place whose column is known: the last line's or field's beginning */
    uint32_t mark_column;
    const jh_field *field; /* the one being scanned */
    trouble bad;
    const char *bad_at;
} scan;

typedef enum progress {
    FIELD_ENDS,  /* at a delimiter, now behind it */
    RECORD_ENDS, /* now behind the line end, or at the end of the file */
    NEED_MORE,
    FIELD_TOO_LONG,
    QUOTE_OPEN
} progress;

static uint32_t narrow_line(uint64_t line)
{
    return line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
}

static void note(scan *s, trouble bad, const char *at)
{
    if (s->bad == FINE) {
        s->bad = bad;
        s->bad_at = at;
    }
}

/* At a CR outside quotes: is it part of a line end? (At the end of a block: no, but that scan is thrown away.) */
static bool at_crlf(const scan *s)
{
    return s->p + 1 < s->end && s->p[1] == '\n';
}

/* After a misplaced quote: the rest of the line belongs to the bad record. */
static progress skip_line(scan *s)
{
    const char *lf = memchr(s->p, '\n', (size_t)(s->end - s->p));

    if (lf == NULL) {
        s->p = s->end;
        return s->final ? RECORD_ENDS : NEED_MORE;
    }
    s->p = lf + 1;
    s->line++;
    return RECORD_ENDS;
}

/* Behind a field's text: a delimiter, a line end, the end of the file; or AFTER_QUOTE noted. */
static progress end_field(const jh_csv *csv, scan *s)
{
    if (s->p == s->end)
        return s->final ? RECORD_ENDS : NEED_MORE;
    if (*s->p == csv->dialect.delimiter) {
        s->p++;
        return FIELD_ENDS;
    }
    if (*s->p == '\n' || (*s->p == '\r' && at_crlf(s))) {
        s->p += *s->p == '\n' ? 1 : 2;
        s->line++;
        return RECORD_ENDS;
    }
    note(s, AFTER_QUOTE, s->p);
    return skip_line(s);
}

static progress plain_field(const jh_csv *csv, scan *s, jh_field *field)
{
    const char *start = s->p;

    for (;; s->p++) {
        while (s->p < s->end && (csv->stop[(uint8_t)*s->p] & STOP_PLAIN) == 0)
            s->p++;
        if (s->p - start > JH_CSV_MAX_FIELD)
            return FIELD_TOO_LONG;
        if (s->p == s->end || *s->p == csv->dialect.delimiter || *s->p == '\n')
            break;
        if (*s->p == '\0') {
            note(s, NUL_BYTE, s->p);
        } else if (*s->p == csv->dialect.quote) {
            note(s, STRAY_QUOTE, s->p);
            return skip_line(s);
        } else if (at_crlf(s)) {
            break;
        } else {
            note(s, BARE_CR, s->p);
        }
    }
    field->text = start;
    field->len = (uint32_t)(s->p - start);
    return end_field(csv, s);
}

/* Copies a field's text with each doubled quote made one. What is left of the scan bounds all later copies of this
 * record, so the room made for its first keeps every field in place. */
static void undouble(jh_csv *csv, const scan *s, const char *p, jh_field *field)
{
    const size_t begin = csv->unquoted.len;

    if (!jh_buf_reserve(&csv->unquoted, (size_t)(s->end - p)))
        return; /* the record's end looks at `failed` */
    while (p < s->p) {
        const char *quote = memchr(p, csv->dialect.quote, (size_t)(s->p - p));
        const char *stop = quote == NULL ? s->p : quote + 1;
        jh_buf_put(&csv->unquoted, p, (size_t)(stop - p));
        p = quote == NULL ? s->p : quote + 2;
    }
    field->text = (const char *)csv->unquoted.bytes + begin;
    field->len = (uint32_t)(csv->unquoted.len - begin);
}

/* To the closing quote: FIELD_ENDS when it was found. */
static progress find_close(const jh_csv *csv, scan *s, bool *doubled)
{
    const char *start = s->p;

    for (;; s->p++) {
        while (s->p < s->end && (csv->stop[(uint8_t)*s->p] & STOP_QUOTED) == 0)
            s->p++;
        if (s->p - start > JH_CSV_MAX_FIELD)
            return FIELD_TOO_LONG;
        if (s->p == s->end)
            return s->final ? QUOTE_OPEN : NEED_MORE;
        if (*s->p == '\0') {
            note(s, NUL_BYTE, s->p);
        } else if (*s->p == '\n') {
            s->line++;
            s->mark = s->p + 1;
            s->mark_column = 1;
        } else if (s->p + 1 == s->end) { /* the next byte decides what this quote is */
            return s->final ? FIELD_ENDS : NEED_MORE;
        } else if (s->p[1] == csv->dialect.quote) {
            *doubled = true;
            s->p++;
        } else {
            return FIELD_ENDS;
        }
    }
}

static progress quoted_field(jh_csv *csv, scan *s, jh_field *field)
{
    const char *start = ++s->p;
    bool doubled = false;
    const progress found = find_close(csv, s, &doubled);

    if (found != FIELD_ENDS)
        return found;
    field->text = start;
    field->len = (uint32_t)(s->p - start);
    if (doubled)
        undouble(csv, s, start, field);
    s->p++;
    return end_field(csv, s);
}

static progress scan_record(jh_csv *csv, scan *s)
{
    progress ends;

    csv->count = 0;
    jh_buf_clear(&csv->unquoted);
    do {
        jh_field *field = &csv->fields[csv->count]; /* one more than MAX_FIELDS: takes the surplus */
        if (csv->count == JH_CSV_MAX_FIELDS)
            note(s, TOO_MANY, s->p);
        else
            csv->count++;
        s->mark_column += jh_text_code_points(s->mark, (size_t)(s->p - s->mark));
        s->mark = s->p;
        s->field = field;
        field->line = narrow_line(s->line);
        field->column = s->mark_column;
        ends = s->p < s->end && *s->p == csv->dialect.quote ? quoted_field(csv, s, field) : plain_field(csv, s, field);
    } while (ends == FIELD_ENDS);
    return ends;
}

/* Line and column of a byte of the record. */
static void locate(const jh_csv *csv, const scan *s, const char *at, uint32_t *line, uint32_t *column)
{
    const char *from = s->start, *lf;
    uint64_t lines = csv->line;

    while ((lf = memchr(from, '\n', (size_t)(at - from))) != NULL) {
        from = lf + 1;
        lines++;
    }
    *line = narrow_line(lines);
    *column = 1 + jh_text_code_points(from, (size_t)(at - from));
}

static trouble encoding_trouble(const jh_csv *csv, const jh_record *record)
{
    jh_buf decoded = {0};
    jihe_status st;

    if (csv->dialect.encoding == JH_ENCODING_GB18030)
        return NOT_GB;
    st = jh_text_from_gb18030(record->raw, record->raw_len, &decoded, NULL);
    jh_buf_deinit(&decoded);
    return st == JIHE_OK ? NOT_UTF8_BUT_GB : NOT_UTF8;
}

static jihe_status finish_record(jh_csv *csv, scan *s, jh_record *record, jihe_error *err)
{
    size_t valid;

    if (csv->unquoted.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "reading a record of '%s'", jh_csv_name(csv));
    *record = (jh_record){.fields = csv->fields, .count = csv->count, .line = csv->line, .raw = s->start};
    record->raw_len = (size_t)(s->p - s->start);
    if (record->raw_len > 0 && s->p[-1] == '\n')
        record->raw_len -= record->raw_len > 1 && s->p[-2] == '\r' ? 2 : 1;
    valid = jh_text_utf8_valid(record->raw, record->raw_len);
    if (valid < record->raw_len && s->bad == FINE)
        note(s, encoding_trouble(csv, record), record->raw + valid);
    if (s->bad != FINE) {
        record->count = 0;
        record->bad = troubles[s->bad].text;
        record->bad_code = troubles[s->bad].code;
        locate(csv, s, s->bad_at, &record->bad_line, &record->bad_column);
    }
    csv->at = (size_t)(s->p - csv->text);
    csv->line = s->line;
    return JIHE_OK;
}

/* The file cannot be read on: the message is at the beginning of the field in which the scan stopped. */
static jihe_status give_up(const jh_csv *csv, const jh_field *field, progress why, jihe_error *err)
{
    if (why == QUOTE_OPEN)
        return jh_fail_at(err, JIHE_DATA, jh_csv_name(csv), field->line, field->column,
                          "the quote opened here is never closed; close it, or double it if it is part of the text");
    return jh_fail_at(err, JIHE_DATA, jh_csv_name(csv), field->line, field->column,
                      "the field that begins here is longer than %d bytes; an open quote is the usual cause",
                      JH_CSV_MAX_FIELD);
}

/* Reads on behind the bytes not yet given out, which move to the front. */
static jihe_status refill(jh_csv *csv, jihe_error *err)
{
    size_t got = 0;
    jihe_status st;

    memmove(csv->text, csv->text + csv->at, csv->len - csv->at);
    csv->len -= csv->at;
    csv->at = 0;
    if (csv->len > csv->room / 2) { /* a record is scanned again after each refill: doubling keeps that linear */
        char *more = realloc(csv->text, csv->room * 2);
        if (more == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading '%s'", jh_csv_name(csv));
        csv->text = more;
        csv->room *= 2;
    }
    st = jh_stream_read(csv->stream, csv->text + csv->len, csv->room - csv->len, &got, err);
    csv->ended = st == JIHE_OK && got < csv->room - csv->len;
    csv->len += got;
    if (st == JIHE_DATA && err != NULL) /* the compressed data are broken somewhere behind this line */
        err->line = narrow_line(csv->line);
    return st;
}

static void skip_empty_lines(jh_csv *csv)
{
    for (;; csv->line++) {
        if (csv->at < csv->len && csv->text[csv->at] == '\n')
            csv->at++;
        else if (csv->at + 1 < csv->len && csv->text[csv->at] == '\r' && csv->text[csv->at + 1] == '\n')
            csv->at += 2;
        else
            return;
    }
}

static scan scan_begin(const jh_csv *csv)
{
    const size_t held = csv->len - csv->at;
    const size_t length = held < JH_CSV_MAX_RECORD ? held : JH_CSV_MAX_RECORD;
    scan s = {.start = csv->text + csv->at, .line = csv->line, .mark_column = 1};

    s.p = s.mark = s.start;
    s.end = s.start + length;
    s.final = csv->ended && length == held;
    return s;
}

static jihe_status next_record(jh_csv *csv, jh_record *record, jihe_error *err)
{
    for (;;) {
        scan s;
        progress ends;
        jihe_status st;

        skip_empty_lines(csv);
        s = scan_begin(csv);
        if (csv->closed || (s.p == s.end && csv->ended))
            return JIHE_NOT_FOUND;
        ends = s.p == s.end ? NEED_MORE : scan_record(csv, &s);
        if (ends == RECORD_ENDS)
            return finish_record(csv, &s, record, err);
        if (ends != NEED_MORE)
            return give_up(csv, s.field, ends, err);
        if (s.end - s.start == JH_CSV_MAX_RECORD)
            return jh_fail_at(err, JIHE_DATA, jh_csv_name(csv), narrow_line(csv->line), 1,
                              "the record that begins here is longer than %d bytes", JH_CSV_MAX_RECORD);
        if ((st = refill(csv, err)) != JIHE_OK)
            return st;
    }
}

static bool is_footer(const jh_csv *csv, const jh_record *record)
{
    const char *footer = csv->dialect.footer;
    size_t i = 0;

    if (footer == NULL)
        return false;
    while (i < record->count && record->fields[i].len == 0)
        i++;
    return i < record->count && record->fields[i].len >= strlen(footer) &&
           memcmp(record->fields[i].text, footer, strlen(footer)) == 0;
}

/* The data end here: the rest is read, for a compressed file that breaks further on, and dropped. */
static jihe_status close_at_footer(jh_csv *csv, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    csv->closed = true;
    while (!csv->ended && st == JIHE_OK) {
        csv->at = csv->len;
        st = refill(csv, err);
    }
    return st == JIHE_OK ? JIHE_NOT_FOUND : st;
}

jihe_status jh_csv_next(jh_csv *csv, jh_record *record, jihe_error *err)
{
    const jihe_status st = next_record(csv, record, err);
    const bool ends = st == JIHE_OK && csv->begun && is_footer(csv, record);

    csv->begun = true;
    return ends ? close_at_footer(csv, err) : st;
}

/* To the beginning of line `line`, whatever stands before it. */
static jihe_status skip_to_line(jh_csv *csv, uint32_t line, jihe_error *err)
{
    while (csv->line < line) {
        const char *lf = csv->len > csv->at ? memchr(csv->text + csv->at, '\n', csv->len - csv->at) : NULL;
        jihe_status st;

        if (lf != NULL) {
            csv->at = (size_t)(lf - csv->text) + 1;
            csv->line++;
            continue;
        }
        csv->at = csv->len;
        if (csv->ended)
            return JIHE_OK;
        if ((st = refill(csv, err)) != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}

static void mark_stops(jh_csv *csv)
{
    csv->stop[0] = STOP_PLAIN | STOP_QUOTED;
    csv->stop['\n'] = STOP_PLAIN | STOP_QUOTED;
    csv->stop['\r'] = STOP_PLAIN;
    csv->stop[(uint8_t)csv->dialect.delimiter] |= STOP_PLAIN;
    csv->stop[(uint8_t)csv->dialect.quote] |= STOP_PLAIN | STOP_QUOTED;
}

jihe_status jh_csv_open_blocks(jh_csv **out, const char *path, const jh_csv_dialect *dialect, size_t block_bytes,
                               jihe_error *err)
{
    jh_csv *csv = calloc(1, sizeof *csv);
    jihe_status st;

    *out = NULL;
    if (csv == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    csv->dialect = *dialect;
    csv->line = 1;
    csv->room = block_bytes;
    csv->text = malloc(csv->room);
    csv->fields = calloc(JH_CSV_MAX_FIELDS + 1, sizeof *csv->fields);
    mark_stops(csv);
    if (csv->text == NULL || csv->fields == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    else if ((st = jh_stream_open(&csv->stream, path, dialect->encoding, block_bytes, err)) == JIHE_OK)
        st = skip_to_line(csv, dialect->header, err);
    if (st != JIHE_OK) {
        jh_csv_close(csv);
        return st;
    }
    *out = csv;
    return JIHE_OK;
}

jihe_status jh_csv_open(jh_csv **out, const char *path, const jh_csv_dialect *dialect, jihe_error *err)
{
    return jh_csv_open_blocks(out, path, dialect, JH_CSV_BLOCK, err);
}

uint64_t jh_csv_bytes_read(const jh_csv *csv, uint64_t *total)
{
    return jh_source_bytes_read(jh_stream_source(csv->stream), total);
}

const char *jh_csv_name(const jh_csv *csv)
{
    return jh_source_name(jh_stream_source(csv->stream));
}

const jh_source *jh_csv_source(const jh_csv *csv)
{
    return jh_stream_source(csv->stream);
}

void jh_csv_close(jh_csv *csv)
{
    if (csv == NULL)
        return;
    jh_stream_close(csv->stream);
    jh_buf_deinit(&csv->unquoted);
    free(csv->fields);
    free(csv->text);
    free(csv);
}
