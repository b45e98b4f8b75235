#ifndef JH_INGEST_BINDING_H
#define JH_INGEST_BINDING_H

#include "base/error.h"
#include "config/schema.h"
#include "ingest/fields.h"

/* Which fields of one file's records belong to which declared columns, found once by its header row. */
typedef struct jh_binding {
    size_t fields;   /* in the header row; every record must have as many */
    size_t ignored;  /* fields no declaration names */
    uint32_t *first; /* per schema column: its sources are at[first[c]], at[first[c] + 1] ... in the order declared */
    uint32_t *at;    /* positions in a record */
} jh_binding;

/* `source` names the file in messages. JIHE_DATA when the header is unusable: a declared column is absent (all of them
 * are listed, each with the nearest name found), or one that is declared stands there twice. Names must agree byte by
 * byte. */
jihe_status jh_binding_init(jh_binding *binding, const jh_schema *schema, const char *source, const jh_record *header,
                            jihe_error *err);
/* For records without a header: a field for each source of each column, in the order declared. */
jihe_status jh_binding_init_sources(jh_binding *binding, const jh_schema *schema, const char *source, jihe_error *err);

void jh_binding_deinit(jh_binding *binding); /* a zeroed one is fine */

#endif
