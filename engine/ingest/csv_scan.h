#ifndef JH_INGEST_CSV_SCAN_H
#define JH_INGEST_CSV_SCAN_H

#include "base/buf.h"
#include "config/workspace.h"
#include "ingest/fields.h"

/* One record of CSV in memory, byte by byte: what a record is, and every reason why it may be none, is decided here
 * (csv.h says which). csv.c reads files with it; the quicker csv_index.h knows only records without any trouble and
 * leaves all others to this one. */
typedef struct jh_csv_scanner {
    jh_csv_dialect dialect;
    uint8_t stop[256]; /* which bytes stop the scan of a field */
    jh_field *fields;  /* of the record scanned last */
    size_t count;
    const jh_field *last; /* the field at which the last scan stopped */
    jh_buf unquoted; /* fields with doubled quotes, of that record */
} jh_csv_scanner;

typedef enum jh_csv_found {
    JH_CSV_RECORD,
    JH_CSV_UNFINISHED,     /* the record does not end in the text at hand */
    JH_CSV_FIELD_TOO_LONG, /* more than JH_CSV_MAX_FIELD bytes */
    JH_CSV_QUOTE_OPEN,     /* at the end of the file */
    JH_CSV_NO_MEMORY
} jh_csv_found;

jihe_status jh_csv_scanner_init(jh_csv_scanner *scanner, const jh_csv_dialect *dialect, jihe_error *err);
void jh_csv_scanner_deinit(jh_csv_scanner *scanner); /* a zeroed one is fine */

/* The record that begins at text[0], in line `line` of the file; `final` when text[len] is the end of the file. Its
 * fields are valid until the next call. *used are the bytes of it with its line end, *next the line behind it. */
jh_csv_found jh_csv_scan(jh_csv_scanner *scanner, const char *text, size_t len, bool final, uint64_t line,
                         jh_record *record, size_t *used, uint64_t *next);

/* Bytes of empty lines at text[0], which are no records; *line counts them. */
size_t jh_csv_empty_lines(const char *text, size_t len, uint64_t *line);

/* Does the record begin as the dialect's footer does? */
bool jh_csv_is_footer(const jh_csv_dialect *dialect, const jh_record *record);

uint32_t jh_csv_line(uint64_t line); /* for messages: 32 bits are enough */

/* JIHE_DATA for what the last jh_csv_scan gave up at; `name` is the file's, `line` the record's. */
jihe_status jh_csv_give_up(const jh_csv_scanner *scanner, jh_csv_found why, const char *name, uint64_t line,
                           jihe_error *err);

#endif
