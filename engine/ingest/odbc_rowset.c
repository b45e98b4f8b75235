#include "ingest/odbc_rowset.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/csv.h"
#include "ingest/record_kind.h"
#include "ingest/utf16.h"

enum {
    NAME_UNITS = 1024, /* of a column's name */
    CELL_MIN = 64,     /* bytes bound for a value whatever the driver says: SQLite's types promise nothing */
    PIECE = 64 << 10   /* bytes of a long value fetched at a time */
};

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "preparing to read the query's rows");
}

/* ---- columns ---- */

/* Types whose text, as ODBC defines it, is ASCII: half as wide, and no conversion. A driver that puts other text there
 * (SQLite's columns may hold anything) gives it as UTF-8, which is checked. */
static SQLSMALLINT target_of(SQLSMALLINT type)
{
    switch (type) {
    case SQL_NUMERIC:
    case SQL_DECIMAL:
    case SQL_INTEGER:
    case SQL_SMALLINT:
    case SQL_TINYINT:
    case SQL_BIGINT:
    case SQL_FLOAT:
    case SQL_REAL:
    case SQL_DOUBLE:
    case SQL_BIT:
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
        return SQL_C_CHAR;
    default:
        return SQL_C_WCHAR;
    }
}

/* Bytes to bind: as many as the driver says a value may need, within bounds. */
static size_t room_of(const jh_odbc_column *column, SQLLEN display)
{
    const size_t unit = column->target == SQL_C_WCHAR ? sizeof(SQLWCHAR) : 1;
    const size_t most = display <= 0 || display >= JH_ODBC_CELL_MAX ? JH_ODBC_CELL_MAX : (size_t)display + 1;
    const size_t room = most * unit;

    return room < CELL_MIN ? CELL_MIN : room > JH_ODBC_CELL_MAX ? JH_ODBC_CELL_MAX : (room + 1) / 2 * 2;
}

/* The name and the SQL type of a column; false: the driver does not say. An empty name is one that cannot be used. */
static bool ask_column(const jh_odbc_link *link, SQLUSMALLINT number, jh_buf *name, SQLSMALLINT *type)
{
    SQLWCHAR wide[NAME_UNITS] = {0};
    SQLCHAR narrow[NAME_UNITS] = {0};
    SQLSMALLINT len = 0, digits, nullable;
    SQLULEN size;
    bool good;

    if (jh_odbc_link_narrow(link)) {
        if (!SQL_SUCCEEDED(
                SQLDescribeCol(link->statement, number, narrow, NAME_UNITS, &len, type, &size, &digits, &nullable)))
            return false;
        good = len >= 0 && len < NAME_UNITS && jh_text_utf8_valid((const char *)narrow, (size_t)len) == (size_t)len;
        if (good)
            jh_buf_put(name, narrow, (size_t)len);
        return true;
    }
    if (!SQL_SUCCEEDED(
            SQLDescribeColW(link->statement, number, wide, NAME_UNITS, &len, type, &size, &digits, &nullable)))
        return false;
    good = len >= 0 && len < NAME_UNITS && jh_utf16_to_utf8(wide, (size_t)len, name);
    if (!good)
        name->len = 0;
    return true;
}

static jihe_status describe(jh_odbc_rowset *rowset, size_t i, jihe_error *err)
{
    jh_odbc_column *column = &rowset->columns[i];
    const SQLUSMALLINT number = (SQLUSMALLINT)(i + 1);
    SQLSMALLINT type = 0;
    SQLLEN display = 0;
    jh_buf name = {0};
    const bool known = ask_column(rowset->link, number, &name, &type);

    column->name = strdup(jh_buf_text(&name));
    jh_buf_deinit(&name);
    if (!known)
        return jh_odbc_link_fail(rowset->link, JH_ODBC_EXECUTE, "cannot describe the query's columns", err);
    if (column->name == NULL)
        return no_memory(err);
    if (!SQL_SUCCEEDED(
            SQLColAttribute(rowset->link->statement, number, SQL_DESC_DISPLAY_SIZE, NULL, 0, NULL, &display)))
        display = 0;
    column->target = jh_odbc_link_narrow(rowset->link) ? SQL_C_CHAR : target_of(type);
    column->room = room_of(column, display);
    return JIHE_OK;
}

