#include "ingest/odbc_link.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/utf16.h"

enum { CONNECT_SECONDS = 30, CONNECTION_MAX = JH_QUERY_MAX / 16, SAID_MAX = 400 };

/* ---- messages ---- */

typedef struct diagnosis {
    char state[6];       /* SQLSTATE, "" when the driver says nothing */
    char text[SAID_MAX]; /* the message and "[SQLSTATE]" */
} diagnosis;

/* Every place of `secret` in the text becomes "***". */
static void mask(char *text, size_t room, const char *secret, size_t len)
{
    static const char stars[] = "***";
    char *at = text;

    while (len > 0 && (at = memmem(at, strlen(at), secret, len)) != NULL) {
        char rest[1024];
        const size_t used = (size_t)(at - text);

        snprintf(rest, sizeof rest, "%s", at + len);
        snprintf(at, room - used, "%s%s", stars, rest);
        at += strnlen(at, sizeof stars - 1);
    }
}

/* The value of a connection string, without the blanks or brackets around it. */
static void mask_value(char *text, size_t room, const char *value, size_t len)
{
    while (len > 0 && value[0] == ' ') {
        value++;
        len--;
    }
    while (len > 0 && value[len - 1] == ' ')
        len--;
    if (len >= 2 && value[0] == '{' && value[len - 1] == '}')
        mask(text, room, value + 1, len - 2);
    else
        mask(text, room, value, len);
}

static void mask_passwords(char *text, size_t room, const jh_query *query)
{
    static const char *const keywords[] = {"PWD", "PASSWORD"};

    if (query->password != NULL)
        mask(text, room, query->password, strlen(query->password));
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        size_t len = 0;
        const char *value = jh_odbc_keyword(query->connection, keywords[i], &len);

        if (value != NULL)
            mask_value(text, room, value, len);
    }
}

/* One line: line ends and tabs become blanks, of several one. */
static void flatten(char *text)
{
    char *to = text;

    for (const char *p = text; *p != '\0'; p++) {
        const bool blank = *p == ' ' || *p == '\n' || *p == '\r' || *p == '\t';
        if (!blank)
            *to++ = *p;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > text && (to[-1] == ' ' || to[-1] == '.'))
        to--;
    *to = '\0';
}

/* The driver's first message. */
static void listen(const jh_odbc_link *link, jh_odbc_stage stage, diagnosis *out)
{
    const bool connecting = stage == JH_ODBC_CONNECT || link->statement == NULL;
    const SQLSMALLINT type = connecting ? SQL_HANDLE_DBC : SQL_HANDLE_STMT;
    const SQLHANDLE handle = connecting ? link->dbc : link->statement;
    SQLCHAR state[6] = "", text[1024] = "";
    SQLINTEGER native;
    SQLSMALLINT len;
    char quoted[SAID_MAX - 16];

    *out = (diagnosis){.text = "the driver does not say why"};
    if (handle == NULL || !SQL_SUCCEEDED(SQLGetDiagRec(type, handle, 1, state, &native, text, sizeof text, &len)))
        return;
    memcpy(out->state, state, sizeof out->state);
    mask_passwords((char *)text, sizeof text, link->query);
    flatten((char *)text);
    jh_text_quote((const char *)text, strlen((const char *)text), quoted, sizeof quoted);
    snprintf(out->text, sizeof out->text, "%s [%s]", quoted, out->state);
}

static bool begins(const char *state, const char *with)
{
    return strncmp(state, with, strlen(with)) == 0;
}

/* No answer, or one that may be another if asked again: connection, timeout, shutdown, resources, conflicts. */
static bool is_unavailable(const jh_odbc_link *link, const diagnosis *said)
{
    static const char *const states[] = {"08", "HYT", "57P", "53", "40", "58"};
    SQLINTEGER dead = SQL_CD_FALSE;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (begins(said->state, states[i]))
            return true;
    return SQL_SUCCEEDED(SQLGetConnectAttr(link->dbc, SQL_ATTR_CONNECTION_DEAD, &dead, 0, NULL)) && dead == SQL_CD_TRUE;
}

/* Failed on the data at hand: overflow, division by zero, a cardinality, a constraint. */
static bool is_data(const diagnosis *said)
{
    return begins(said->state, "22") || begins(said->state, "21") || begins(said->state, "23");
}

static jihe_status fail_connect(const jh_odbc_link *link, const diagnosis *said, const char *what, jihe_error *err)
{
    const bool missing = begins(said->state, "01000") || begins(said->state, "IM003");
    const char *connection = link->query->connection;
    const char *package = jh_odbc_driver_package(said->text);

    if (package == NULL)
        package = jh_odbc_driver_package(connection);
    if (missing && package != NULL)
        return jh_fail(err, JIHE_UNAVAILABLE, "%s: %s; is the Debian package %s installed?", what, said->text, package);
    if (missing)
        return jh_fail(err, JIHE_UNAVAILABLE,
                       "%s: %s; install its package (odbc-postgresql, libsqliteodbc, odbc-mariadb, tdsodbc); "
                       "'odbcinst -q -d' lists the drivers",
                       what, said->text);
    if (begins(said->state, "IM002"))
        return jh_fail(err, JIHE_UNAVAILABLE,
                       "%s: %s; define it in ~/.odbc.ini or /etc/odbc.ini ('odbcinst -q -s' lists them), or write "
                       "a connection string like 'DRIVER=PostgreSQL Unicode;Server=...;Database=...;UID=...'",
                       what, said->text);
    return jh_fail(err, JIHE_UNAVAILABLE, "%s: %s; check the server, the database's name and the password", what,
                   said->text);
}

