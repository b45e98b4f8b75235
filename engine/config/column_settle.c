#include <string.h>

#include "base/text.h"
#include "config/workspace_int.h"

/* What a declaration says of other columns, read when all of them are known. */

enum { MAX_CURRENCIES = 256, MAX_CURRENCY = 64 }; /* entries; bytes of one */

/* 0 to the column's scale. */
static jihe_status read_digits(const jh_yaml *yaml, const jh_node *node, const jh_column *column, uint32_t *digits,
                               jihe_error *err)
{
    const jihe_status status = jh_node_u32(yaml, node, 0, 6, digits, err);

    if (status != JIHE_OK || *digits <= column->money.scale)
        return status;
    return jh_node_fail(yaml, node, err, "%u decimals do not fit column '%s', which keeps %u; raise its scale", *digits,
                        column->name, column->money.scale);
}

static jihe_status read_other(const jh_yaml *yaml, const jh_node *node, const jh_column *column, jh_minor_units *out,
                              jihe_error *err)
{
    if (node == NULL || (node->kind == JH_NODE_SCALAR && strcmp(node->text, "refuse") == 0))
        return JIHE_OK;
    if (node->kind == JH_NODE_SCALAR && (node->len != 1 || node->text[0] < '0' || node->text[0] > '6'))
        return jh_node_fail(yaml, node, err, "expected refuse, or how many decimals other currencies have, 0 to 6");
    out->takes_other = true;
    return read_digits(yaml, node, column, &out->other_digits, err);
}

static jihe_status read_currency_column(const jh_yaml *yaml, const jh_node *map, const jh_schema *schema, size_t *out,
                                        jihe_error *err)
{
    const jh_node *node = jh_node_get(map, "column");
    const jh_column *named;
    char shown[64];

    if (node == NULL)
        return jh_node_fail(yaml, map, err, "minor_units does not say which column has the currency; add column: NAME");
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(yaml, node, JH_NODE_SCALAR, err, "the name of a column");
    *out = jh_schema_find(schema, node->text, node->len);
    if (*out == SIZE_MAX)
        return jh_node_fail(yaml, node, err, "there is no column '%s'; expected the category column with the currency",
                            jh_text_quote(node->text, node->len, shown, sizeof shown));
    named = &schema->columns[*out];
    if (named->type != JH_CATEGORY || named->list != NULL)
        return jh_node_fail(yaml, node, err, "column '%s' is %s; a currency comes from a category column", named->name,
                            named->list != NULL ? "a list" : jh_type_name(named->type));
    return JIHE_OK;
}

/* All keys but `column` and `other` are currencies, spelled as the documents spell them. */
static jihe_status read_units(const jh_yaml *yaml, const jh_node *map, const jh_column *column, jh_minor_unit *units,
                              jh_minor_units *out, jihe_error *err)
{
    for (size_t i = 0; i < map->count; i++) {
        const jh_node *key = &map->keys[i];
        jh_minor_unit *unit = &units[out->count];
        jihe_status status;

        if (strcmp(key->text, "column") == 0 || strcmp(key->text, "other") == 0)
            continue;
        if (key->len == 0 || key->len > MAX_CURRENCY)
            return jh_node_fail(yaml, key, err, "a currency has 1 to %d bytes, like CNY", MAX_CURRENCY);
        *unit = (jh_minor_unit){.currency = key->text, .len = (uint32_t)key->len};
        if ((status = read_digits(yaml, &map->items[i], column, &unit->digits, err)) != JIHE_OK)
            return status;
        out->count++;
    }
    if (out->count == 0)
        return jh_node_fail(yaml, map, err, "minor_units names no currency; add entries like CNY: 2");
    return JIHE_OK;
}

static jihe_status settle_units(jh_yaml *yaml, const jh_node *node, const jh_schema *schema, jh_column *column,
                                jihe_error *err)
{
    const jh_node *map = jh_node_get(node, "minor_units");
    jh_minor_units *out;
    jh_minor_unit *units;
    jihe_status status;

    if (map == NULL)
        return JIHE_OK;
    if (map->kind != JH_NODE_MAP || map->count > MAX_CURRENCIES)
        return jh_node_fail(yaml, map, err, "expected {column: currency, CNY: 2, JPY: 0}, up to %d entries",
                            MAX_CURRENCIES);
    if (column->currency[0] != '\0')
        return jh_node_fail(yaml, jh_node_key(node, "currency"), err,
                            "column '%s' has one currency and minor_units for several; leave one of them out",
                            column->name);
    out = JH_NEW(&yaml->arena, jh_minor_units, 1);
    units = JH_NEW(&yaml->arena, jh_minor_unit, map->count + 1);
    if (out == NULL || units == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the columns of '%s'", yaml->source);
    *out = (jh_minor_units){.units = units};
    if ((status = read_currency_column(yaml, map, schema, &out->column, err)) != JIHE_OK ||
        (status = read_other(yaml, jh_node_get(map, "other"), column, out, err)) != JIHE_OK ||
        (status = read_units(yaml, map, column, units, out, err)) != JIHE_OK)
        return status;
    column->units = out;
    return JIHE_OK;
}

static bool comes_from(const jh_column *column, const char *header)
{
    for (size_t i = 0; i < column->source_count; i++)
        if (strcmp(column->sources[i], header) == 0)
            return true;
    for (size_t i = 0; i < column->also_count; i++)
        if (strcmp(column->also[i], header) == 0)
            return true;
    return false;
}

/* A header of two columns may be there for the other one's sake: nobody could tell. */
static jihe_status check_any(const jh_yaml *yaml, const jh_node *node, const jh_schema *schema, const jh_column *column,
                             jihe_error *err)
{
    const jh_node *any = jh_node_get(node, "source_any");

    for (size_t i = 0; any != NULL && i < any->count; i++)
        for (size_t c = 0; c < schema->count; c++)
            if (&schema->columns[c] != column && comes_from(&schema->columns[c], any->items[i].text))
                return jh_node_fail(
                    yaml, &any->items[i], err,
                    "header '%s' is a source of column '%s' too; the headers of a source_any are its own",
                    any->items[i].text, schema->columns[c].name);
    return JIHE_OK;
}

jihe_status jh_column_settle(jh_yaml *yaml, const jh_node *node, const jh_schema *schema, jh_column *out,
                             jihe_error *err)
{
    const jihe_status status = check_any(yaml, node, schema, out, err);

    return status == JIHE_OK ? settle_units(yaml, node, schema, out, err) : status;
}
