#ifndef JH_REPORT_ROWS_INT_H
#define JH_REPORT_ROWS_INT_H

/* Shared by the row writers of engine/report only. Others use report/rows.h. */

#include "report/outlet.h"
#include "report/rows.h"

enum { JH_LIST_SEPARATOR = 0x1F };

/* A form that is written as the rows come: each part appends to `out`. `index` counts rows from 0. */
typedef struct jh_row_form {
    void (*head)(jh_buf *out, const jh_rows *rows, uint32_t csv_flags);
    void (*row)(jh_buf *out, const jh_rows *rows, const jh_out_cell *cells, uint64_t index, uint32_t csv_flags);
    void (*foot)(jh_buf *out, uint64_t count);
} jh_row_form;

extern const jh_row_form jh_form_csv;
extern const jh_row_form jh_form_json;
extern const jh_row_form jh_form_ndjson;

/* The aligned table looks ahead to measure. `cells` has room for one row. JIHE_OK may still leave a failed outlet. */
jihe_status jh_table_write(jh_rows *rows, jh_out_cell *cells, bool zh, jh_outlet *outlet, jihe_error *err);

/* Digits, true or false: the kinds that look the same in every form. False, with nothing written, for the others. */
bool jh_cell_plain(jh_buf *out, const jh_out_cell *cell);

/* A JSON object or a CSV header with the same name twice cannot be read back: JIHE_CONFIG, as names come from
 * jihe.yaml. */
jihe_status jh_columns_check(const jh_out_column *columns, size_t count, jihe_error *err);

/* One copy of the columns with their texts, one block to free. NULL: no memory. */
jh_out_column *jh_columns_copy(const jh_out_column *columns, size_t count);

#endif
