#ifndef JH_INGEST_RECORD_KIND_H
#define JH_INGEST_RECORD_KIND_H

#include "config/workspace.h"
#include "ingest/binding.h"
#include "ingest/fields.h"
#include "ingest/query.h"
#include "ingest/source.h"

/* A kind of extract: a file of this folder with these functions, and a row in records.c. */

enum {
    JH_RECORD_MAX = 8 << 20,  /* bytes of one record */
    JH_RECORD_BLOCK = 1 << 20 /* bytes read at a time */
};

typedef struct jh_reader jh_reader; /* each kind's own */

typedef struct jh_record_kind {
    /* Fills `binding`, which is zeroed and stays where it is: what the reader learns later goes there too. */
    jihe_status (*open)(jh_reader **out, jh_binding *binding, const char *path, const jh_workspace_config *config,
                        size_t block_bytes, jihe_error *err);
    jihe_status (*next)(jh_reader *reader, jh_record *record, jihe_error *err); /* as jh_records_next */
    const jh_source *(*source)(const jh_reader *reader); /* NULL: the kind reads no file */
    void (*close)(jh_reader *reader); /* NULL accepted */
    struct jh_csv *(*csv)(jh_reader *reader); /* NULL, or the file behind it, for whoever reads its text by itself */
} jh_record_kind;

extern const jh_record_kind jh_kind_csv, jh_kind_ndjson, jh_kind_msgpack, jh_kind_odbc;

/* In the place of jh_kind_odbc's `open`: its extract is no file. */
jihe_status jh_odbc_reader_open(jh_reader **out, jh_binding *binding, const jh_query *query,
                                const jh_workspace_config *config, jihe_error *err);

#endif
