/* An ODBC driver that lies, for tests/cli/odbc_driver.sh: one row, or a few, of a table without a database. The keyword
 * CASE of the connection string, a letter, says how it behaves; see `behaviours`. It has the functions that the driver
 * manager asks of a driver, and no others; it is narrow, as the SQLite driver is. */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6, ROWS = 5, LONG = 40000 }; /* more than is fetched at a time */

static const char *const names[COLUMNS] = {"单据编号", "过账日期", "金额", "班组", "初审人", "摘要"};

typedef struct behaviour {
    char letter;
    SQLUINTEGER again; /* SQL_GETDATA_EXTENSIONS */
    int long_text;     /* the last column of row 3 has LONG units */
    int no_total;      /* lengths of cut values are SQL_NO_TOTAL */
    int shrinks;       /* a value fetched again is shorter than was said */
    int half_pair;     /* row 2 has half of a surrogate pair */
    int row_error;     /* row 4 has the status SQL_ROW_ERROR */
    const char *state; /* SQLSTATE of a failure of the third fetch; NULL: none */
    SQLINTEGER dead;   /* what the driver says of the connection then */
} behaviour;

static const behaviour behaviours[] = {
    {'a', SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BOUND, 1, 0, 0, 0, 0, NULL, SQL_CD_FALSE},
    {'b', SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BOUND, 1, 1, 0, 0, 0, NULL, SQL_CD_FALSE},
    {'c', 0, 1, 0, 0, 0, 0, NULL, SQL_CD_FALSE},
    {'d', 0, 0, 0, 0, 0, 0, NULL, SQL_CD_FALSE},
    {'e', SQL_GD_BOUND, 1, 0, 1, 0, 0, NULL, SQL_CD_FALSE},
    {'f', SQL_GD_BOUND, 0, 0, 0, 1, 0, NULL, SQL_CD_FALSE},
    {'g', SQL_GD_BOUND, 0, 0, 0, 0, 1, NULL, SQL_CD_FALSE},
    {'h', SQL_GD_BOUND, 0, 0, 0, 0, 0, "08S01", SQL_CD_FALSE},
    {'i', SQL_GD_BOUND, 0, 0, 0, 0, 0, "HY000", SQL_CD_FALSE},
    {'k', SQL_GD_BOUND, 0, 0, 0, 0, 0, "HY000", SQL_CD_TRUE},
    {'j', 0, 1, 1, 0, 0, 0, NULL, SQL_CD_FALSE},
};

static struct {
    const behaviour *is;
    int row;      /* the current one, from 1 */
    size_t given; /* units of the long value that are fetched */
    char state[6];
    SQLPOINTER values[COLUMNS];
    SQLLEN room[COLUMNS];
    SQLLEN *lengths[COLUMNS];
    SQLSMALLINT targets[COLUMNS];
    SQLUSMALLINT *status;
    SQLULEN *fetched;
} driver;

static SQLRETURN fail(const char *state)
{
    snprintf(driver.state, sizeof driver.state, "%s", state);
    return SQL_ERROR;
}

SQLRETURN SQLAllocHandle(SQLSMALLINT type, SQLHANDLE from, SQLHANDLE *to)
{
    (void)type;
    (void)from;
    *to = &driver;
    return SQL_SUCCESS;
}

SQLRETURN SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle)
{
    (void)type;
    (void)handle;
    return SQL_SUCCESS;
}

SQLRETURN SQLFreeStmt(SQLHSTMT statement, SQLUSMALLINT option)
{
    (void)statement;
    (void)option;
    return SQL_SUCCESS;
}

SQLRETURN SQLSetEnvAttr(SQLHENV env, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER len)
{
    (void)env;
    (void)attribute;
    (void)value;
    (void)len;
    return SQL_SUCCESS;
}

SQLRETURN SQLDriverConnect(SQLHDBC dbc, SQLHWND window, SQLCHAR *in, SQLSMALLINT in_len, SQLCHAR *out, SQLSMALLINT room,
                           SQLSMALLINT *out_len, SQLUSMALLINT completion)
{
    const char *at = strstr((const char *)in, "CASE=");

    (void)dbc;
    (void)window;
    (void)in_len;
    (void)completion;
    if (out != NULL && room > 0)
        out[0] = '\0';
    if (out_len != NULL)
        *out_len = 0;
    for (size_t i = 0; at != NULL && i < sizeof behaviours / sizeof behaviours[0]; i++)
        if (behaviours[i].letter == at[5])
            driver.is = &behaviours[i];
    return driver.is != NULL ? SQL_SUCCESS : fail("08001");
}

