#ifndef JH_RULE_RULEFILE_INT_H
#define JH_RULE_RULEFILE_INT_H

#include "config/yaml.h"
#include "rule/rulefile.h"

/* Shared by the rulefile_*.c files. */

/* One rule file being read. The yaml goes away afterwards: whatever a rule keeps is copied into `arena`. */
typedef struct jh_rule_reader {
    const jh_yaml *yaml;
    jh_arena      *arena;
    const char    *source; /* the file's name, in `arena` */
    jihe_error    *err;
} jh_rule_reader;

jh_place    jh_rule_place(const jh_rule_reader *reader, const jh_node *node);
jihe_status jh_rule_no_memory(const jh_rule_reader *reader);
jihe_status jh_rule_text(const jh_rule_reader *reader, const jh_node *node, const char **out); /* a copy */
jihe_status jh_rule_column(const jh_rule_reader *reader, const jh_node *node, jh_column_name *out);

/* Every key of `map` is one of `known`. Keys of `later`, which the language will have, get their own words. */
jihe_status jh_rule_keys(const jh_rule_reader *reader, const jh_node *map, const char *const *known, size_t known_count,
                         const char *const *later, size_t later_count);

/* "day", "7 days", "week", "month", "3 months". Absent leaves *out alone. */
jihe_status jh_rule_read_window(const jh_rule_reader *reader, const jh_node *node, jh_window *out);

jihe_status jh_rule_read(const jh_rule_reader *reader, const jh_node *node, jh_rule *out);
jihe_status jh_rule_read_draw(const jh_rule_reader *reader, const jh_node *node, jh_draw *out);
jihe_status jh_rule_read_flag(const jh_rule_reader *reader, const jh_node *node, jh_flag *out);

#endif
