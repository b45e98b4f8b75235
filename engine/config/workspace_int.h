#ifndef JH_CONFIG_WORKSPACE_INT_H
#define JH_CONFIG_WORKSPACE_INT_H

#include "config/workspace.h"

/* Shared by the .c files of engine/config that read jihe.yaml. */

enum {
    JH_MAX_NAME    = 64, /* bytes of a column name; twenty Chinese characters */
    JH_MAX_SOURCES = 16, /* headers joined into one id, or that one source may have */
    JH_MAX_LIST_MARK = 8 /* bytes between the values of a list in an extract */
};

/* One entry of `columns:`; strings go to the yaml's arena or stay in it. */
jihe_status jh_column_declare(jh_yaml *yaml, const jh_node *node, jh_column *out, jihe_error *err);

/* Its `source`, `source_any` and `optional`; name, type and roles are known. */
jihe_status jh_column_sources(jh_yaml *yaml, const jh_node *node, jh_column *out, jihe_error *err);

/* What can be said of a column when all are known: its `minor_units`, and that no other has a header of its
 * `source_any`. */
jihe_status jh_column_settle(jh_yaml *yaml, const jh_node *node, const jh_schema *schema, jh_column *out,
                             jihe_error *err);

/* Why the text cannot be the name of a column, or NULL. */
const char *jh_column_name_fault(const char *name, size_t len);

#endif
