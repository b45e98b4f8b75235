#ifndef JIHE_ROWS_H
#define JIHE_ROWS_H

#include <stddef.h>

#include "jihe/error.h"

JIHE_BEGIN

/** A result to be read row by row or written out whole. Freed by jihe_rows_free; the workspace it came from must stay
 * open until then. Not safe to share between threads. */
typedef struct jihe_rows jihe_rows;

typedef enum jihe_format {
    JIHE_TABLE  = 0, /**< aligned columns for people */
    JIHE_CSV    = 1, /**< RFC 4180, UTF-8, LF */
    JIHE_JSON   = 2, /**< one array of objects */
    JIHE_NDJSON = 3  /**< one object a line */
} jihe_format;

enum {
    JIHE_CSV_BOM   = 1, /**< byte order mark and CRLF, for spreadsheets */
    JIHE_CSV_GUARD = 2  /**< text cells that a spreadsheet would run as a formula get a leading apostrophe */
};

typedef struct jihe_write_options {
    jihe_format format;
    unsigned    csv_flags; /**< JIHE_CSV_* bits */
    const char *lang;      /**< "en" or "zh": titles of tables; NULL: "en" */
} jihe_write_options;

/** Where bytes go. Returns 0, or an errno that ends the writing. */
typedef int (*jihe_put)(void *context, const void *bytes, size_t len);

JIHE_API size_t      jihe_rows_columns(const jihe_rows *rows);
JIHE_API const char *jihe_rows_name(const jihe_rows *rows, size_t column); /**< English, stable; borrowed */

/** Moves to the next row. @retval JIHE_NOT_FOUND  there is none */
JIHE_API jihe_status jihe_rows_next(jihe_rows *rows, jihe_error *err);

/** The current row's cell as text as in CSV, without quoting; NULL when it has no value, "" when there is no memory.
 * Borrowed until the next row. */
JIHE_API const char *jihe_rows_text(const jihe_rows *rows, size_t column);

/** Writes the rows that are left. @retval JIHE_IO  `put` failed */
JIHE_API jihe_status jihe_rows_write(jihe_rows *rows, const jihe_write_options *options, jihe_put put, void *context,
                                     jihe_error *err);
JIHE_API void        jihe_rows_free(jihe_rows *rows); /**< NULL accepted */

JIHE_END

#endif
