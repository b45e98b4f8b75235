#ifndef JH_REPORT_ROWS_H
#define JH_REPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* A table in memory or in flight: what every command prints. Producers describe columns and give rows one by one;
 * writers turn them into an aligned table, CSV, JSON or NDJSON. */

typedef enum jh_cell_kind {
    JH_CELL_NONE = 0, /* missing: empty in CSV and tables, null in JSON */
    JH_CELL_TEXT,
    JH_CELL_INT,      /* int64 */
    JH_CELL_UINT,     /* uint64 */
    JH_CELL_NUMBER,   /* digits already formatted: money, rates, probabilities; a bare number in JSON and CSV; a tiny one
                         may have an exponent: 2.4e-78 */
    JH_CELL_BOOL,
    JH_CELL_LIST      /* text with items separated by '\x1F': ';' in CSV and tables, an array in JSON */
} jh_cell_kind;

typedef struct jh_out_cell {
    jh_cell_kind kind;
    const char  *text; /* TEXT, NUMBER, LIST; borrowed until the next row */
    size_t       len;
    int64_t      i;
    uint64_t     u;
    bool         b;
} jh_out_cell;

typedef struct jh_out_column {
    const char *name;   /* English, stable: CSV header and JSON key */
    const char *zh;     /* title in tables with --lang zh; NULL: the name */
} jh_out_column;

typedef struct jh_rows jh_rows;
typedef struct jh_rows_ops {
    /* JIHE_NOT_FOUND at the end. Fills `count` cells. */
    jihe_status (*next)(void *self, jh_out_cell *cells, jihe_error *err);
    void (*free)(void *self); /* may be NULL */
} jh_rows_ops;

/* Takes over `self` (freed by ops->free, also when this fails); columns are copied. */
jihe_status jh_rows_new(jh_rows **out, const jh_out_column *columns, size_t count, const jh_rows_ops *ops, void *self,
                        jihe_error *err);
void        jh_rows_free(jh_rows *rows);
size_t               jh_rows_count(const jh_rows *rows);
const jh_out_column *jh_rows_columns(const jh_rows *rows);
jihe_status jh_rows_next(jh_rows *rows, jh_out_cell *cells, jihe_error *err);

/* A table collected row by row, then read as jh_rows (texts are copied). */
typedef struct jh_grid jh_grid;
jihe_status jh_grid_new(jh_grid **out, const jh_out_column *columns, size_t count, jihe_error *err);
jihe_status jh_grid_add(jh_grid *grid, const jh_out_cell *cells, jihe_error *err);
jihe_status jh_grid_rows(jh_rows **out, jh_grid *grid, jihe_error *err); /* takes the grid over, also when it fails */
void        jh_grid_free(jh_grid *grid);

jh_out_cell jh_cell_none(void);
jh_out_cell jh_cell_text(const char *text);
jh_out_cell jh_cell_str(const char *text, size_t len);
jh_out_cell jh_cell_int(int64_t value);
jh_out_cell jh_cell_uint(uint64_t value);
jh_out_cell jh_cell_number(const char *digits);
jh_out_cell jh_cell_bool(bool value);

/* Where written bytes go: 0 or an errno. */
typedef struct jh_sink {
    int (*put)(void *context, const void *bytes, size_t len);
    void *context;
} jh_sink;

typedef enum jh_format { JH_FORMAT_TABLE, JH_FORMAT_CSV, JH_FORMAT_JSON, JH_FORMAT_NDJSON } jh_format;

enum {
    JH_CSV_BOM   = 1u, /* start with a UTF-8 byte order mark, lines end with CRLF (for spreadsheets) */
    JH_CSV_GUARD = 2u  /* text cells beginning with = + - @ TAB CR LF NUL or their full-width forms get a leading ' */
};

/* Writes all rows. CSV: header, RFC 4180 quoting where needed. TABLE: columns aligned by display width (Chinese counts
 * two), numbers to the right. JSON: an array of objects; NDJSON: one object a line. `lang` "zh" or "en" touches TABLE
 * titles only. */
jihe_status jh_rows_write(jh_rows *rows, jh_format format, uint32_t csv_flags, const char *lang, jh_sink sink,
                          jihe_error *err);

/* CSV pieces, for streams that are not jh_rows. */
void jh_csv_put(jh_buf *out, const char *text, size_t len, uint32_t csv_flags,
                bool is_text);                               /* one cell, quoted where needed */
void jh_json_put(jh_buf *out, const char *text, size_t len); /* one JSON string with quotes */

#endif
