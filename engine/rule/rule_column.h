#ifndef JH_RULE_RULE_COLUMN_H
#define JH_RULE_RULE_COLUMN_H

#include "config/schema.h"
#include "rule/rulefile.h"

/* Columns that rules name, looked for in a schema. Errors stand at the column's place in the rule file. */

/* The column's index; `what` names the part of the rule: "draw: by". JIHE_CONFIG with the nearest name. */
jihe_status jh_rule_find_column(size_t *out, const jh_column_name *name, const jh_schema *schema, const char *what,
                                jihe_error *err);
/* A column that groups can be made of: a category, and no list. */
jihe_status jh_rule_check_category(const jh_column_name *name, const jh_schema *schema, const char *what,
                                   jihe_error *err);
/* One that snapshots tally by person: a category with the role. */
jihe_status jh_rule_check_person(const jh_column_name *name, const jh_schema *schema, const char *what,
                                 jihe_error *err);
jihe_status jh_rule_check_money(const jh_column_name *name, const jh_schema *schema, const char *what, jihe_error *err);

#endif
