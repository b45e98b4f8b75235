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
} jihe_ingest_options;

/** Always filled: rows_read = rows_stored + rows_rejected. */
typedef struct jihe_ingest_summary {
    uint64_t rows_read, rows_stored, rows_rejected;
    uint64_t columns_ignored;  /**< columns of the extract that jihe.yaml does not name */
    char     reject_file[512]; /**< "" when no row was rejected */
} jihe_ingest_summary;

/** Extract files into sealed snapshots: all of them, or none.
 *  @param[out] summary    filled also when rows were rejected
 *  @param[out] snapshots  date, revision, rows, unchanged, sha256; owned by the caller; NULL on failure
 *  @retval JIHE_DATA      rows were rejected beyond max_rejects, or a file is broken; nothing was stored
 *  @retval JIHE_NO_INPUT  a file is not there */
JIHE_API jihe_status jihe_ingest(jihe_ingest_summary *summary, jihe_rows **snapshots, jihe_workspace *workspace,
                                 const jihe_ingest_options *options, jihe_error *err);

JIHE_END

#endif
