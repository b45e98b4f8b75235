#ifndef JIHE_INGEST_H
#define JIHE_INGEST_H

#include <stddef.h>

#include "jihe/workspace.h"

JIHE_BEGIN

typedef struct jihe_ingest_options {
    uint32_t           size;        /**< sizeof this struct */
    const char *const *files;       /**< "-" is standard input; gzip and zstd are undone; several files are one extract */
    size_t             file_count;
    const char        *date;        /**< YYYY-MM-DD: the business date of all rows; NULL: one snapshot per date found */
    uint64_t           max_rejects; /**< more rejected rows than this and nothing is stored */
    void (*progress)(void *context, uint64_t rows, uint64_t bytes, uint64_t bytes_total); /**< may be NULL */
    void              *progress_context;
    int                revise;      /**< not 0: a date sealed with other content gets its next revision; the earlier one stays */
    /* What the sender says the extract holds; when it does not agree nothing is stored. Rows are all rows read; a total is in
     * major units, exact, and of the documents to be stored, over all dates: rejected rows are not in it. */
    const char        *expect_rows;        /**< "12000"; NULL: not said */
    const char *const *expect_totals;      /**< "amount=1234.50", at most one for each money column */
    size_t             expect_total_count;
    const char        *control;            /**< a file that says the same, in lines rows=N and total.COLUMN=X; NULL: none */
    /* Instead of files: the rows of one SQL query, over ODBC. Columns are found by name, as in a header row. */
    const char        *odbc;               /**< a data source of odbc.ini, or a connection string; NULL: files */
    const char        *odbc_query;         /**< the SQL, or "@FILE" for a file that holds it; UTF-8; it may only read */
    const char        *odbc_password;      /**< used unless `odbc` has one; NULL: none; never in a message */
} jihe_ingest_options;

enum { JIHE_REJECT_REASONS = 64, JIHE_IGNORED_NAMES = 16, JIHE_EMPTIED_COLUMNS = 16 };

typedef struct jihe_reject_reason {
    char     reason[32]; /**< a stable code, as in the reject file */
    uint64_t rows;
} jihe_reject_reason;

/** A column without any value in a new snapshot, where the date before makes one expect ten or more. */
typedef struct jihe_emptied_column {
    char     column[72];
    char     date[16], before[16]; /**< YYYY-MM-DD, the new snapshot's and that of the one before */
    uint64_t before_present, before_rows; /**< documents with a value, and all, in the one before */
} jihe_emptied_column;

/** Always filled: rows_read = rows_stored + rows_rejected. */
typedef struct jihe_ingest_summary {
    uint64_t rows_read, rows_stored, rows_rejected;
    uint64_t columns_ignored;  /**< columns of the extract that jihe.yaml does not name */
    char     reject_file[512]; /**< "" when no row was rejected */
    uint64_t reason_count;     /**< different reasons; their rows add up to rows_rejected */
    jihe_reject_reason reasons[JIHE_REJECT_REASONS]; /**< in order of first appearance */
    uint64_t ignored_count;    /**< names below; at most columns_ignored */
    char     ignored[JIHE_IGNORED_NAMES][64]; /**< of columns that jihe.yaml does not name; long ones are cut */
    uint64_t emptied_count;
    jihe_emptied_column emptied[JIHE_EMPTIED_COLUMNS]; /**< the first of them; when snapshots were stored */
} jihe_ingest_summary;

/** Extract files, or a query's rows, into sealed snapshots: all of them, or none. A date that is sealed with the same content is left as it is.
 *  @param[out] summary    filled also when rows were rejected
 *  @param[out] snapshots  date, revision, rows, unchanged, sha256; owned by the caller; NULL on failure
 *  @retval JIHE_DATA      rows were rejected beyond max_rejects, a file is broken, a date is sealed with other content, or
 *                         rows or totals are not what was expected; nothing was stored
 *  @retval JIHE_NO_INPUT  a file is not there
 *  @retval JIHE_USAGE     the query is not one that the database takes
 *  @retval JIHE_UNAVAILABLE  the database, or its driver, is not there, refuses, or went away; nothing was stored */
JIHE_API jihe_status jihe_ingest(jihe_ingest_summary *summary, jihe_rows **snapshots, jihe_workspace *workspace,
                                 const jihe_ingest_options *options, jihe_error *err);

JIHE_END

#endif