jihe_status jh_odbc_rowset_init(jh_odbc_rowset *rowset, const jh_odbc_link *link, jihe_error *err)
{
    SQLSMALLINT count = 0, len;

    *rowset = (jh_odbc_rowset){.link = link};
    if (!SQL_SUCCEEDED(SQLNumResultCols(link->statement, &count)))
        return jh_odbc_link_fail(link, JH_ODBC_EXECUTE, "cannot describe the query's columns", err);
    if (count <= 0)
        return jh_fail(err, JIHE_USAGE, "the query gives no rows: it is not a select");
    if (count > JH_CSV_MAX_FIELDS)
        return jh_fail(err, JIHE_USAGE, "the query has %d columns, expected %d at most", count, JH_CSV_MAX_FIELDS);
    rowset->columns = calloc((size_t)count, sizeof *rowset->columns);
    if (rowset->columns == NULL)
        return no_memory(err);
    rowset->count = (size_t)count;
    if (!SQL_SUCCEEDED(SQLGetInfo(link->dbc, SQL_GETDATA_EXTENSIONS, &rowset->again, sizeof rowset->again, &len)))
        rowset->again = 0;
    for (size_t i = 0; i < rowset->count; i++) {
        jihe_status st = describe(rowset, i, err);
        if (st != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}

/* ---- arrays ---- */

static SQLPOINTER number_of(size_t value)
{
    return (SQLPOINTER)value; // NOLINT(performance-no-int-to-ptr): ODBC's way
}

/* Rows of one array. A driver that cannot give a value of such an array again is asked for one row at a time. */
static size_t array_rows(const jh_odbc_rowset *rowset, const bool *wanted)
{
    size_t row_bytes = sizeof *rowset->status;

    for (size_t i = 0; i < rowset->count; i++)
        if (wanted[i])
            row_bytes += rowset->columns[i].room + sizeof(SQLLEN);
    if ((rowset->again & SQL_GD_BLOCK) == 0 || row_bytes > JH_ODBC_ARRAY_MAX)
        return 1;
    return JH_ODBC_ARRAY_MAX / row_bytes < JH_ODBC_ROWS ? JH_ODBC_ARRAY_MAX / row_bytes : JH_ODBC_ROWS;
}

static jihe_status bind_column(jh_odbc_rowset *rowset, size_t i, jihe_error *err)
{
    jh_odbc_column *column = &rowset->columns[i];

    column->values = malloc(rowset->array * column->room);
    column->lengths = calloc(rowset->array, sizeof *column->lengths);
    if (column->values == NULL || column->lengths == NULL)
        return no_memory(err);
    if (SQL_SUCCEEDED(SQLBindCol(rowset->link->statement, (SQLUSMALLINT)(i + 1), column->target, column->values,
                                 (SQLLEN)column->room, column->lengths)))
        return JIHE_OK;
    return jh_odbc_link_fail(rowset->link, JH_ODBC_EXECUTE, "cannot bind the query's columns", err);
}

jihe_status jh_odbc_rowset_bind(jh_odbc_rowset *rowset, const bool *wanted, jihe_error *err)
{
    const SQLHSTMT statement = rowset->link->statement;
    jihe_status st = JIHE_OK;

    rowset->array = array_rows(rowset, wanted);
    if (rowset->array > 1 &&
        SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, number_of(rowset->array), 0) != SQL_SUCCESS) {
        SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, number_of(1), 0);
        rowset->array = 1;
    }
    rowset->status = calloc(rowset->array, sizeof *rowset->status);
    if (rowset->status == NULL)
        return no_memory(err);
    SQLSetStmtAttr(statement, SQL_ATTR_ROW_STATUS_PTR, rowset->status, 0);
    SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &rowset->fetched, 0);
    for (size_t i = 0; i < rowset->count && st == JIHE_OK; i++) {
        if (!wanted[i])
            rowset->columns[i].room = 0;
        else
            st = bind_column(rowset, i, err);
    }
    return st;
}

