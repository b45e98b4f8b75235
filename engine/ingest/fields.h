#ifndef JH_INGEST_FIELDS_H
#define JH_INGEST_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every kind of extract is read into: records of fields, with the places they stand at. */

typedef struct jh_field {
    const char *text; /* unquoted, UTF-8; valid until the next record; NULL: the record has no such value */
    uint32_t    len;
    uint32_t    line;   /* 1-based physical line where the field begins; number of the record in a MessagePack stream */
    uint32_t    column; /* 1-based, code points, of its first character (the quote, when quoted); there: its byte */
    bool        plain;  /* a number of the format itself, like 1234.5 in JSON: the column's marks do not apply */
    bool        list;   /* an array of texts, with a NUL between them (no text has one): for list columns only */
    const char *path;   /* where records have no columns: the value's path, like "header.amount"; else NULL */
} jh_field;

typedef struct jh_record {
    const jh_field *fields;
    size_t          count;
    uint64_t        line;
    const char     *bad; /* NULL, or why this record cannot be used (stray quote, NUL byte, invalid UTF-8...); it then
                            has no fields, and the reader has found the next record's start */
    uint32_t        bad_line, bad_column;
    const char     *bad_code; /* of a bad record: stable word for `bad`, e.g. "csv-quote" */
    const char     *raw;      /* the whole record as written, without its line end; valid until the next record */
    size_t          raw_len;
} jh_record;

#endif