jihe_status jh_odbc_link_fail(const jh_odbc_link *link, jh_odbc_stage stage, const char *what, jihe_error *err)
{
    diagnosis said;

    listen(link, stage, &said);
    if (stage == JH_ODBC_CONNECT)
        return fail_connect(link, &said, what, err);
    if (is_unavailable(link, &said))
        return jh_fail(err, JIHE_UNAVAILABLE, "%s: %s; nothing was stored; try again when the database answers", what,
                       said.text);
    if (stage == JH_ODBC_FETCH || is_data(&said))
        return jh_fail(err, JIHE_DATA, "%s: %s", what, said.text);
    return jh_fail(err, JIHE_USAGE, "%s: %s; try it in the database's own client first", what, said.text);
}

/* ---- connecting ---- */

bool jh_odbc_link_narrow(const jh_odbc_link *link)
{
    return link->driver != NULL && link->driver->narrow;
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "connecting to the database");
}

static void connection_text(const jh_query *query, const char *options, jh_buf *out)
{
    size_t len;

    if (strchr(query->connection, '=') == NULL)
        jh_buf_puts(out, "DSN=");
    jh_buf_puts(out, query->connection);
    if (query->password != NULL && jh_odbc_keyword(query->connection, "PWD", &len) == NULL &&
        jh_odbc_keyword(query->connection, "PASSWORD", &len) == NULL)
        jh_odbc_keyword_put(out, "PWD", query->password);
    jh_buf_puts(out, options);
}

/* psqlODBC takes a program that connects with the narrow function for one that knows no Unicode; the driver manager
 * loses what is not ASCII when it makes a narrow string of a wide one here. */
static SQLRETURN drive(jh_odbc_link *link, jh_buf *text)
{
    jh_buf wide = {0};
    SQLRETURN result = SQL_ERROR;
    SQLSMALLINT len;

    if (jh_odbc_link_narrow(link)) {
        jh_buf_putc(text, '\0');
        return SQLDriverConnect(link->dbc, NULL, text->bytes, SQL_NTS, NULL, 0, &len, SQL_DRIVER_NOPROMPT);
    }
    jh_utf16_from_utf8((const char *)text->bytes, text->len, &wide);
    if (!wide.failed)
        result = SQLDriverConnectW(link->dbc, NULL, (SQLWCHAR *)(void *)wide.bytes, SQL_NTS, NULL, 0, &len,
                                   SQL_DRIVER_NOPROMPT);
    if (wide.bytes != NULL)
        explicit_bzero(wide.bytes, wide.len);
    jh_buf_deinit(&wide);
    return result;
}

static jihe_status connect(jh_odbc_link *link, jihe_error *err)
{
    jh_buf text = {0};
    jihe_status st = JIHE_OK;

    link->driver = jh_odbc_driver_of(link->query->connection);
    connection_text(link->query, link->driver != NULL ? link->driver->options : "", &text);
    if (text.failed)
        st = no_memory(err);
    else if (!SQL_SUCCEEDED(drive(link, &text)))
        st = jh_odbc_link_fail(link, JH_ODBC_CONNECT, "cannot connect to the source database", err);
    else
        link->connected = true;
    if (text.bytes != NULL)
        explicit_bzero(text.bytes, text.len);
    jh_buf_deinit(&text);
    return st;
}

/* Attributes take their numbers as pointers. */
static SQLPOINTER number(uintptr_t value)
{
    return (SQLPOINTER)value; // NOLINT(performance-no-int-to-ptr): ODBC's way
}

/* The driver manager translates names and SQL, for drivers that know no Unicode, by the locale that the thread has when
 * the handle is made. */
static bool make_connection(jh_odbc_link *link)
{
    const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    const locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
    const bool made = SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, link->env, &link->dbc));

    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    return made;
}

static jihe_status make_handles(jh_odbc_link *link, jihe_error *err)
{
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &link->env)) ||
        !SQL_SUCCEEDED(SQLSetEnvAttr(link->env, SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC3), 0)) ||
        !make_connection(link))
        return no_memory(err);
    SQLSetConnectAttr(link->dbc, SQL_ATTR_LOGIN_TIMEOUT, number(CONNECT_SECONDS), 0);
    SQLSetConnectAttr(link->dbc, SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), 0);
    return JIHE_OK;
}

static jihe_status make_statement(jh_odbc_link *link, jihe_error *err)
{
    if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, link->dbc, &link->statement)))
        return JIHE_OK;
    link->statement = NULL;
    return jh_odbc_link_fail(link, JH_ODBC_CONNECT, "cannot talk to the source database", err);
}

