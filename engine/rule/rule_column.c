#include "rule/rule_column.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

jihe_status jh_rule_find_column(size_t *out, const jh_column_name *name, const jh_schema *schema, const char *what,
                                jihe_error *err)
{
    const char *names[JH_MAX_COLUMNS];

    if ((*out = jh_schema_find(schema, name->name, strlen(name->name))) != SIZE_MAX)
        return JIHE_OK;
    for (size_t i = 0; i < schema->count; i++)
        names[i] = schema->columns[i].name;
    const char *near = jh_text_nearest(name->name, names, schema->count);

    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "%s: unknown column '%s'%s%s%s", what, name->name, near == NULL ? "" : ", did you mean '",
                      near == NULL ? "" : near, near == NULL ? "" : "'?");
}

jihe_status jh_rule_check_category(const jh_column_name *name, const jh_schema *schema, const char *what,
                                   jihe_error *err)
{
    size_t column;
    const jihe_status st = jh_rule_find_column(&column, name, schema, what, err);

    if (st != JIHE_OK)
        return st;
    if (schema->columns[column].type != JH_CATEGORY)
        return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                          "%s: column '%s' has type %s; strata and groups are made of category columns", what,
                          name->name, jh_type_name(schema->columns[column].type));
    if (schema->columns[column].list != NULL)
        return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                          "%s: column '%s' is a list; a document would be in several strata or groups at once", what,
                          name->name);
    return JIHE_OK;
}

jihe_status jh_rule_check_person(const jh_column_name *name, const jh_schema *schema, const char *what, jihe_error *err)
{
    size_t column;
    jihe_status st;

    if ((st = jh_rule_check_category(name, schema, what, err)) != JIHE_OK ||
        (st = jh_rule_find_column(&column, name, schema, what, err)) != JIHE_OK)
        return st;
    if ((schema->columns[column].roles & JH_ROLE_PERSON) != 0)
        return JIHE_OK;
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "%s: column '%s' is not tallied; give it 'role: person' in jihe.yaml", what, name->name);
}

jihe_status jh_rule_check_money(const jh_column_name *name, const jh_schema *schema, const char *what, jihe_error *err)
{
    size_t column;
    const jihe_status st = jh_rule_find_column(&column, name, schema, what, err);

    if (st != JIHE_OK || schema->columns[column].type == JH_MONEY)
        return st;
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "%s: column '%s' has type %s, not money", what, name->name,
                      jh_type_name(schema->columns[column].type));
}
