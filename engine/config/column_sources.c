#include <string.h>

#include "config/workspace_int.h"

/* Where a column comes from: `source`, `source_any`, `optional`. */

/* The texts of a list (or of one scalar); none of them empty. */
static jihe_status read_headers(jh_yaml *yaml, const jh_node *node, const char **out, jihe_error *err)
{
    size_t count;
    const jh_node *item = jh_node_several(node, &count);

    for (size_t i = 0; i < count; i++) {
        const jihe_status status = jh_node_text(yaml, &item[i], &out[i], err);
        if (status != JIHE_OK)
            return status;
        if (item[i].len == 0)
            return jh_node_fail(yaml, &item[i], err, "the source is empty; expected a header of the extract");
    }
    return JIHE_OK;
}

static jihe_status read_source(jh_yaml *yaml, const jh_node *source, jh_column *column, jihe_error *err)
{
    size_t count;
    const char **sources;

    (void)jh_node_several(source, &count);
    sources = JH_NEW(&yaml->arena, const char *, count + 1);
    if (sources == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the columns of '%s'", yaml->source);
    sources[0] = column->name;
    column->sources = sources;
    column->source_count = source != NULL ? count : 1;
    if (source != NULL && (count == 0 || count > JH_MAX_SOURCES))
        return jh_node_fail(yaml, source, err, "expected 1 to %d headers; found %zu", JH_MAX_SOURCES, count);
    if (count > 1 && column->type != JH_ID)
        return jh_node_fail(yaml, source, err,
                            "only a column of type id is joined from several sources; column '%s' has type %s (if its "
                            "header has several names, write them as source_any)",
                            column->name, jh_type_name(column->type));
    return read_headers(yaml, source, sources, err);
}

/* The first name is the source, the others are what it may be called instead. */
static jihe_status read_any(jh_yaml *yaml, const jh_node *node, const jh_node *any, jh_column *column, jihe_error *err)
{
    const char **names;
    jihe_status status;

    if (jh_node_key(node, "source") != NULL)
        return jh_node_fail(yaml, jh_node_key(node, "source_any"), err,
                            "column '%s' has a source and a source_any; write all names in source_any", column->name);
    status = jh_node_expect(yaml, any, JH_NODE_LIST, err, "a list of headers, like [旧名, 新名]");
    if (status != JIHE_OK)
        return status;
    if (any->count < 2 || any->count > JH_MAX_SOURCES)
        return jh_node_fail(yaml, any, err, "expected 2 to %d headers; found %zu", JH_MAX_SOURCES, any->count);
    names = JH_NEW(&yaml->arena, const char *, any->count);
    if (names == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the columns of '%s'", yaml->source);
    if ((status = read_headers(yaml, any, names, err)) != JIHE_OK)
        return status;
    for (size_t i = 1; i < any->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return jh_node_fail(yaml, &any->items[i], err, "header '%s' is given twice", names[i]);
    column->sources = names;
    column->source_count = 1;
    column->also = names + 1;
    column->also_count = any->count - 1;
    return JIHE_OK;
}

static jihe_status read_optional(const jh_yaml *yaml, const jh_node *node, jh_column *column, jihe_error *err)
{
    static const char *const names[] = {"false", "true"};
    const jh_node *optional = jh_node_get(node, "optional");
    size_t choice = 0;
    const jihe_status status = jh_node_choice(yaml, optional, names, 2, &choice, err);

    column->optional = choice == 1;
    if (status != JIHE_OK || !column->optional)
        return status;
    if (column->type == JH_ID || (column->roles & JH_ROLE_BUSINESS_DATE) != 0)
        return jh_node_fail(yaml, jh_node_key(node, "optional"), err, "column '%s' is the %s; no document is without",
                            column->name, column->type == JH_ID ? "id" : "business date");
    return JIHE_OK;
}

jihe_status jh_column_sources(jh_yaml *yaml, const jh_node *node, jh_column *out, jihe_error *err)
{
    const jh_node *any = jh_node_get(node, "source_any");
    const jihe_status status =
        any != NULL ? read_any(yaml, node, any, out, err) : read_source(yaml, jh_node_get(node, "source"), out, err);

    return status == JIHE_OK ? read_optional(yaml, node, out, err) : status;
}
