#ifndef JH_INGEST_QUERY_H
#define JH_INGEST_QUERY_H

/* An extract that a database gives: the rows of one SQL query, over ODBC. */
typedef struct jh_query {
    const char *connection; /* a data source (odbc.ini), or a connection string: "DRIVER=SQLite3;Database=..." */
    const char *password;   /* NULL: the connection or odbc.ini has it, or none is needed; never in a message */
    const char *sql;        /* UTF-8 */
} jh_query;

enum { JH_QUERY_MAX = 1 << 20 }; /* bytes of SQL; of a connection string a sixteenth */

/* Stands for the file's name in messages and rejects, where lines are then rows. */
#define JH_QUERY_NAME "query"

#endif
