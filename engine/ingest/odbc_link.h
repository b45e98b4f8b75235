#ifndef JH_INGEST_ODBC_LINK_H
#define JH_INGEST_ODBC_LINK_H

#include <sql.h>
#include <sqlext.h>

#include "base/error.h"
#include "ingest/odbc_driver.h"
#include "ingest/query.h"

/* A connection to a database, and what its driver says when something fails. */

typedef struct jh_odbc_link {
    const jh_query *query;        /* borrowed */
    SQLHENV env;                  /* each handle NULL until it is made */
    SQLHDBC dbc;
    SQLHSTMT statement;
    const jh_odbc_driver *driver; /* NULL: not one we know */
    bool connected;
} jh_odbc_link;

/* What was done when the database refused: decides the status. */
typedef enum jh_odbc_stage {
    JH_ODBC_CONNECT, /* JIHE_UNAVAILABLE */
    JH_ODBC_EXECUTE, /* JIHE_USAGE: the SQL is wrong, JIHE_DATA: it failed on the data, JIHE_UNAVAILABLE: no answer */
    JH_ODBC_FETCH    /* JIHE_DATA or JIHE_UNAVAILABLE */
} jh_odbc_stage;

/* Connects, read-only where the driver lets us, with the session in the time zone `zone`, so that times with a zone of
 * their own arrive in it. *link may be half made after a failure: jh_odbc_link_close all the same. */
jihe_status jh_odbc_link_open(jh_odbc_link *link, const jh_query *query, const char *zone, jihe_error *err);

/* Are texts to and from the driver UTF-8? Else they are UTF-16. */
bool jh_odbc_link_narrow(const jh_odbc_link *link);

/* Runs the query on link->statement. */
jihe_status jh_odbc_link_execute(jh_odbc_link *link, jihe_error *err);

/* The driver's message behind `what`, on one line, with its SQLSTATE and without passwords. For a failed call on the
 * statement (the connection, under JH_ODBC_CONNECT). */
jihe_status jh_odbc_link_fail(const jh_odbc_link *link, jh_odbc_stage stage, const char *what, jihe_error *err);

void jh_odbc_link_close(jh_odbc_link *link); /* rolls back; a zeroed one is fine */

#endif
