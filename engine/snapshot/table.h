#ifndef JH_SNAPSHOT_TABLE_H
#define JH_SNAPSHOT_TABLE_H

#include "base/buf.h"
#include "snapshot/stored.h"

/* Encoding TABLE (FORMAT.md): several columns of numbers in one value, each as a FIXED column without missing values
 * is. For tallies, which are often too small to deserve a page per column. Shared by engine/snapshot only. */

/* A table that is being written. */
typedef struct jh_table {
    jh_buf *out;
    size_t at; /* where the value starts in `out` */
    uint32_t rows, columns, next;
} jh_table;

/* `out` is empty; a failure shows in out->failed. Each column once, in order, `rows` values each. */
void jh_table_begin(jh_table *table, jh_buf *out, uint32_t rows, uint32_t columns);
void jh_table_column(jh_table *table, const int64_t *values);
void jh_table_end(jh_table *table, const uint8_t key[JH_KEY_BYTES]); /* the value is all of `out` */

/* The structure of a value whose frame is right, and which has so many columns. JIHE_CORRUPT. */
jihe_status jh_table_check(const jh_stored *header, uint32_t columns, jihe_error *err);
void jh_table_views(const jh_stored *header, uint32_t columns, jh_col_view *views); /* of a value that was checked */

#endif
