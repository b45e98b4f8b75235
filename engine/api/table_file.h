#ifndef JH_API_TABLE_FILE_H
#define JH_API_TABLE_FILE_H

#include "api/api_int.h"
#include "ingest/csv.h"

/* A small CSV with a header, as people send them back: UTF-8 (with or without mark) or GB18030, decided by the bytes:
 * what is valid UTF-8 is UTF-8. Columns are found by name. */

enum { JH_TABLE_MAX_BYTES = 1 << 28, JH_TABLE_MAX_COLUMNS = 32 };

typedef struct jh_table_file {
    jh_csv     *csv;
    const char *path;
    size_t      places[JH_TABLE_MAX_COLUMNS]; /* per asked-for column: field index, SIZE_MAX when absent */
    size_t      asked;
    size_t      header_fields;
    char        sha256[65]; /* of the file's bytes */
} jh_table_file;

/* The first `required` of `names` must be in the header (JIHE_DATA otherwise, naming what is missing). A name may have
 * others behind '|': "unit|单位". */
jihe_status jh_table_open(jh_table_file *out, const char *path, const char *const *names, size_t count, size_t required,
                          jihe_error *err);
void        jh_table_close(jh_table_file *table);

/* The next row, its asked-for fields in the order asked; an absent column gives an empty field. JIHE_NOT_FOUND at the
 * end; JIHE_DATA with position for a row that cannot be read. A leading ' that a work list puts before formula
 * characters is taken off. */
jihe_status jh_table_next(jh_table_file *table, jh_field fields[JH_TABLE_MAX_COLUMNS], jihe_error *err);

#endif
