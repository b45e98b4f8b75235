#include "ingest/odbc_driver.h"

#include <odbcinst.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* psqlODBC fetches 2,000 rows at a time through a cursor; without, it holds the whole result (136 MB for 500,000 rows).
 * The SQLite driver does so too, unless it steps; NoCreat: a database that is not there is not to be made. */
static const jh_odbc_driver drivers[] = {
    {"psqlodbca", ";UseDeclareFetch=1;Fetch=2000", true, false,
     "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
     "SET client_encoding = 'UTF8'",
     "SET TIME ZONE"},
    {"psqlodbc", ";UseDeclareFetch=1;Fetch=2000", false, false,
     "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", "SET TIME ZONE"},
    {"sqlite3odbc", ";StepAPI=1;NoCreat=1", true, true, "PRAGMA query_only = 1", NULL},
};

static const struct {
    const char *word, *package;
} packages[] = {
    {"postgres", "odbc-postgresql"}, {"psqlodbc", "odbc-postgresql"}, {"sqlite", "libsqliteodbc"},
    {"freetds", "tdsodbc"},          {"tdsodbc", "tdsodbc"},          {"maria", "odbc-mariadb"},
    {"mysql", "odbc-mariadb"},
};

const jh_odbc_driver *jh_odbc_driver_find(const char *library)
{
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
        if (strcasestr(library, drivers[i].library) != NULL)
            return &drivers[i];
    return NULL;
}

const char *jh_odbc_driver_package(const char *text)
{
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++)
        if (strcasestr(text, packages[i].word) != NULL)
            return packages[i].package;
    return NULL;
}

/* The end of the pair at `p`: its semicolon, or the end of the text. Inside brackets a semicolon is a character. */
static const char *pair_end(const char *p)
{
    const char *equals = p + strcspn(p, "=;");
    bool inside = equals[0] == '=' && equals[1] == '{';

    for (p = equals + (inside ? 2 : 0); *p != '\0' && (inside || *p != ';'); p++) {
        if (inside && *p == '}' && p[1] == '}')
            p++;
        else if (*p == '}')
            inside = false;
    }
    return p;
}

const char *jh_odbc_keyword(const char *connection, const char *keyword, size_t *len)
{
    const size_t keyword_len = strlen(keyword);

    for (const char *p = connection; *p != '\0';) {
        const char *end = pair_end(p);
        size_t name_len;

        p += strspn(p, " \t\r\n");
        name_len = strcspn(p, "= \t");
        if (name_len == keyword_len && strncasecmp(p, keyword, keyword_len) == 0) {
            p += name_len + strspn(p + name_len, " \t");
            if (*p == '=') {
                *len = (size_t)(end - p) - 1;
                return p + 1;
            }
        }
        p = *end == ';' ? end + 1 : end;
    }
    return NULL;
}

enum { NAME_ROOM = 1024 };

static void plain_value(const char *connection, const char *keyword, char out[NAME_ROOM])
{
    size_t len = 0;
    const char *value = jh_odbc_keyword(connection, keyword, &len);
    const bool bracketed = value != NULL && len >= 2 && value[0] == '{' && value[len - 1] == '}';

    if (value == NULL)
        len = 0;
    else if (bracketed)
        len -= 2;
    snprintf(out, NAME_ROOM, "%.*s", len < NAME_ROOM ? (int)len : 0,
             value == NULL ? ""
             : bracketed   ? value + 1
                           : value);
}

const jh_odbc_driver *jh_odbc_driver_of(const char *connection)
{
    char source[NAME_ROOM], driver[NAME_ROOM], library[NAME_ROOM] = "";

    plain_value(connection, "DRIVER", driver);
    plain_value(connection, "DSN", source);
    if (strchr(connection, '=') == NULL)
        snprintf(source, sizeof source, "%s", connection);
    if (driver[0] == '\0' && source[0] != '\0')
        SQLGetPrivateProfileString(source, "Driver", "", driver, sizeof driver, "odbc.ini");
    if (driver[0] != '\0')
        SQLGetPrivateProfileString(driver, "Driver", "", library, sizeof library, "odbcinst.ini");
    return jh_odbc_driver_find(library[0] != '\0' ? library : driver);
}

void jh_odbc_keyword_put(jh_buf *connection, const char *keyword, const char *value)
{
    jh_buf_printf(connection, ";%s={", keyword);
    for (; *value != '\0'; value++) {
        jh_buf_putc(connection, *value);
        if (*value == '}')
            jh_buf_putc(connection, '}');
    }
    jh_buf_putc(connection, '}');
}
