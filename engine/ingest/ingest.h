#ifndef JH_INGEST_INGEST_H
#define JH_INGEST_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "config/workspace.h"
#include "ingest/query.h"
#include "ingest/rejects.h"
#include "snapshot/writer.h"

/* Extract files, or the rows of a database query, to sealed snapshots: all dates of a call are published, or none is (a crash between two renames is
 * finished by the rerun, which finds the published ones unchanged). The same documents in the same order give the same
 * snapshot. A date that is sealed with the same content stays as it is; one with other content refuses the whole ingest,
 * or becomes the next revision where that is asked for; the earlier revision stays.
 *
 * Reasons in the reject file, stable; a row is rejected for the first of them:
 *   the record cannot be read     csv-quote, csv-line-end, csv-nul, csv-fields, csv-encoding,
 *                                 ndjson-syntax, ndjson-encoding, ndjson-name (twice in one object, too many),
 *                                 ndjson-shape (nested where a value is declared, no object), ndjson-depth, ndjson-nul,
 *                                 msgpack-encoding, msgpack-name, msgpack-shape, msgpack-type, msgpack-nul,
 *                                 odbc-encoding, odbc-nul
 *   it has other fields           field-count
 *   a cell does not fit           id-missing, id-control, id-too-long, category-too-long, text-too-long,
 *                                 money-malformed, money-finer, money-too-large, integer-malformed, date-malformed,
 *                                 time-malformed, time-skipped, flag-malformed, private-use, list-control,
 *                                 list-separator, list-too-long, currency-missing, currency-unknown
 *   the business date             date-missing, other-date
 *   the id is taken               duplicate-id */

enum { JH_INGEST_MAX_DATES = 4096 }; /* eleven years; more is a wrong column or format */

typedef struct jh_ingest_options {
    const char *const *files;    /* "-" is standard input; several files are one extract, in order */
    size_t             file_count;
    const jh_query    *query;    /* NULL; else the extract is what a database gives, and there are no files */
    bool               split;    /* one snapshot per business date found in the rows */
    int32_t            date;     /* without split: the business date of all rows */
    uint64_t           max_rejects;
    const struct jh_expected *expected; /* what the extract must come to (expected.h); NULL: nothing is said */
    uint32_t           threads;  /* 0: one */
    bool               by_record; /* CSV too is read record by record: what the quick way is held against */
    size_t             parcel_bytes; /* of CSV that are loaded at a time; 0: the usual. For tests: nothing depends on it */
    bool               revise;   /* a date sealed with other content gets its next revision */
    /* NULL: none; bytes_total 0: unknown */
    void (*progress)(void *context, uint64_t rows, uint64_t bytes, uint64_t bytes_total);
    void              *progress_context;
} jh_ingest_options;

typedef struct jh_ingest_date {
    int32_t  date;
    uint32_t revision;
    uint64_t rows;
    bool     unchanged; /* the same content was already sealed */
    char     sha256[65];
} jh_ingest_date;

typedef struct jh_ingest_result {
    uint64_t rows_read, rows_stored, rows_rejected; /* read = stored + rejected, always */
    uint64_t columns_ignored;                       /* source columns no declaration names; the most in one file */
    jh_buf   ignored_names;                         /* the first JH_BINDING_NAMED of them, each with its NUL; owned */
    char     reject_file[512];                      /* "" when nothing was rejected */
    jh_reject_count reasons[JH_REJECT_REASONS];     /* rows_rejected by reason, in order of first appearance */
    size_t   reason_count;
    jh_ingest_date *dates; /* in order of date; owned */
    size_t   date_count;
} jh_ingest_result;

/* JIHE_DATA when rows_rejected > max_rejects or the structure of a file is broken: then nothing is published, the
 * result's counts and reject_file are still filled, rows_stored being the good rows so far. JIHE_DATA too when every
 * row is rejected, however many may be: without split, a date without documents is sealed when the extract has none,
 * not when it has none that can be read. JIHE_DATA too when rows and totals are not what was expected. The caller holds the workspace lock. */
jihe_status jh_ingest(jh_ingest_result *result, const char *workspace, const jh_workspace_config *config,
                      const jh_ingest_options *options, jihe_error *err);
void        jh_ingest_result_deinit(jh_ingest_result *result);

#endif
