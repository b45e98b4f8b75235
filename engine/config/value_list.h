#ifndef JH_CONFIG_VALUE_LIST_H
#define JH_CONFIG_VALUE_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* Named lists of values, which rules ask as lists.NAME: WORKSPACE/lists/NAME.txt, one value a line, or NAME.csv, whose
 * first line is a header and whose first column holds the values. UTF-8, with or without a byte order mark, LF or CRLF.
 * Empty lines say nothing, nor do lines of a .txt that begin with '#'. A value given twice counts once. */

enum {
    JH_MAX_VALUE_LISTS = 256,
    JH_MAX_LIST_VALUES = 100000,
    JH_MAX_LIST_BYTES  = 8 << 20 /* of a file */
};

typedef struct jh_list_value {
    const char *text;
    uint32_t    len;
    uint32_t    line; /* where the file has it */
} jh_list_value;

typedef struct jh_value_list {
    const char    *name;       /* as rules say it: the file's name without its ending */
    const char    *file;       /* below the workspace: lists/NAME.txt */
    char           sha256[65]; /* of the file */
    jh_list_value *values;     /* sorted bytewise, each once */
    size_t         count;
} jh_value_list;

typedef struct jh_value_lists {
    jh_arena       arena;
    jh_value_list *lists; /* in order of name */
    size_t         count;
} jh_value_lists;

/* Every list of a workspace; no directory gives none. JIHE_CONFIG with file and line: not UTF-8, an open quote, too many
 * values, two files of one name. */
jihe_status jh_value_lists_load(jh_value_lists *out, const char *workspace, jihe_error *err);

/* One list from its bytes, as a run has kept them; appended. */
jihe_status jh_value_lists_add(jh_value_lists *lists, const char *file, const void *bytes, size_t len, jihe_error *err);

void                 jh_value_lists_deinit(jh_value_lists *lists); /* a zeroed one is fine */
const jh_value_list *jh_value_list_find(const jh_value_lists *lists, const char *name, size_t len); /* NULL: none */

#endif
