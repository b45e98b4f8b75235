#include "rule/flag_digits.h"

#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "codec/pack.h"
#include "codec/stored_map.h"
#include "rule/flag_kind.h"
#include "rule/rule_column.h"
#include "stats/benford.h"

/* What a digits rule says: read, checked, recorded and described. The test is in digits_judge.c. */

enum { MAD_DIGITS = 6 };

static const jh_digits_rule *settings_of(const jh_flag *flag)
{
    return flag->settings;
}

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *map)
{
    static const char *const known[] = {"digits", "by", "first", "min_documents", "mad", "fdr", "keep"};
    const jihe_status status = jh_rule_keys(reader, map, known, sizeof known / sizeof known[0], NULL, 0);

    if (status == JIHE_OK && jh_node_key(map, "by") == NULL)
        return jh_node_fail(
            reader->yaml, map, reader->err,
            "the flag does not say whose digits; add by: COLUMN, for example {digits: amount, by: account}");
    return status;
}

static jihe_status read_mad(const jh_rule_reader *reader, const jh_node *node, uint32_t *ppm)
{
    jh_decimal value;
    int64_t low, high;
    char shown[64];

    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a deviation like 0.015");
    if (jh_num_decimal(node->text, node->len, &value) && jh_num_scale_floor(value, MAD_DIGITS, &low) &&
        jh_num_scale_ceil(value, MAD_DIGITS, &high) && low == high && low >= 0 && low <= 1000000) {
        *ppm = (uint32_t)low;
        return JIHE_OK;
    }
    return jh_node_fail(
        reader->yaml, node, reader->err,
        "expected a mean deviation of shares from 0 to 1 with at most 6 decimals, like 0.015; found '%s'",
        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read(const jh_rule_reader *reader, const jh_node *map, jh_flag *out)
{
    static const char *const keeps[] = {"all", "over"};
    jh_digits_rule *digits = JH_NEW(reader->arena, jh_digits_rule, 1);
    const jh_yaml *yaml = reader->yaml;
    uint32_t first = 1;
    size_t keep = 0;
    jihe_status status;

    if (digits == NULL)
        return jh_rule_no_memory(reader);
    out->settings = digits;
    if ((status = check_keys(reader, map)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(map, "digits"), &digits->amount)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(map, "by"), &digits->by)) != JIHE_OK ||
        (status = jh_node_u32(yaml, jh_node_get(map, "first"), 1, 2, &first, reader->err)) != JIHE_OK)
        return status;
    digits->digits = first == 1 ? JH_BENFORD_FIRST : JH_BENFORD_FIRST_TWO;
    digits->min_documents = JH_BENFORD_ENOUGH;
    digits->mad_ppm = first == 1 ? 15000 : 2200;
    digits->fdr_ppm = 50000;
    /* Below five expected amounts of a digit chi-square's p means little: 110 amounts, of first two about 1,000. */
    if ((status = jh_node_u64(yaml, jh_node_get(map, "min_documents"), first == 1 ? 110 : 1000, UINT32_MAX,
                              &digits->min_documents, reader->err)) != JIHE_OK ||
        (status = read_mad(reader, jh_node_get(map, "mad"), &digits->mad_ppm)) != JIHE_OK ||
        (status = jh_node_rate(yaml, jh_node_get(map, "fdr"), &digits->fdr_ppm, reader->err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(map, "keep"), keeps, 2, &keep, reader->err)) != JIHE_OK)
        return status;
    digits->over = keep == 1;
    return JIHE_OK;
}

static jihe_status check(const jh_flag *flag, const jh_schema *schema, jh_facts_used *used, jihe_error *err)
{
    const jh_digits_rule *digits = settings_of(flag);
    const jh_place *place = &digits->amount.place;
    size_t column;
    jihe_status st = jh_rule_find_column(&column, &digits->amount, schema, "flag: digits", err);

    (void)used;
    if (st != JIHE_OK)
        return st;
    if (schema->columns[column].type != JH_MONEY && schema->columns[column].type != JH_INTEGER)
        return jh_fail_at(
            err, JIHE_CONFIG, place->source, place->line, place->column,
            "flag: digits: column '%s' has type %s; leading digits are those of a money or integer column",
            digits->amount.name, jh_type_name(schema->columns[column].type));
    return jh_rule_check_category(&digits->by, schema, "flag: by", err);
}

static void pack(jh_buf *out, const jh_flag *flag)
{
    const jh_digits_rule *digits = settings_of(flag);

    jh_pack_map(out, 7);
    jh_pack_text(out, "digits");
    jh_pack_text(out, digits->amount.name);
    jh_pack_text(out, "by");
    jh_pack_text(out, digits->by.name);
    jh_pack_text(out, "first");
    jh_pack_u64(out, digits->digits == JH_BENFORD_FIRST ? 1 : 2);
    jh_pack_text(out, "min_documents");
    jh_pack_u64(out, digits->min_documents);
    jh_pack_text(out, "mad_ppm");
    jh_pack_u64(out, digits->mad_ppm);
    jh_pack_text(out, "fdr_ppm");
    jh_pack_u64(out, digits->fdr_ppm);
    jh_pack_text(out, "over");
    jh_pack_bool(out, digits->over);
}

static void unpack(const jh_unpack *map, jh_flag *flag, jh_arena *arena, bool *ok)
{
    jh_digits_rule *digits = JH_NEW(arena, jh_digits_rule, 1);

    *ok = *ok && digits != NULL;
    if (!*ok)
        return;
    flag->settings = digits;
    digits->amount.name = jh_field_text(map, "digits", arena, ok);
    digits->by.name = jh_field_text(map, "by", arena, ok);
    digits->digits = jh_field_u64(map, "first", 2, ok) == 1 ? JH_BENFORD_FIRST : JH_BENFORD_FIRST_TWO;
    digits->min_documents = jh_field_u64(map, "min_documents", UINT32_MAX, ok);
    digits->mad_ppm = (uint32_t)jh_field_u64(map, "mad_ppm", 1000000, ok);
    digits->fdr_ppm = (uint32_t)jh_field_u64(map, "fdr_ppm", 1000000, ok);
    digits->over = jh_field_bool(map, "over", ok);
}

static int32_t reach(const jh_flag *flag, int32_t first, int32_t last)
{
    (void)flag;
    (void)last;
    return first;
}

static void describe(jh_buf *out, const jh_flag *flag)
{
    const jh_digits_rule *digits = settings_of(flag);

    jh_buf_printf(out, "%s of %s by %s", digits->digits == JH_BENFORD_FIRST ? "first digits" : "first two digits",
                  digits->amount.name, digits->by.name);
    if (digits->over)
        jh_buf_puts(out, ", documents with too frequent ones");
}

static void why(jh_buf *out, const jh_flag *flag, const jh_flag_group *group)
{
    (void)flag;
    jh_buf_put(out, group->label, group->label_len);
    jh_buf_puts(out, ": leading digits of ");
    jh_flag_put_figure(out, group->figures[JH_FLAG_OBSERVED]);
    jh_buf_puts(out, " amounts, ");
    jh_buf_puts(out, group->note);
}

const jh_flag_kind jh_flag_digits = {.name = "digits",
                                     .read = read,
                                     .check = check,
                                     .pack = pack,
                                     .unpack = unpack,
                                     .reach = reach,
                                     .judge = jh_digits_judge,
                                     .describe = describe,
                                     .why = why};
