#ifndef JH_CONFIG_YAML_H
#define JH_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* A YAML file as a tree with positions. Scalars stay text. A file without a document is an empty scalar. A byte order
 * mark and CRLF are fine. Refused, because they are mistakes here or because the parser cannot be trusted with them:
 * more than 256 KiB, depth over 32, aliases, anchors, tags, merge keys, directives, several documents, duplicate keys,
 * keys that are not scalars on one line (plain, or quoted as a stratum's value may need), invalid UTF-8, control
 * characters, tabs outside comment lines, more than 8 single quotes or 1000 empty lines in a row. */

typedef enum jh_node_kind { JH_NODE_SCALAR, JH_NODE_LIST, JH_NODE_MAP } jh_node_kind;

/* From this byte of a scalar on, the text stands there in the file. */
typedef struct jh_text_break {
    uint32_t at;
    uint32_t line, column;
} jh_text_break;

typedef struct jh_node jh_node;
struct jh_node {
    jh_node_kind kind;
    bool         quoted;  /* scalar written in quotes or as a block */
    uint32_t     line;    /* 1-based */
    uint32_t     column;  /* 1-based, code points; of the content itself: after a quote, after indentation */
    const char  *text;    /* scalar: value, terminated */
    size_t       len;
    const jh_text_break *breaks; /* scalar over several lines or with escapes: where it goes on elsewhere than it seems */
    size_t       break_count;
    const jh_node *items; /* list: values; map: values, in the order written */
    const jh_node *keys;  /* map: keys[i] belongs to items[i] */
    size_t       count;
};

typedef struct jh_yaml {
    jh_arena       arena;
    const char    *source; /* file name as given, for messages */
    const jh_node *root;
} jh_yaml;

jihe_status jh_yaml_load(jh_yaml *yaml, const char *path, jihe_error *err);
jihe_status jh_yaml_parse(jh_yaml *yaml, const char *source, const char *text, size_t len, jihe_error *err);
void        jh_yaml_deinit(jh_yaml *yaml);

const jh_node *jh_node_get(const jh_node *map, const char *key); /* NULL when absent or not a map */
const jh_node *jh_node_key(const jh_node *map, const char *key); /* the key itself; NULL as above */

/* JIHE_CONFIG at `node` (position of the node, file of the yaml). */
__attribute__((format(printf, 4, 5))) jihe_status jh_node_fail(const jh_yaml *yaml, const jh_node *node,
                                                               jihe_error *err, const char *fmt, ...);

/* "one or several": a list's items, or any other node as its own only item. Absent: none. */
const jh_node *jh_node_several(const jh_node *node, size_t *count);

/* A node of another kind: an error at it, "expected `expected`; found ...". */
jihe_status jh_node_expect(const jh_yaml *yaml, const jh_node *node, jh_node_kind kind, jihe_error *err,
                           const char *expected);

/* Every key of `map` must be one of `known`; otherwise an error at the key with "did you mean". */
jihe_status jh_node_known(const jh_yaml *yaml, const jh_node *map, const char *const *known, size_t count,
                          jihe_error *err);

/* Typed readings; absent (node NULL) leaves *out alone. Wrong kind or form: an error at the node that names what was
 * expected. A choice gives the index of the word; a rate is above 0 and at most 100 %. */
jihe_status jh_node_text(const jh_yaml *yaml, const jh_node *node, const char **out, jihe_error *err);
jihe_status jh_node_u32(const jh_yaml *yaml, const jh_node *node, uint32_t min, uint32_t max, uint32_t *out,
                        jihe_error *err);
jihe_status jh_node_u64(const jh_yaml *yaml, const jh_node *node, uint64_t min, uint64_t max, uint64_t *out,
                        jihe_error *err);
jihe_status jh_node_choice(const jh_yaml *yaml, const jh_node *node, const char *const *choices, size_t count,
                           size_t *out, jihe_error *err);
jihe_status jh_node_rate(const jh_yaml *yaml, const jh_node *node, uint32_t *ppm, jihe_error *err);

#endif
