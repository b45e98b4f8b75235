#ifndef JH_INGEST_BINDING_H
#define JH_INGEST_BINDING_H

#include "base/buf.h"
#include "base/error.h"
#include "config/schema.h"
#include "ingest/fields.h"

enum {
    JH_BINDING_NAMED = 16 /* ignored fields whose names are kept; the others are counted */
};
#define JH_BINDING_ABSENT UINT32_MAX /* in `at`: an optional column that the header does not have */

/* Which fields of one file's records belong to which declared columns, found once by its header row. */
typedef struct jh_binding {
    size_t fields;   /* in the header row; every record must have as many */
    size_t ignored;  /* fields no declaration names */
    jh_buf names;    /* of the first JH_BINDING_NAMED of them, each with its NUL */
    uint32_t *first; /* per schema column: its sources are at[first[c]], at[first[c] + 1] ... in the order declared */
    uint32_t *at;    /* positions in a record, or JH_BINDING_ABSENT */
} jh_binding;

/* `source` names the file in messages. JIHE_DATA when the header is unusable: a declared column is absent (all of them
 * are listed, each with the nearest name found), or one that is declared stands there twice, under one name or under two
 * of its source_any. Names must agree byte by byte; their order does not matter. */
jihe_status jh_binding_init(jh_binding *binding, const jh_schema *schema, const char *source, const jh_record *header,
                            jihe_error *err);
/* For records without a header: a field for each source of each column, in the order declared. */
jihe_status jh_binding_init_sources(jh_binding *binding, const jh_schema *schema, const char *source, jihe_error *err);

void jh_binding_ignore(jh_binding *binding, const char *name, size_t len); /* one more; a failure to grow shows in `names` */

extern const jh_field jh_field_absent; /* of no value */

/* The field of schema column `c` that is its `k`th source, or one without a value. */
static inline const jh_field *jh_binding_field(const jh_binding *binding, const jh_record *record, size_t c, size_t k)
{
    const uint32_t at = binding->at[binding->first[c] + k];

    return at == JH_BINDING_ABSENT ? &jh_field_absent : &record->fields[at];
}

void jh_binding_deinit(jh_binding *binding); /* a zeroed one is fine */

#endif
