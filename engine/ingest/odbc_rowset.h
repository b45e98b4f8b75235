#ifndef JH_INGEST_ODBC_ROWSET_H
#define JH_INGEST_ODBC_ROWSET_H

#include "ingest/fields.h"
#include "ingest/odbc_link.h"

/* The result of a query: its columns, and its rows fetched in arrays. Everything is fetched as text. */

enum {
    JH_ODBC_ROWS = 1000,         /* of one array, fewer when they are wide */
    JH_ODBC_ARRAY_MAX = 8 << 20, /* bytes of one array */
    JH_ODBC_CELL_MAX = 1024      /* bytes bound for a value; one that has more is fetched again, whole */
};

typedef struct jh_odbc_column {
    char *name;         /* UTF-8; "" when it is too long or no text */
    SQLSMALLINT target; /* SQL_C_WCHAR, or SQL_C_CHAR for types whose text is ASCII */
    size_t room;        /* bytes of a bound value with its terminator; 0: nobody wants the column */
    uint8_t *values;    /* one array */
    SQLLEN *lengths;    /* per row: bytes that the value has, or SQL_NULL_DATA, SQL_NO_TOTAL */
} jh_odbc_column;

typedef struct jh_odbc_rowset {
    const jh_odbc_link *link;
    jh_odbc_column *columns;
    size_t count;
    size_t array;           /* rows of one array */
    SQLULEN fetched;        /* rows in the array at hand */
    size_t row;             /* the current one of them */
    uint64_t number;        /* of the current row in the result, from 1 */
    SQLUSMALLINT *status;   /* per row of the array */
    SQLUINTEGER again;      /* SQL_GD_* bits: how the driver gives a bound value again */
    jh_buf whole;           /* a value fetched again, as the driver gives it */
} jh_odbc_rowset;

/* Reads the columns of the result that link->statement holds. JIHE_USAGE when there is none. */
jihe_status jh_odbc_rowset_init(jh_odbc_rowset *rowset, const jh_odbc_link *link, jihe_error *err);

/* Binds the columns for which wanted[i] is true; before the first row. */
jihe_status jh_odbc_rowset_bind(jh_odbc_rowset *rowset, const bool *wanted, jihe_error *err);

/* Goes to the next row. JIHE_NOT_FOUND behind the last, JIHE_USAGE when a second result follows. */
jihe_status jh_odbc_rowset_next(jh_odbc_rowset *rowset, jihe_error *err);

typedef enum jh_odbc_text { JH_ODBC_TEXT, JH_ODBC_NULL, JH_ODBC_NOT_UNICODE } jh_odbc_text;

/* Appends a value of the current row as UTF-8, whole: a value is never cut. JIHE_DATA when the driver cannot give all
 * of it, or when the row has more than JH_RECORD_MAX bytes. */
jihe_status jh_odbc_rowset_value(jh_odbc_rowset *rowset, size_t column, jh_buf *out, jh_odbc_text *kind,
                                 jihe_error *err);

void jh_odbc_rowset_deinit(jh_odbc_rowset *rowset); /* a zeroed one is fine; before the link is closed */

#endif
