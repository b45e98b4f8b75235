#include "ingest/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/csv.h"

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

/* The scan of one record, from `start`; thrown away and begun again when the record does not end before `end`. */
typedef struct scan {
    const char *start, *p, *end;
    bool final; /* `end` is the end of the file */
    uint64_t line;
    const char *mark; /* a place whose column is known: the last line's or field's beginning */
    uint32_t mark_column;
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

uint32_t jh_csv_line(uint64_t line)
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
static progress end_field(const jh_csv_scanner *csv, scan *s)
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

static progress plain_field(const jh_csv_scanner *csv, scan *s, jh_field *field)
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
static void undouble(jh_csv_scanner *csv, const scan *s, const char *p, jh_field *field)
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
static progress find_close(const jh_csv_scanner *csv, scan *s, bool *doubled)
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

static progress quoted_field(jh_csv_scanner *csv, scan *s, jh_field *field)
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

static progress scan_record(jh_csv_scanner *csv, scan *s)
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
        csv->last = field;
        field->line = jh_csv_line(s->line);
        field->column = s->mark_column;
        ends = s->p < s->end && *s->p == csv->dialect.quote ? quoted_field(csv, s, field) : plain_field(csv, s, field);
    } while (ends == FIELD_ENDS);
    return ends;
}

/* Line and column of a byte of the record. */
static void locate(const scan *s, uint64_t line, const char *at, uint32_t *found_line, uint32_t *column)
{
    const char *from = s->start, *lf;

    while ((lf = memchr(from, '\n', (size_t)(at - from))) != NULL) {
        from = lf + 1;
        line++;
    }
    *found_line = jh_csv_line(line);
    *column = 1 + jh_text_code_points(from, (size_t)(at - from));
}

static trouble encoding_trouble(const jh_csv_scanner *csv, const jh_record *record)
{
    jh_buf decoded = {0};
    jihe_status st;

    if (csv->dialect.encoding == JH_ENCODING_GB18030)
        return NOT_GB;
    st = jh_text_from_gb18030(record->raw, record->raw_len, &decoded, NULL);
    jh_buf_deinit(&decoded);
    return st == JIHE_OK ? NOT_UTF8_BUT_GB : NOT_UTF8;
}

static void finish_record(const jh_csv_scanner *csv, scan *s, jh_record *record)
{
    size_t valid;

    record->raw_len = (size_t)(s->p - s->start);
    if (record->raw_len > 0 && s->p[-1] == '\n')
        record->raw_len -= record->raw_len > 1 && s->p[-2] == '\r' ? 2 : 1;
    valid = jh_text_utf8_valid(record->raw, record->raw_len);
    if (valid < record->raw_len && s->bad == FINE)
        note(s, encoding_trouble(csv, record), record->raw + valid);
    if (s->bad == FINE)
        return;
    record->count = 0;
    record->bad = troubles[s->bad].text;
    record->bad_code = troubles[s->bad].code;
    locate(s, record->line, s->bad_at, &record->bad_line, &record->bad_column);
}

jh_csv_found jh_csv_scan(jh_csv_scanner *csv, const char *text, size_t len, bool final, uint64_t line,
                         jh_record *record, size_t *used, uint64_t *next)
{
    scan s = {
        .start = text, .p = text, .end = text + len, .final = final, .line = line, .mark = text, .mark_column = 1};
    const progress ends = scan_record(csv, &s);

    *record = (jh_record){.fields = csv->fields, .count = csv->count, .line = line, .raw = text};
    *used = (size_t)(s.p - text);
    *next = s.line;
    switch (ends) {
    case FIELD_TOO_LONG:
        return JH_CSV_FIELD_TOO_LONG;
    case QUOTE_OPEN:
        return JH_CSV_QUOTE_OPEN;
    case RECORD_ENDS:
        break;
    default:
        return JH_CSV_UNFINISHED;
    }
    if (csv->unquoted.failed)
        return JH_CSV_NO_MEMORY;
    finish_record(csv, &s, record);
    return JH_CSV_RECORD;
}

size_t jh_csv_empty_lines(const char *text, size_t len, uint64_t *line)
{
    size_t at = 0;

    for (;; ++*line) {
        if (at < len && text[at] == '\n')
            at++;
        else if (at + 1 < len && text[at] == '\r' && text[at + 1] == '\n')
            at += 2;
        else
            return at;
    }
}

bool jh_csv_is_footer(const jh_csv_dialect *dialect, const jh_record *record)
{
    const char *footer = dialect->footer;
    size_t i = 0;

    if (footer == NULL)
        return false;
    while (i < record->count && record->fields[i].len == 0)
        i++;
    return i < record->count && record->fields[i].len >= strlen(footer) &&
           memcmp(record->fields[i].text, footer, strlen(footer)) == 0;
}

jihe_status jh_csv_give_up(const jh_csv_scanner *scanner, jh_csv_found why, const char *name, uint64_t line,
                           jihe_error *err)
{
    const jh_field *field = scanner->last;

    switch (why) {
    case JH_CSV_QUOTE_OPEN:
        return jh_fail_at(err, JIHE_DATA, name, field->line, field->column,
                          "the quote opened here is never closed; close it, or double it if it is part of the text");
    case JH_CSV_FIELD_TOO_LONG:
        return jh_fail_at(err, JIHE_DATA, name, field->line, field->column,
                          "the field that begins here is longer than %d bytes; an open quote is the usual cause",
                          JH_CSV_MAX_FIELD);
    case JH_CSV_UNFINISHED:
        return jh_fail_at(err, JIHE_DATA, name, jh_csv_line(line), 1,
                          "the record that begins here is longer than %d bytes", JH_CSV_MAX_RECORD);
    default:
        return jh_fail(err, JIHE_NO_MEMORY, "reading a record of '%s'", name);
    }
}

static void mark_stops(jh_csv_scanner *csv)
{
    csv->stop[0] = STOP_PLAIN | STOP_QUOTED;
    csv->stop['\n'] = STOP_PLAIN | STOP_QUOTED;
    csv->stop['\r'] = STOP_PLAIN;
    csv->stop[(uint8_t)csv->dialect.delimiter] |= STOP_PLAIN;
    csv->stop[(uint8_t)csv->dialect.quote] |= STOP_PLAIN | STOP_QUOTED;
}

jihe_status jh_csv_scanner_init(jh_csv_scanner *scanner, const jh_csv_dialect *dialect, jihe_error *err)
{
    *scanner = (jh_csv_scanner){.dialect = *dialect};
    mark_stops(scanner);
    scanner->fields = calloc(JH_CSV_MAX_FIELDS + 1, sizeof *scanner->fields);
    return scanner->fields != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "preparing to read CSV");
}

void jh_csv_scanner_deinit(jh_csv_scanner *scanner)
{
    free(scanner->fields);
    jh_buf_deinit(&scanner->unquoted);
    *scanner = (jh_csv_scanner){0};
}
