#ifndef JH_CONFIG_YAML_INT_H
#define JH_CONFIG_YAML_INT_H

#include "config/yaml.h"

/* Shared by the yaml_*.c files: text -> gate -> tree. */

enum {
    JH_YAML_MAX_BYTES = 256 * 1024, /* some thousand rules; a larger file is not one that a person wrote */
    JH_YAML_MAX_DEPTH = 32,         /* lists and maps inside one another; jihe's own files need 5 */
    JH_YAML_MAX_EMPTY = 2000,       /* line ends in a row: two for a line, in some systems */
    JH_YAML_MAX_QUOTES = 8          /* ' in a row; an empty text at the end of a quoted where takes 5 */
};

/* Refuses, with position, text that must not reach libfyaml 0.7.12: it accepts broken UTF-8, crashes on a tab after an
 * explicit key ("? a:<tab>|", double free while closing), spends minutes on a line of '%' and on empty lines in a folded
 * block, and leaks 32 bytes for each doubled quote in a run of five or more. */
jihe_status jh_yaml_gate(const char *source, const char *text, size_t len, jihe_error *err);
jihe_status jh_yaml_too_large(const char *source, jihe_error *err);

/* Sets yaml->root, in yaml->arena; the text has passed the gate and carries no byte order mark. */
jihe_status jh_yaml_tree(jh_yaml *yaml, const char *text, size_t len, jihe_error *err);

/* Sets the breaks of a scalar whose content begins at raw[from]. False: no memory. */
bool jh_yaml_breaks(jh_arena *arena, const char *raw, size_t len, size_t from, char quote, jh_node *node);

#endif
