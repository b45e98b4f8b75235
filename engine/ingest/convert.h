#ifndef JH_INGEST_CONVERT_H
#define JH_INGEST_CONVERT_H

#include "config/workspace.h"
#include "ingest/binding.h"
#include "ingest/fields.h"
#include "ingest/rejects.h"
#include "snapshot/writer.h"

/* Fields of a record to the cells of a document. Nothing is trimmed: " 12" is not an amount, and a blank stays part of
 * a category. A field equal, byte by byte, to one of the `missing` texts is absent, and so is one that the record does
 * not have.
 *
 * A list is its values in the order given, each once, with JH_LIST_MARK between them; empty ones and `missing` texts
 * are left out, and a list of none is missing. */

enum {
    JH_ID_MAX = 1024,          /* bytes, joined; far above any real id, so that an open quote cannot become one */
    JH_CATEGORY_MAX = 1024,    /* bytes; a value that repeats is short, a longer one is the wrong column */
    JH_INGEST_TEXT_MAX = 65535, /* bytes; a description, not an attachment */
    JH_LIST_MAX = 8192,        /* bytes of a list in the extract: hundreds of accounts */
    JH_LIST_VALUES = 512,      /* different values of one list */
    JH_PLAIN_MAX = 512 /* bytes of an amount, number or date that may have full-width characters */
};

typedef struct jh_converter {
    const jh_workspace_config *config;
    uint32_t *missing_len; /* of config->missing */
    char id[JH_ID_MAX];    /* an id joined from several fields, until the next row */
    char plain[JH_PLAIN_MAX]; /* a cell without its full-width characters, while it is read */
    const jh_field *currency; /* of the amount that is being read, where its column has minor_units */
    char *lists;  /* of the current row, as they are stored; JH_LIST_MAX each; NULL without list columns */
    size_t list_count; /* how many the row has so far */
} jh_converter;

jihe_status jh_converter_init(jh_converter *converter, const jh_workspace_config *config, jihe_error *err);
void jh_converter_deinit(jh_converter *converter); /* a zeroed one is fine */

/* One field of a list column that is not missing: a cell in the room of converter->lists that `list_count` has come to. A text
 * is cut at the separator; an array comes cut. False: `why` says what was found. */
bool jh_convert_list(jh_converter *converter, const jh_column *column, const jh_field *field, jh_cell *cell,
                     jh_reject *why);

/* A record of binding->fields fields to one cell per schema column. Texts point into the record or the converter.
 * False: the row is to be rejected, `why` says what was found first, in the order of the declared columns. */
bool jh_convert_row(jh_converter *converter, const jh_binding *binding, const jh_record *record, jh_cell *cells,
                    jh_reject *why);

#endif
