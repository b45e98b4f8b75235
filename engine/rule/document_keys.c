#include "rule/document_keys.h"

#include <string.h>

#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/rule_column.h"

enum { HOURS_MOST = JH_MAX_WITHIN_DAYS * 24 };

static jihe_status read_columns(const jh_rule_reader *reader, const jh_node *node, jh_document_keys *out)
{
    size_t count;
    const jh_node *columns = jh_node_several(node, &count);
    jihe_status st = JIHE_OK;

    if (count == 0 || count > JH_MAX_KEYS)
        return jh_node_fail(reader->yaml, node, reader->err,
                            "expected 1 to %d columns, like [payee, amount]; found %zu", JH_MAX_KEYS, count);
    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        st = jh_rule_column(reader, &columns[i], &out->keys[i].column);
        for (size_t k = 0; st == JIHE_OK && k < i; k++)
            if (strcmp(out->keys[k].column.name, out->keys[i].column.name) == 0)
                return jh_node_fail(reader->yaml, &columns[i], reader->err, "column '%s' is named twice",
                                    out->keys[i].column.name);
    }
    out->count = count;
    return st;
}

static jihe_status mark_normal(const jh_rule_reader *reader, const jh_node *node, jh_document_keys *out)
{
    const char *names[JH_MAX_KEYS];
    jh_column_name name;
    const jihe_status st = jh_rule_column(reader, node, &name);

    if (st != JIHE_OK)
        return st;
    for (size_t k = 0; k < out->count; k++) {
        names[k] = out->keys[k].column.name;
        if (strcmp(names[k], name.name) != 0)
            continue;
        out->keys[k].normal = true;
        out->keys[k].place = name.place;
        return JIHE_OK;
    }
    const char *near = jh_text_nearest(name.name, names, out->count);

    return jh_node_fail(reader->yaml, node, reader->err, "normalise: '%s' is none of the columns that must agree%s%s%s",
                        name.name, near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
                        near == NULL ? "" : "'?");
}

jihe_status jh_document_keys_read(const jh_rule_reader *reader, const jh_node *columns, const jh_node *normalise,
                                  jh_document_keys *out)
{
    size_t count;
    const jh_node *normal = jh_node_several(normalise, &count);
    jihe_status st = read_columns(reader, columns, out);

    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        st = mark_normal(reader, &normal[i], out);
    return st;
}

jihe_status jh_document_keys_check(const jh_document_keys *keys, const char *what, const jh_schema *schema,
                                   jihe_error *err)
{
    for (size_t k = 0; k < keys->count; k++) {
        const jh_document_key *key = &keys->keys[k];
        size_t column;
        const jihe_status st = jh_rule_find_column(&column, &key->column, schema, what, err);

        if (st != JIHE_OK)
            return st;
        const jh_column *found = &schema->columns[column];

        if (found->list != NULL)
            return jh_fail_at(err, JIHE_CONFIG, key->column.place.source, key->column.place.line,
                              key->column.place.column,
                              "%s: column '%s' is a list; a document has one value to compare", what, found->name);
        if (key->normal && found->type != JH_CATEGORY && found->type != JH_TEXT && found->type != JH_ID)
            return jh_fail_at(err, JIHE_CONFIG, key->place.source, key->place.line, key->place.column,
                              "normalise: column '%s' has type %s; category, text and id columns have spellings to "
                              "normalise",
                              found->name, jh_type_name(found->type));
    }
    return JIHE_OK;
}

void jh_document_keys_pack(jh_buf *out, const jh_document_keys *keys)
{
    jh_pack_array(out, keys->count);
    for (size_t k = 0; k < keys->count; k++) {
        jh_pack_array(out, 2);
        jh_pack_text(out, keys->keys[k].column.name);
        jh_pack_bool(out, keys->keys[k].normal);
    }
}

void jh_document_keys_unpack(const jh_unpack *map, const char *name, jh_document_keys *keys, jh_arena *arena, bool *ok)
{
    jh_unpack in = jh_field_at(map, name, ok);
    const size_t count = *ok ? jh_unpack_array(&in) : 0;

    *ok = *ok && !in.failed && count >= 1 && count <= JH_MAX_KEYS;
    for (size_t k = 0; *ok && k < count; k++) {
        *ok = jh_unpack_array(&in) == 2;
        keys->keys[k].column.name = jh_next_text(&in, arena, ok);
        keys->keys[k].normal = jh_unpack_bool(&in);
        *ok = *ok && !in.failed && keys->keys[k].column.name != NULL;
    }
    keys->count = *ok ? count : 0;
}

void jh_document_keys_put(jh_buf *out, const jh_document_keys *keys)
{
    for (size_t k = 0; k < keys->count; k++)
        jh_buf_printf(out, "%s%s%s", k == 0 ? "" : ", ", keys->keys[k].column.name,
                      keys->keys[k].normal ? " (normalised)" : "");
}

static bool is_unit(const char *unit, const char *name)
{
    const size_t len = strlen(name);

    return strncmp(unit, name, len) == 0 && (unit[len] == '\0' || (unit[len] == 's' && unit[len + 1] == '\0'));
}

jihe_status jh_within_read(const jh_rule_reader *reader, const jh_node *node, bool hours, jh_within *out)
{
    const char *form = hours ? "a time like 1 day, 2 weeks or 6 hours" : "a time like 90 days or 2 weeks";
    const char *space = node->kind == JH_NODE_SCALAR ? strchr(node->text, ' ') : NULL;
    const char *unit = space == NULL ? "" : space + strspn(space, " ");
    const uint64_t each = is_unit(unit, "week") ? 7 : 1;
    const bool in_hours = hours && is_unit(unit, "hour");
    char shown[64];
    uint64_t value;

    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, form);
    if (space != NULL && (is_unit(unit, "day") || is_unit(unit, "week") || in_hours) &&
        jh_num_u64(node->text, (size_t)(space - node->text), &value) && value <= HOURS_MOST &&
        value * each <= (in_hours ? HOURS_MOST : JH_MAX_WITHIN_DAYS)) {
        *out = (jh_within){.count = (uint32_t)(value * each), .hours = in_hours};
        return JIHE_OK;
    }
    return jh_node_fail(reader->yaml, node, reader->err, "expected %s, at most %d days; found '%s'", form,
                        JH_MAX_WITHIN_DAYS, jh_text_quote(node->text, node->len, shown, sizeof shown));
}

void jh_within_put(jh_buf *out, jh_within within)
{
    jh_buf_printf(out, "%u %s%s", within.count, within.hours ? "hour" : "day", within.count == 1 ? "" : "s");
}

static bool is_open(const jh_schema *schema, const char *name)
{
    const size_t column = jh_schema_find(schema, name, strlen(name));

    return column != SIZE_MAX && schema->columns[column].type == JH_MONEY &&
           schema->columns[column].currency[0] == '\0';
}

const char *jh_document_currency(const jh_document_keys *keys, const char *money, const jh_schema *schema)
{
    const size_t column = jh_schema_role(schema, JH_ROLE_CURRENCY);
    bool open = money != NULL && is_open(schema, money);

    for (size_t k = 0; k < keys->count; k++)
        open = open || is_open(schema, keys->keys[k].column.name);
    return open && column != SIZE_MAX ? schema->columns[column].name : NULL;
}
