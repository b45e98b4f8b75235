#ifndef JH_INGEST_ODBC_DRIVER_H
#define JH_INGEST_ODBC_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* What is known of particular ODBC drivers, and the keywords of connection strings. */

typedef struct jh_odbc_driver {
    const char *library; /* part of the name of its file */
    const char *options; /* for the end of the connection string: rows come as they are asked for, not all at once */
    bool        narrow;  /* it has no functions for Unicode: texts to and from it are UTF-8 */
    bool        single;  /* a statement is its own transaction: the driver would read all rows at once inside another */
    const char *session; /* a statement that makes the session read-only; NULL: none */
    const char *zone;    /* how the one begins that sets its time zone; the quoted name follows; NULL: none */
} jh_odbc_driver;

/* By the name of its file. NULL: nothing is known of it. */
const jh_odbc_driver *jh_odbc_driver_find(const char *library);

/* The driver that a connection will use, as odbc.ini and odbcinst.ini say. NULL: not known, or not one we know. */
const jh_odbc_driver *jh_odbc_driver_of(const char *connection);

/* The Debian package of the driver that a text (a connection string, a message) speaks of; NULL: unknown. */
const char *jh_odbc_driver_package(const char *text);

/* The value of a keyword, in any case: "pwd" of "DSN=x;PWD={a;b}" is {a;b}. NULL: it is not there. */
const char *jh_odbc_keyword(const char *connection, const char *keyword, size_t *len);

/* Appends ";KEYWORD={value}", with the value's own closing brackets doubled. */
void jh_odbc_keyword_put(jh_buf *connection, const char *keyword, const char *value);

#endif