/* A statement of our own, ASCII; its failure is the database's. */
static jihe_status run_own(jh_odbc_link *link, char *sql, jihe_error *err)
{
    if (!SQL_SUCCEEDED(SQLExecDirect(link->statement, (SQLCHAR *)sql, SQL_NTS)))
        return jh_odbc_link_fail(link, JH_ODBC_EXECUTE, sql, err);
    SQLFetch(link->statement); /* a driver that steps does nothing before */
    SQLFreeStmt(link->statement, SQL_CLOSE);
    return JIHE_OK;
}

static jihe_status begin_session(jh_odbc_link *link, const char *zone, jihe_error *err)
{
    char sql[256];
    jihe_status st = make_statement(link, err);

    if (st == JIHE_OK && link->driver != NULL && link->driver->session != NULL) {
        snprintf(sql, sizeof sql, "%s", link->driver->session);
        st = run_own(link, sql, err);
    }
    if (st == JIHE_OK && link->driver != NULL && link->driver->zone != NULL && strchr(zone, '\'') == NULL) {
        snprintf(sql, sizeof sql, "%s '%s'", link->driver->zone, zone);
        st = run_own(link, sql, err);
    }
    if (st == JIHE_OK && (link->driver == NULL || !link->driver->single))
        SQLSetConnectAttr(link->dbc, SQL_ATTR_AUTOCOMMIT, number(SQL_AUTOCOMMIT_OFF), 0);
    return st;
}

static jihe_status check_query(const jh_query *query, jihe_error *err)
{
    const size_t connection_len = strlen(query->connection), sql_len = strlen(query->sql);

    if (connection_len == 0 || connection_len > CONNECTION_MAX || strchr(query->connection, '\n') != NULL)
        return jh_fail(err, JIHE_USAGE,
                       "the ODBC connection is %s; it is the name of a data source or one line "
                       "like 'DRIVER=SQLite3;Database=...'",
                       connection_len == 0 ? "empty" : "too long or has several lines");
    if (query->sql[strspn(query->sql, " \t\r\n")] == '\0')
        return jh_fail(err, JIHE_USAGE, "the query is empty");
    if (sql_len > JH_QUERY_MAX)
        return jh_fail(err, JIHE_USAGE, "the query has %zu bytes, expected %d at most", sql_len, (int)JH_QUERY_MAX);
    if (jh_text_utf8_valid(query->connection, connection_len) < connection_len ||
        jh_text_utf8_valid(query->sql, sql_len) < sql_len)
        return jh_fail(err, JIHE_USAGE, "the ODBC connection and the query have to be UTF-8");
    return JIHE_OK;
}

/* psqlODBC sets the locale of the process when it is loaded: that is undone. */
static jihe_status connect_quietly(jh_odbc_link *link, jihe_error *err)
{
    const char *set = setlocale(LC_ALL, NULL);
    char *before = set != NULL ? strdup(set) : NULL;
    const jihe_status st = connect(link, err);

    if (before != NULL)
        setlocale(LC_ALL, before);
    free(before);
    return st;
}

jihe_status jh_odbc_link_open(jh_odbc_link *link, const jh_query *query, const char *zone, jihe_error *err)
{
    jihe_status st;

    *link = (jh_odbc_link){.query = query};
    if ((st = check_query(query, err)) != JIHE_OK || (st = make_handles(link, err)) != JIHE_OK ||
        (st = connect_quietly(link, err)) != JIHE_OK)
        return st;
    return begin_session(link, zone, err);
}

jihe_status jh_odbc_link_execute(jh_odbc_link *link, jihe_error *err)
{
    const char *sql = link->query->sql;
    const size_t len = strlen(sql);
    jh_buf text = {0};
    SQLRETURN result = SQL_ERROR;

    if (jh_odbc_link_narrow(link))
        jh_buf_put(&text, sql, len + 1);
    else
        jh_utf16_from_utf8(sql, len, &text);
    if (text.failed) {
        jh_buf_deinit(&text);
        return no_memory(err);
    }
    result = jh_odbc_link_narrow(link) ? SQLExecDirect(link->statement, text.bytes, SQL_NTS)
                                       : SQLExecDirectW(link->statement, (SQLWCHAR *)(void *)text.bytes, SQL_NTS);
    jh_buf_deinit(&text);
    if (SQL_SUCCEEDED(result) || result == SQL_NO_DATA)
        return JIHE_OK;
    return jh_odbc_link_fail(link, JH_ODBC_EXECUTE, "the query failed", err);
}

void jh_odbc_link_close(jh_odbc_link *link)
{
    if (link->statement != NULL)
        SQLFreeHandle(SQL_HANDLE_STMT, link->statement);
    if (link->connected) {
        SQLEndTran(SQL_HANDLE_DBC, link->dbc, SQL_ROLLBACK);
        SQLDisconnect(link->dbc);
    }
    if (link->dbc != NULL)
        SQLFreeHandle(SQL_HANDLE_DBC, link->dbc);
    if (link->env != NULL)
        SQLFreeHandle(SQL_HANDLE_ENV, link->env);
    *link = (jh_odbc_link){0};
}
