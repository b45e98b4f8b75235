#include "rule/flag_duplicate.h"

#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"

/* What a duplicate rule says: read, checked, recorded and described. The groups are made in duplicate_groups.c. */

static const jh_duplicate *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

/* --- the rule file --- */

/* "1.00", "0.5%", "1.00 or 0.5%" */
static jihe_status read_limits(const jh_rule_reader *reader, const jh_node *node, jh_duplicate *out)
{
    const char * or = node->kind == JH_NODE_SCALAR ? strstr(node->text, " or ") : NULL;
    const char *parts[2] = {node->text, or == NULL ? NULL : or +4};
    size_t lens[2] = { or == NULL ? node->len : (size_t)(or -node->text), or == NULL ? 0 : strlen(or +4)};
    bool amount = false, rate = false, right = node->kind == JH_NODE_SCALAR;
    char shown[64];

    for (size_t i = 0; right && i < 2 && parts[i] != NULL; i++) {
        while (lens[i] > 0 && parts[i][0] == ' ') {
            parts[i]++;
            lens[i]--;
        }
        if (lens[i] > 0 && parts[i][lens[i] - 1] == '%') {
            right = !rate && jh_num_rate(parts[i], lens[i], &out->ppm) && out->ppm > 0 && out->ppm < 1000000;
            rate = true;
        } else {
            right = !amount && jh_num_decimal(parts[i], lens[i], &out->most) && out->most.digits > 0 &&
                    out->most.digits <= INT64_MAX;
            amount = true;
        }
    }
    if (right)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a tolerance like 1.00 or 0.5%");
    return jh_node_fail(
        reader->yaml, node, reader->err,
        "expected a tolerance above 0: an amount, a rate below 100%%, or both like '1.00 or 0.5%%'; found "
        "'%s'",
        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_tolerance(const jh_rule_reader *reader, const jh_node *node, jh_duplicate *out)
{
    const char *names[JH_MAX_KEYS];

    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_MAP)
        return jh_node_expect(reader->yaml, node, JH_NODE_MAP, reader->err,
                              "a column and its tolerance like {amount: 1.00}");
    if (node->count != 1)
        return jh_node_fail(reader->yaml, node, reader->err, "expected one column with a tolerance; found %zu",
                            node->count);
    out->tolerant = true;
    out->place = jh_rule_place(reader, &node->keys[0]);
    for (out->amount = 0; out->amount < out->keys.count; out->amount++) {
        names[out->amount] = out->keys.keys[out->amount].column.name;
        if (strcmp(names[out->amount], node->keys[0].text) == 0)
            return read_limits(reader, &node->items[0], out);
    }
    const char *near = jh_text_nearest(node->keys[0].text, names, out->keys.count);

    return jh_node_fail(reader->yaml, &node->keys[0], reader->err,
                        "tolerance: '%s' is none of the columns that must agree%s%s%s", node->keys[0].text,
                        near == NULL ? "" : ", did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    static const char *const known[] = {"duplicate", "within", "tolerance", "normalise"};
    jh_duplicate *made = JH_NEW(reader->arena, jh_duplicate, 1);
    jihe_status st;

    if (made == NULL)
        return jh_rule_no_memory(reader);
    out->settings = made;
    if ((st = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0)) != JIHE_OK)
        return st;
    if (jh_node_key(map, "within") == NULL)
        return jh_node_fail(reader->yaml, map, reader->err,
                            "the flag does not say how far apart documents may be; add within: 90 days");
    if ((st = jh_document_keys_read(reader, jh_node_get(map, "duplicate"), jh_node_get(map, "normalise"),
                                    &made->keys)) != JIHE_OK ||
        (st = jh_within_read(reader, jh_node_get(map, "within"), false, &made->within)) != JIHE_OK)
        return st;
    return read_tolerance(reader, jh_node_get(map, "tolerance"), made);
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const jh_duplicate *settings = settings_of(flag);
    const jihe_status st = jh_document_keys_check(&settings->keys, "flag: duplicate", schema, err);

    (void)used;
    if (st != JIHE_OK || !settings->tolerant)
        return st;
    const char *name = settings->keys.keys[settings->amount].column.name;
    const jh_column *column = &schema->columns[jh_schema_find(schema, name, strlen(name))];

    if (column->type == JH_MONEY || column->type == JH_INTEGER)
        return JIHE_OK;
    return jh_fail_at(err, JIHE_CONFIG, settings->place.source, settings->place.line, settings->place.column,
                      "tolerance: column '%s' has type %s; money and integer columns can be off by a little", name,
                      jh_type_name(column->type));
}

/* --- a run's record --- */

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_duplicate *settings = settings_of(flag);

    jh_pack_map(out, settings->tolerant ? 3 : 2);
    jh_pack_text(out, "duplicate");
    jh_document_keys_pack(out, &settings->keys);
    jh_pack_text(out, "within_days");
    jh_pack_u64(out, settings->within.count);
    if (!settings->tolerant)
        return;
    jh_pack_text(out, "tolerance");
    jh_pack_array(out, 4);
    jh_pack_u64(out, settings->amount);
    jh_pack_i64(out, (int64_t)settings->most.digits);
    jh_pack_u64(out, settings->most.scale);
    jh_pack_u64(out, settings->ppm);
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_duplicate *made = JH_NEW(arena, jh_duplicate, 1);
    jh_unpack in;

    *ok = *ok && made != NULL;
    if (!*ok)
        return;
    flag->settings = made;
    jh_document_keys_unpack(map, "duplicate", &made->keys, arena, ok);
    made->within.count = (uint32_t)jh_field_u64(map, "within_days", JH_MAX_WITHIN_DAYS, ok);
    made->tolerant = jh_unpack_find(map, "tolerance", &in);
    if (!made->tolerant)
        return;
    *ok = *ok && jh_unpack_array(&in) == 4;
    made->amount = (size_t)jh_unpack_u64(&in);
    made->most.digits = jh_unpack_i64(&in);
    made->most.scale = (uint32_t)jh_unpack_u64(&in);
    made->ppm = (uint32_t)jh_unpack_u64(&in);
    *ok = *ok && !in.failed && made->amount < made->keys.count && made->most.digits >= 0 && made->most.scale <= 18 &&
          made->ppm < 1000000;
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)last;
    return first - (int32_t)settings_of(flag)->within.count;
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_duplicate *settings = settings_of(flag);

    jh_buf_puts(out, "same ");
    jh_document_keys_put(out, &settings->keys);
    jh_buf_puts(out, " within ");
    jh_within_put(out, settings->within);
    if (settings->tolerant) {
        char most[48];

        jh_money_text(settings->most.digits, settings->most.scale, most);
        jh_buf_printf(out, ", %s off by up to ", settings->keys.keys[settings->amount].column.name);
        if (settings->most.digits > 0)
            jh_buf_printf(out, "%s%s", most, settings->ppm > 0 ? " or " : "");
        if (settings->ppm > 0) {
            jh_flag_put_ppm(out, (uint64_t)settings->ppm * 100);
            jh_buf_putc(out, '%');
        }
    }
}

static jihe_status judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err)
{
    return jh_duplicate_judge(out, input, settings_of(&input->rule->flag), err);
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    const size_t shown = group->member_count < JH_FLAG_WHY_MEMBERS ? group->member_count : JH_FLAG_WHY_MEMBERS;

    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_puts(out, ": ");
    jh_flag_put_count(out, group->documents);
    jh_buf_puts(out, " documents, ");
    for (size_t m = 0; m < shown; m++) {
        char date[16];

        jh_days_text(group->members[m].date, date);
        jh_buf_printf(out, "%s%.*s (%s)", m == 0 ? "" : ", ", (int)group->members[m].id_len, group->members[m].id,
                      date);
    }
    if (group->documents > shown) {
        jh_buf_puts(out, " and ");
        jh_flag_put_count(out, group->documents - shown);
        jh_buf_puts(out, " more");
    }
}

const jh_flag_kind jh_flag_duplicate = {.name = "duplicate",
                                        .read = read,
                                        .check = check,
                                        .pack = pack,
                                        .unpack = unpack,
                                        .reach = reach,
                                        .judge = judge,
                                        .describe = describe,
                                        .why = why};
