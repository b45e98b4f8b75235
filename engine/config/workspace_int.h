#ifndef JH_CONFIG_WORKSPACE_INT_H
#define JH_CONFIG_WORKSPACE_INT_H

#include "config/workspace.h"

/* Shared by the .c files of engine/config that read jihe.yaml. */

enum {
    JH_MAX_NAME    = 64, /* bytes of a column name; twenty Chinese characters */
    JH_MAX_SOURCES = 16  /* headers joined into one id */
};

/* One entry of `columns:`; strings go to the yaml's arena or stay in it. */
jihe_status jh_column_declare(jh_yaml *yaml, const jh_node *node, jh_column *out, jihe_error *err);

/* Why the text cannot be the name of a column, or NULL. */
const char *jh_column_name_fault(const char *name, size_t len);

#endif