static jihe_status fail_fetch(const jh_odbc_rowset *rowset, uint64_t row, jihe_error *err)
{
    char what[64];

    snprintf(what, sizeof what, "fetching row %" PRIu64 " of the query", row);
    return jh_odbc_link_fail(rowset->link, JH_ODBC_FETCH, what, err);
}

/* Behind the last row. A second result would be left out without a word. */
static jihe_status at_end(const jh_odbc_rowset *rowset, jihe_error *err)
{
    const SQLRETURN more = SQLMoreResults(rowset->link->statement);

    if (more == SQL_NO_DATA)
        return JIHE_NOT_FOUND;
    if (!SQL_SUCCEEDED(more))
        return fail_fetch(rowset, rowset->number + 1, err);
    return jh_fail(err, JIHE_USAGE, "the query is more than one statement; only one select is an extract");
}

jihe_status jh_odbc_rowset_next(jh_odbc_rowset *rowset, jihe_error *err)
{
    SQLRETURN result;

    if (rowset->row + 1 < rowset->fetched) {
        rowset->row++;
    } else {
        rowset->fetched = 0;
        rowset->row = 0;
        result = SQLFetch(rowset->link->statement);
        if (result == SQL_NO_DATA)
            return at_end(rowset, err);
        if (!SQL_SUCCEEDED(result))
            return fail_fetch(rowset, rowset->number + 1, err);
        if (rowset->fetched == 0 || rowset->fetched > rowset->array)
            rowset->fetched = rowset->array == 1 ? 1 : 0;
    }
    if (rowset->row >= rowset->fetched || rowset->status[rowset->row] == SQL_ROW_ERROR ||
        rowset->status[rowset->row] == SQL_ROW_NOROW)
        return fail_fetch(rowset, rowset->number + 1, err);
    rowset->number++;
    return JIHE_OK;
}

/* ---- values ---- */

static jihe_status fail_cut(const jh_odbc_rowset *rowset, const jh_odbc_column *column, const char *why,
                            jihe_error *err)
{
    char quoted[80];

    jh_text_quote(column->name, strlen(column->name), quoted, sizeof quoted);
    return jh_fail(err, JIHE_DATA,
                   "row %" PRIu64 " of the query: the value of '%s' %s; shorten it in the query, or leave it out",
                   rowset->number, quoted, why);
}

/* One piece of the value behind rowset->whole. SQL_SUCCESS: it was the last. */
static SQLRETURN fetch_piece(jh_odbc_rowset *rowset, size_t column, jihe_error *err)
{
    const SQLSMALLINT target = rowset->columns[column].target;
    const size_t end = target == SQL_C_WCHAR ? sizeof(SQLWCHAR) : 1; /* bytes of a terminator */
    const size_t before = rowset->whole.len;
    SQLLEN len = 0;
    SQLRETURN result;

    if (jh_buf_extend(&rowset->whole, PIECE) == NULL) {
        no_memory(err);
        return SQL_ERROR;
    }
    result = SQLGetData(rowset->link->statement, (SQLUSMALLINT)(column + 1), target, rowset->whole.bytes + before,
                        PIECE, &len);
    rowset->whole.len = before + PIECE - end;
    if (result == SQL_SUCCESS && len >= 0 && (size_t)len <= PIECE - end)
        rowset->whole.len = before + (size_t)len;
    else if (result == SQL_SUCCESS)
        result = SQL_SUCCESS_WITH_INFO; /* a driver that says nothing of what it keeps back */
    if (!SQL_SUCCEEDED(result) && result != SQL_NO_DATA)
        fail_fetch(rowset, rowset->number, err);
    if (result == SQL_NO_DATA)
        rowset->whole.len = before;
    return result;
}

