#include "ingest/csv.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/csv_scan.h"
#include "ingest/stream.h"

struct jh_csv {
    jh_stream *stream;
    jh_csv_scanner scanner;
    char *text; /* text[at..len) is not yet given out */
    size_t at, len, room;
    bool ended;         /* text[len] is the end of the file */
    bool begun;         /* the header has been given out: what follows may be the footer */
    bool closed;        /* the footer has been met */
    jihe_status broken; /* not JIHE_OK: the file cannot be read further than text[len]; `why` says so */
    jihe_error why;
    uint64_t line; /* of text[at] */
};

/* From the file. Where that is broken it stays so: what could be read comes first. */
static jihe_status read_on(jh_csv *csv, char *to, size_t room, size_t *got, jihe_error *err)
{
    *got = 0;
    if (csv->broken == JIHE_OK)
        csv->broken = jh_stream_read(csv->stream, to, room, got, &csv->why);
    if (csv->broken != JIHE_OK && err != NULL)
        *err = csv->why;
    return csv->broken;
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
    st = read_on(csv, csv->text + csv->len, csv->room - csv->len, &got, err);
    csv->ended = st == JIHE_OK && got < csv->room - csv->len;
    csv->len += got;
    if (st == JIHE_DATA && err != NULL) /* the compressed data are broken somewhere behind this line */
        err->line = jh_csv_line(csv->line);
    return got > 0 ? JIHE_OK : st;
}

static jihe_status next_record(jh_csv *csv, jh_record *record, jihe_error *err)
{
    for (;;) {
        size_t held, length, used;
        jh_csv_found found;
        uint64_t next;
        jihe_status st;

        csv->at += jh_csv_empty_lines(csv->text + csv->at, csv->len - csv->at, &csv->line);
        held = csv->len - csv->at;
        length = held < JH_CSV_MAX_RECORD ? held : JH_CSV_MAX_RECORD;
        if (csv->closed || (held == 0 && csv->ended))
            return JIHE_NOT_FOUND;
        found = JH_CSV_UNFINISHED;
        if (held > 0)
            found = jh_csv_scan(&csv->scanner, csv->text + csv->at, length, csv->ended && length == held, csv->line,
                                record, &used, &next);
        if (found == JH_CSV_RECORD) {
            csv->at += used;
            csv->line = next;
            return JIHE_OK;
        }
        if (found != JH_CSV_UNFINISHED || length == JH_CSV_MAX_RECORD)
            return jh_csv_give_up(&csv->scanner, found, jh_csv_name(csv), csv->line, err);
        if ((st = refill(csv, err)) != JIHE_OK)
            return st;
    }
}

/* The data end here: the rest is read, for a compressed file that breaks further on, and dropped. */
static jihe_status close_at_footer(jh_csv *csv, const jh_record *footer, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    csv->closed = true;
    csv->line = footer->line; /* for the message */
    while (!csv->ended && st == JIHE_OK) {
        csv->at = csv->len;
        st = refill(csv, err);
    }
    return st == JIHE_OK ? JIHE_NOT_FOUND : st;
}

jihe_status jh_csv_next(jh_csv *csv, jh_record *record, jihe_error *err)
{
    const jihe_status st = next_record(csv, record, err);
    const bool ends = st == JIHE_OK && csv->begun && jh_csv_is_footer(&csv->scanner.dialect, record);

    csv->begun = true;
    return ends ? close_at_footer(csv, record, err) : st;
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

jihe_status jh_csv_open_blocks(jh_csv **out, const char *path, const jh_csv_dialect *dialect, size_t block_bytes,
                               jihe_error *err)
{
    jh_csv *csv = calloc(1, sizeof *csv);
    jihe_status st;

    *out = NULL;
    if (csv == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    csv->line = 1;
    csv->room = block_bytes;
    csv->text = malloc(csv->room);
    if (csv->text == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    else if ((st = jh_csv_scanner_init(&csv->scanner, dialect, err)) == JIHE_OK &&
             (st = jh_stream_open(&csv->stream, path, dialect->encoding, block_bytes, err)) == JIHE_OK)
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

jihe_status jh_csv_rest(jh_csv *csv, char *to, size_t room, size_t *got, jihe_error *err)
{
    const size_t held = csv->len - csv->at, part = held < room ? held : room;
    size_t more = 0;
    jihe_status st = JIHE_OK;

    memcpy(to, csv->text + csv->at, part);
    csv->at += part;
    if (part < room && !csv->ended)
        st = read_on(csv, to + part, room - part, &more, err);
    *got = part + more;
    csv->ended |= st == JIHE_OK && *got < room;
    return st;
}

uint64_t jh_csv_at_line(const jh_csv *csv)
{
    return csv->line;
}

char jh_csv_quote(const jh_csv *csv)
{
    return csv->scanner.dialect.quote;
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
    jh_csv_scanner_deinit(&csv->scanner);
    free(csv->text);
    free(csv);
}
