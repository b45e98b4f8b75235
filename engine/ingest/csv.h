#ifndef JH_INGEST_CSV_H
#define JH_INGEST_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "config/workspace.h"
#include "ingest/fields.h"
#include "ingest/source.h"

/* RFC 4180 records from files (gzip transparently), bounded memory. Also reads filled work lists and rosters.
 *
 * Nothing is trimmed. An empty line is no record, also where a record has one field: a record of one empty field is
 * written "". A quoted field may hold delimiters, line ends and doubled quotes. A quote anywhere but at a field's
 * start, text behind a closing quote, a CR without LF outside quotes, a NUL, bytes that are not in the encoding and
 * more than JH_CSV_MAX_FIELDS fields make a bad record. After a misplaced quote nobody can tell what is quoted: the
 * next record starts behind the next LF. All other bad records end where they would have ended. */

enum {
    JH_CSV_MAX_FIELD  = 1 << 20, /* bytes as written, without the quotes; a longer one is almost surely an open quote */
    JH_CSV_MAX_RECORD = 8 << 20, /* bytes; the reader holds at most three times as much */
    JH_CSV_MAX_FIELDS = 4096,
    JH_CSV_BLOCK      = 1 << 20  /* bytes read at a time */
};

typedef struct jh_csv jh_csv;

/* "-" is standard input. The first record given is the one in line dialect->header, or the first below if that line is
 * empty: what stands above is skipped unread. */
jihe_status jh_csv_open(jh_csv **out, const char *path, const jh_csv_dialect *dialect, jihe_error *err);

/* The same, reading `block_bytes` (at least 1) at a time: for tests of block borders. */
jihe_status jh_csv_open_blocks(jh_csv **out, const char *path, const jh_csv_dialect *dialect, size_t block_bytes,
                               jihe_error *err);

/* JIHE_NOT_FOUND at the end, or at the footer: then the rest has been read, unlooked at, so that a broken compressed
 * file is still noticed. JIHE_DATA when no further record can be found (quote open at the end of the file, field
 * too long, broken gzip): the error carries the position where the trouble began. */
jihe_status jh_csv_next(jh_csv *csv, jh_record *record, jihe_error *err);

/* The text behind the last record given out, as it stands in the file (UTF-8); `got` is less than `room` only at the
 * end, or where the file is broken: what could be read is in `to`, and every further call fails like this one.
 * jh_csv_next is not to be called afterwards. */
jihe_status jh_csv_rest(jh_csv *csv, char *to, size_t room, size_t *got, jihe_error *err);
uint64_t    jh_csv_at_line(const jh_csv *csv);  /* in which that text begins */
char        jh_csv_quote(const jh_csv *csv);

uint64_t    jh_csv_bytes_read(const jh_csv *csv, uint64_t *total); /* of the file as stored; total 0 when unknown */
const char *jh_csv_name(const jh_csv *csv); /* the path, or "standard input": for messages */
const jh_source *jh_csv_source(const jh_csv *csv);
void        jh_csv_close(jh_csv *csv);

#endif