SQLRETURN SQLDisconnect(SQLHDBC dbc)
{
    (void)dbc;
    return SQL_SUCCESS;
}

SQLRETURN SQLSetConnectAttr(SQLHDBC dbc, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER len)
{
    (void)dbc;
    (void)attribute;
    (void)value;
    (void)len;
    return SQL_SUCCESS;
}

SQLRETURN SQLGetConnectAttr(SQLHDBC dbc, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER room, SQLINTEGER *len)
{
    (void)dbc;
    (void)room;
    (void)len;
    *(SQLINTEGER *)value = attribute == SQL_ATTR_CONNECTION_DEAD ? (SQLINTEGER)driver.is->dead : 0;
    return SQL_SUCCESS;
}

SQLRETURN SQLEndTran(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion)
{
    (void)type;
    (void)handle;
    return completion == SQL_ROLLBACK ? SQL_SUCCESS : fail("HY000");
}

SQLRETURN SQLGetInfo(SQLHDBC dbc, SQLUSMALLINT what, SQLPOINTER value, SQLSMALLINT room, SQLSMALLINT *len)
{
    (void)dbc;
    if (what == SQL_GETDATA_EXTENSIONS)
        *(SQLUINTEGER *)value = driver.is->again;
    else if (what == SQL_CURSOR_COMMIT_BEHAVIOR || what == SQL_CURSOR_ROLLBACK_BEHAVIOR)
        *(SQLUSMALLINT *)value = SQL_CB_CLOSE;
    else if (room > 0)
        snprintf(value, (size_t)room, "%s", what == SQL_DRIVER_ODBC_VER ? "03.00" : "stub");
    if (len != NULL)
        *len = 4;
    return SQL_SUCCESS;
}

SQLRETURN SQLSetStmtAttr(SQLHSTMT statement, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER len)
{
    (void)statement;
    (void)len;
    if (attribute == SQL_ATTR_ROW_STATUS_PTR)
        driver.status = value;
    else if (attribute == SQL_ATTR_ROWS_FETCHED_PTR)
        driver.fetched = value;
    else if (attribute == SQL_ATTR_ROW_ARRAY_SIZE && value != (SQLPOINTER)1)
        return fail("HYC00");
    return SQL_SUCCESS;
}

SQLRETURN SQLGetStmtAttr(SQLHSTMT statement, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER room, SQLINTEGER *len)
{
    (void)statement;
    (void)attribute;
    (void)room;
    (void)len;
    *(SQLPOINTER *)value = NULL;
    return SQL_SUCCESS;
}

SQLRETURN SQLExecDirect(SQLHSTMT statement, SQLCHAR *sql, SQLINTEGER len)
{
    (void)statement;
    (void)len;
    driver.row = 0;
    return strcmp((const char *)sql, "select 摘要") == 0 ? SQL_SUCCESS : fail("42000");
}

SQLRETURN SQLNumResultCols(SQLHSTMT statement, SQLSMALLINT *count)
{
    (void)statement;
    *count = COLUMNS;
    return SQL_SUCCESS;
}

SQLRETURN SQLDescribeCol(SQLHSTMT statement, SQLUSMALLINT column, SQLCHAR *name, SQLSMALLINT room, SQLSMALLINT *len,
                         SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    (void)statement;
    *len = (SQLSMALLINT)snprintf((char *)name, (size_t)room, "%s", names[column - 1]);
    *type = SQL_VARCHAR;
    *size = 10;
    *digits = 0;
    *nullable = SQL_NULLABLE;
    return SQL_SUCCESS;
}

SQLRETURN SQLColAttribute(SQLHSTMT statement, SQLUSMALLINT column, SQLUSMALLINT what, SQLPOINTER text, SQLSMALLINT room,
                          SQLSMALLINT *len, SQLLEN *number)
{
    (void)statement;
    (void)column;
    (void)what;
    (void)text;
    (void)room;
    (void)len;
    *number = 10;
    return SQL_SUCCESS;
}