/* A value that did not fit, whole, into rowset->whole. */
static jihe_status fetch_again(jh_odbc_rowset *rowset, size_t column, SQLLEN expected, jihe_error *err)
{
    const jh_odbc_column *wanted = &rowset->columns[column];
    SQLRETURN result = SQL_SUCCESS_WITH_INFO;
    jihe_error why = {.status = JIHE_DATA};

    rowset->whole.len = 0;
    if ((rowset->again & SQL_GD_BOUND) == 0)
        return fail_cut(rowset, wanted, "is cut by the driver", err);
    if (rowset->array > 1 && !SQL_SUCCEEDED(SQLSetPos(rowset->link->statement, (SQLSETPOSIROW)(rowset->row + 1),
                                                      SQL_POSITION, SQL_LOCK_NO_CHANGE)))
        return fail_fetch(rowset, rowset->number, err);
    while (result == SQL_SUCCESS_WITH_INFO) {
        if (rowset->whole.len > 2 * (size_t)JH_RECORD_MAX)
            return fail_cut(rowset, wanted, "is longer than 8388608 bytes", err);
        result = fetch_piece(rowset, column, &why);
    }
    if (result != SQL_SUCCESS && result != SQL_NO_DATA) {
        if (err != NULL)
            *err = why;
        return why.status;
    }
    if (expected >= 0 && (size_t)expected != rowset->whole.len)
        return fail_cut(rowset, wanted, "has another length when it is fetched again", err);
    return JIHE_OK;
}

/* The value as the driver gives it. */
static jihe_status raw_value(jh_odbc_rowset *rowset, size_t column, const uint8_t **bytes, size_t *len, jihe_error *err)
{
    const jh_odbc_column *wanted = &rowset->columns[column];
    const SQLLEN said = wanted->lengths[rowset->row];
    const size_t end = wanted->target == SQL_C_WCHAR ? sizeof(SQLWCHAR) : 1;
    jihe_status st;

    if (said >= 0 && (size_t)said <= wanted->room - end) {
        *bytes = wanted->values + rowset->row * wanted->room;
        *len = (size_t)said;
        return JIHE_OK;
    }
    if (said < 0 && said != SQL_NO_TOTAL)
        return fail_cut(rowset, wanted, "has no length", err);
    if ((st = fetch_again(rowset, column, said, err)) != JIHE_OK)
        return st;
    *bytes = rowset->whole.bytes;
    *len = rowset->whole.len;
    return JIHE_OK;
}

jihe_status jh_odbc_rowset_value(jh_odbc_rowset *rowset, size_t column, jh_buf *out, jh_odbc_text *kind,
                                 jihe_error *err)
{
    const jh_odbc_column *wanted = &rowset->columns[column];
    const uint8_t *bytes = NULL;
    size_t len = 0;
    bool good;
    jihe_status st;

    *kind = JH_ODBC_NULL;
    if (wanted->lengths[rowset->row] == SQL_NULL_DATA)
        return JIHE_OK;
    if ((st = raw_value(rowset, column, &bytes, &len, err)) != JIHE_OK)
        return st;
    if (wanted->target == SQL_C_WCHAR) {
        good = len % sizeof(SQLWCHAR) == 0 &&
               jh_utf16_to_utf8((const uint16_t *)(const void *)bytes, len / sizeof(SQLWCHAR), out);
    } else {
        good = jh_text_utf8_valid((const char *)bytes, len) == len;
        if (good)
            jh_buf_put(out, bytes, len);
    }
    if (out->failed)
        return no_memory(err);
    if (out->len > JH_RECORD_MAX)
        return jh_fail(err, JIHE_DATA, "row %" PRIu64 " of the query is longer than %d bytes", rowset->number,
                       (int)JH_RECORD_MAX);
    *kind = good ? JH_ODBC_TEXT : JH_ODBC_NOT_UNICODE;
    return JIHE_OK;
}

void jh_odbc_rowset_deinit(jh_odbc_rowset *rowset)
{
    for (size_t i = 0; i < rowset->count; i++) {
        free(rowset->columns[i].name);
        free(rowset->columns[i].values);
        free(rowset->columns[i].lengths);
    }
    free(rowset->columns);
    free(rowset->status);
    jh_buf_deinit(&rowset->whole);
    *rowset = (jh_odbc_rowset){0};
}
