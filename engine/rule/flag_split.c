#include "rule/flag_split.h"

#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"
#include "rule/rule_column.h"

/* What a split rule says: read, checked, recorded and described. The groups are made in split_groups.c. */

static const jh_split *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

/* --- the rule file --- */

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *map)
{
    static const char *const known[] = {"split", "by", "within", "limit", "at_least", "at", "currency", "normalise"};
    static const char *const needed[] = {"by", "within", "limit"};
    const jihe_status st = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    for (size_t i = 0; st == JIHE_OK && i < sizeof needed / sizeof needed[0]; i++)
        if (jh_node_key(map, needed[i]) == NULL)
            return jh_node_fail(reader->yaml, map, reader->err,
                                "the flag has no %s; expected something like {split: amount, by: [payee, preparer], "
                                "within: 1 day, limit: 100000}",
                                needed[i]);
    return st;
}

static jihe_status read_limit(const jh_rule_reader *reader, const jh_node *node, jh_decimal *out)
{
    char shown[64];

    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "an amount like 100000");
    if (jh_num_decimal(node->text, node->len, out) && out->digits > 0 && out->digits <= INT64_MAX)
        return JIHE_OK;
    return jh_node_fail(reader->yaml, node, reader->err,
                        "expected an amount above 0 like 100000 or 9999.50; found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

/* Hours are counted on a clock: a time column must say which. */
static jihe_status read_at(const jh_rule_reader *reader, const jh_node *map, jh_split *out)
{
    const jh_node *at = jh_node_get(map, "at");

    if (at != NULL && !out->within.hours)
        return jh_node_fail(
            reader->yaml, jh_node_key(map, "at"), reader->err,
            "'at' is for hours; days are counted by the date of the snapshot: write within: 24 hours, or "
            "leave 'at' out");
    if (at == NULL && out->within.hours)
        return jh_node_fail(reader->yaml, jh_node_get(map, "within"), reader->err,
                            "hours of which column? add at: COLUMN, a column of type time");
    return at == NULL ? JIHE_OK : jh_rule_column(reader, at, &out->at);
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    jh_split *made = JH_NEW(reader->arena, jh_split, 1);
    const jh_node *currency = jh_node_get(map, "currency");
    jihe_status st;

    if (made == NULL)
        return jh_rule_no_memory(reader);
    out->settings = made;
    made->at_least = 2;
    made->currency = "";
    if ((st = check_keys(reader, map)) != JIHE_OK ||
        (st = jh_rule_column(reader, jh_node_get(map, "split"), &made->money)) != JIHE_OK ||
        (st = jh_document_keys_read(reader, jh_node_get(map, "by"), jh_node_get(map, "normalise"), &made->by)) !=
            JIHE_OK ||
        (st = jh_within_read(reader, jh_node_get(map, "within"), true, &made->within)) != JIHE_OK ||
        (st = read_at(reader, map, made)) != JIHE_OK ||
        (st = read_limit(reader, jh_node_get(map, "limit"), &made->limit)) != JIHE_OK ||
        (st = jh_node_u32(reader->yaml, jh_node_get(map, "at_least"), 2, 1000000, &made->at_least, reader->err)) !=
            JIHE_OK ||
        currency == NULL)
        return st;
    made->place = jh_rule_place(reader, currency);
    return jh_rule_text(reader, currency, &made->currency);
}

/* Amounts in yuan and in dollars are never added up: the rule says which it means. */
static jihe_status check_currency(const jh_split *settings, const jh_schema *schema, jihe_error *err)
{
    const char *name = jh_document_currency(&settings->by, settings->money.name, schema);
    const jh_place *place = settings->currency[0] == '\0' ? &settings->money.place : &settings->place;
    const jh_column *money =
        &schema->columns[jh_schema_find(schema, settings->money.name, strlen(settings->money.name))];

    if (name != NULL && settings->currency[0] == '\0')
        return jh_fail_at(
            err, JIHE_CONFIG, place->source, place->line, place->column,
            "split: amounts of several currencies would be added up; say which one the limit is in: currency: "
            "CNY");
    if (name == NULL && settings->currency[0] != '\0' && strcmp(settings->currency, money->currency) != 0)
        return jh_fail_at(err, JIHE_CONFIG, place->source, place->line, place->column,
                          "currency: column '%s' is %s%s; leave the currency out", money->name,
                          money->currency[0] == '\0' ? "of one currency, and no column has 'role: currency'" : "in ",
                          money->currency);
    return JIHE_OK;
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const jh_split *settings = settings_of(flag);
    size_t column;
    jihe_status st;

    (void)used;
    if ((st = jh_rule_check_money(&settings->money, schema, "flag: split", err)) != JIHE_OK ||
        (st = jh_document_keys_check(&settings->by, "flag: by", schema, err)) != JIHE_OK ||
        (st = check_currency(settings, schema, err)) != JIHE_OK || settings->at.name == NULL ||
        (st = jh_rule_find_column(&column, &settings->at, schema, "flag: at", err)) != JIHE_OK ||
        schema->columns[column].type == JH_TIME)
        return st;
    return jh_fail_at(err, JIHE_CONFIG, settings->at.place.source, settings->at.place.line, settings->at.place.column,
                      "flag: at: column '%s' has type %s, not time", settings->at.name,
                      jh_type_name(schema->columns[column].type));
}

/* --- a run's record --- */

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_split *settings = settings_of(flag);
    const bool at = settings->at.name != NULL, currency = settings->currency[0] != '\0';

    jh_pack_map(out, 6u + at + currency);
    jh_pack_text(out, "split");
    jh_pack_text(out, settings->money.name);
    jh_pack_text(out, "by");
    jh_document_keys_pack(out, &settings->by);
    jh_pack_text(out, at ? "within_hours" : "within_days");
    jh_pack_u64(out, settings->within.count);
    jh_pack_text(out, "limit");
    jh_pack_i64(out, (int64_t)settings->limit.digits);
    jh_pack_text(out, "limit_scale");
    jh_pack_u64(out, settings->limit.scale);
    jh_pack_text(out, "at_least");
    jh_pack_u64(out, settings->at_least);
    if (at) {
        jh_pack_text(out, "at");
        jh_pack_text(out, settings->at.name);
    }
    if (currency) {
        jh_pack_text(out, "currency");
        jh_pack_text(out, settings->currency);
    }
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_split *made = JH_NEW(arena, jh_split, 1);
    jh_unpack found;

    *ok = *ok && made != NULL;
    if (!*ok)
        return;
    flag->settings = made;
    made->money.name = jh_field_text(map, "split", arena, ok);
    jh_document_keys_unpack(map, "by", &made->by, arena, ok);
    made->within.hours = jh_unpack_find(map, "within_hours", &found);
    made->within.count =
        (uint32_t)jh_field_u64(map, made->within.hours ? "within_hours" : "within_days", JH_MAX_WITHIN_DAYS * 24, ok);
    made->limit.digits = jh_field_i64(map, "limit", 1, INT64_MAX, ok);
    made->limit.scale = (uint32_t)jh_field_u64(map, "limit_scale", 18, ok);
    made->at_least = (uint32_t)jh_field_u64(map, "at_least", UINT32_MAX, ok);
    if (made->within.hours)
        made->at.name = jh_field_text(map, "at", arena, ok);
    made->currency = jh_unpack_find(map, "currency", &found) ? jh_field_text(map, "currency", arena, ok) : "";
}

/* Hours: as many days as they are, a part of one being a whole one. */
int32_t jh_split_days(const jh_split *split)
{
    return (int32_t)(split->within.hours ? (split->within.count + 23) / 24 : split->within.count);
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)last;
    return first - jh_split_days(settings_of(flag));
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_split *settings = settings_of(flag);
    char limit[48];

    jh_buf_printf(out, "%s split by ", settings->money.name);
    jh_document_keys_put(out, &settings->by);
    jh_buf_puts(out, " within ");
    jh_within_put(out, settings->within);
    jh_money_text(settings->limit.digits, settings->limit.scale, limit);
    jh_buf_printf(out, ", limit %s", limit);
}

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    return jh_split_judge(out, input, settings_of(&input->rule->flag), err);
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_printf(out, ": %s", group->note);
}

const jh_flag_kind jh_flag_split = {.name = "split",
                                    .read = read,
                                    .check = check,
                                    .pack = pack,
                                    .unpack = unpack,
                                    .reach = reach,
                                    .judge = judge,
                                    .describe = describe,
                                    .why = why};