SQLRETURN SQLBindCol(SQLHSTMT statement, SQLUSMALLINT column, SQLSMALLINT target, SQLPOINTER value, SQLLEN room,
                     SQLLEN *length)
{
    (void)statement;
    if (target != SQL_C_WCHAR)
        return fail("07006");
    driver.targets[column - 1] = target;
    driver.values[column - 1] = value;
    driver.room[column - 1] = room;
    driver.lengths[column - 1] = length;
    return SQL_SUCCESS;
}

/* The value of a column in the current row, as units. */
static size_t value_of(int column, SQLWCHAR *out)
{
    char text[32];
    size_t n = 0;

    if (column == COLUMNS - 1 && driver.row == 3 && driver.is->long_text) {
        for (; n < LONG; n++)
            out[n] = (SQLWCHAR)(n % 1000 == 7 ? 0x4e00 + n / 1000 : 'a' + n % 26);
        return n;
    }
    if (column == COLUMNS - 1 && driver.row == 2 && driver.is->half_pair) {
        out[0] = 0xd83d;
        return 1;
    }
    snprintf(text, sizeof text, column == 0 ? "S-%d" : column == 1 ? "2026-04-01" : "%d", driver.row);
    for (; text[n] != '\0'; n++)
        out[n] = (SQLWCHAR)text[n];
    return n;
}

/* What fits of units[from..count) with a terminator; the length that is said of it. */
static SQLRETURN give(const SQLWCHAR *units, size_t count, SQLPOINTER value, SQLLEN room, SQLLEN *length)
{
    const size_t most = (size_t)room / sizeof *units - 1, n = count < most ? count : most;
    SQLWCHAR *to = value;

    memcpy(to, units, n * sizeof *units);
    to[n] = 0;
    *length = n < count && driver.is->no_total ? SQL_NO_TOTAL : (SQLLEN)(count * sizeof *units);
    return n < count ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

SQLRETURN SQLFetch(SQLHSTMT statement)
{
    SQLWCHAR units[LONG];

    (void)statement;
    if (driver.row == 2 && driver.is->state != NULL)
        return fail(driver.is->state);
    if (driver.row == ROWS)
        return SQL_NO_DATA;
    driver.row++;
    driver.given = 0;
    for (int i = 0; i < COLUMNS; i++)
        if (driver.values[i] != NULL)
            give(units, value_of(i, units), driver.values[i], driver.room[i], driver.lengths[i]);
    if (driver.fetched != NULL)
        *driver.fetched = 1;
    if (driver.status != NULL)
        *driver.status = driver.is->row_error && driver.row == 4 ? SQL_ROW_ERROR : SQL_ROW_SUCCESS;
    return driver.is->row_error && driver.row == 4 ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

SQLRETURN SQLGetData(SQLHSTMT statement, SQLUSMALLINT column, SQLSMALLINT target, SQLPOINTER value, SQLLEN room,
                     SQLLEN *length)
{
    SQLWCHAR units[LONG];
    size_t count = value_of(column - 1, units);
    SQLRETURN result;

    (void)statement;
    (void)target;
    if ((driver.is->again & SQL_GD_BOUND) == 0)
        return fail("07009");
    if (driver.is->shrinks)
        count--;
    result = give(units + driver.given, count - driver.given, value, room, length);
    driver.given += (size_t)room / sizeof *units - 1;
    return result;
}

SQLRETURN SQLMoreResults(SQLHSTMT statement)
{
    (void)statement;
    return SQL_NO_DATA;
}

SQLRETURN SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLCHAR *state, SQLINTEGER *native,
                        SQLCHAR *text, SQLSMALLINT room, SQLSMALLINT *len)
{
    (void)type;
    (void)handle;
    if (number != 1 || driver.state[0] == '\0')
        return SQL_NO_DATA;
    memcpy(state, driver.state, sizeof driver.state);
    if (native != NULL)
        *native = 0;
    *len = (SQLSMALLINT)snprintf((char *)text, (size_t)room, "the stub\nfailed with PWD geheim.");
    return SQL_SUCCESS;
}

SQLRETURN SQLGetDiagField(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                          SQLSMALLINT room, SQLSMALLINT *len)
{
    (void)type;
    (void)handle;
    (void)number;
    (void)field;
    (void)value;
    (void)room;
    (void)len;
    return SQL_NO_DATA;
}
