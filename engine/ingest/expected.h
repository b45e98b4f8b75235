#ifndef JH_INGEST_EXPECTED_H
#define JH_INGEST_EXPECTED_H

#include <stdbool.h>

#include "base/num.h"
#include "config/schema.h"
#include "ingest/dayset.h"
#include "ingest/ingest.h"

/* What the sender of an extract says it holds, against what was read. Rows are all rows read, rejected ones too. A
 * total is that of the documents to be stored, over all dates of the call: an amount in a rejected row is not in it. */
typedef struct jh_expected {
    bool has_rows;
    uint64_t rows;
    struct jh_expected_amount {
        size_t column; /* of the schema, of type money */
        jh_i128 minor;
    } totals[JH_MAX_COLUMNS];
    size_t total_count;
} jh_expected;

/* Each may be said once. `amount` is in major units, exact: "1234.50", "-3"; JIHE_USAGE when it is not, when it is
 * finer than the column's minor unit, or when there is no such money column. */
jihe_status jh_expected_rows(jh_expected *expected, const char *rows, size_t len, jihe_error *err);
jihe_status jh_expected_total(jh_expected *expected, const jh_schema *schema, const char *column, size_t column_len,
                              const char *amount, size_t amount_len, jihe_error *err);
bool jh_expected_any(const jh_expected *expected);

/* A control file: UTF-8 lines `key=value` or `key,value` (a first line `key,value` is a header), empty lines and lines
 * that begin with # left out; keys are `rows` and `total.COLUMN`. Adds to what is expected already. JIHE_DATA at the
 * line. */
jihe_status jh_expected_read(jh_expected *expected, const jh_schema *schema, const char *path, jihe_error *err);

/* JIHE_DATA with both figures of everything that does not agree. The set is complete and not sealed. */
jihe_status jh_expected_check(const jh_expected *expected, const jh_schema *schema, const jh_ingest_result *result,
                              const jh_dayset *days, jihe_error *err);

#endif
