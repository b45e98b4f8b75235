#include "rule/rulefile_int.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { MAX_MONTHS = 36, PPM_DIGITS = 6 };

static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *flag)
{
    static const char *const known[] = {"jump", "baseline", "ratio", "min_months", "absent"};
    static const char *const later[] = {"duplicate", "split", "pace", "digits", "fdr", "within", "by", "limit"};
    static const char *const required[] = {"jump", "baseline", "ratio"};
    const jihe_status status =
        jh_rule_keys(reader, flag, known, sizeof known / sizeof known[0], later, sizeof later / sizeof later[0]);

    for (size_t i = 0; status == JIHE_OK && i < sizeof required / sizeof required[0]; i++)
        if (jh_node_key(flag, required[i]) == NULL)
            return jh_node_fail(reader->yaml, flag, reader->err,
                                "the flag has no %s; expected something like {jump: reviewer, baseline: 4 months, "
                                "ratio: 1.8}",
                                required[i]);
    return status;
}

/* "4 months" */
static jihe_status read_baseline(const jh_rule_reader *reader, const jh_node *node, uint32_t *months)
{
    const char *space = node->kind == JH_NODE_SCALAR ? strchr(node->text, ' ') : NULL;
    const char *unit = space != NULL ? space + strspn(space, " ") : "";
    char shown[64];
    uint64_t value;

    if (space != NULL && jh_num_u64(node->text, (size_t)(space - node->text), &value) && value >= 1 &&
        value <= MAX_MONTHS && (strcmp(unit, "months") == 0 || strcmp(unit, "month") == 0)) {
        *months = (uint32_t)value;
        return JIHE_OK;
    }
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a number of months like 4 months");
    return jh_node_fail(reader->yaml, node, reader->err, "expected 1 to %d months, written like 4 months; found '%s'",
                        MAX_MONTHS, jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_ratio(const jh_rule_reader *reader, const jh_node *node, uint64_t *ppm)
{
    const int64_t most = INT64_C(1000000000000); /* a million times the median */
    jh_decimal value;
    int64_t low, high;
    char shown[64];

    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a ratio like 1.8");
    if (jh_num_decimal(node->text, node->len, &value) && jh_num_scale_floor(value, PPM_DIGITS, &low) &&
        jh_num_scale_ceil(value, PPM_DIGITS, &high) && low == high && low > 0 && low <= most) {
        *ppm = (uint64_t)low;
        return JIHE_OK;
    }
    return jh_node_fail(reader->yaml, node, reader->err,
                        "expected a ratio above 0 with at most 6 decimals, like 1.8; found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

jihe_status jh_rule_read_flag(const jh_rule_reader *reader, const jh_node *node, jh_flag *out)
{
    static const char *const absent[] = {"skip", "zero"};
    const jh_yaml *yaml = reader->yaml;
    jihe_status status;
    size_t choice = 0;

    *out = (jh_flag){.present = true, .place = jh_rule_place(reader, node)};
    if ((status = check_keys(reader, node)) != JIHE_OK ||
        (status = jh_rule_column(reader, jh_node_get(node, "jump"), &out->jump)) != JIHE_OK ||
        (status = read_baseline(reader, jh_node_get(node, "baseline"), &out->baseline_months)) != JIHE_OK ||
        (status = read_ratio(reader, jh_node_get(node, "ratio"), &out->ratio_ppm)) != JIHE_OK)
        return status;
    out->min_months = out->baseline_months < 3 ? out->baseline_months : 3;
    if ((status = jh_node_u32(yaml, jh_node_get(node, "min_months"), 1, out->baseline_months, &out->min_months,
                              reader->err)) != JIHE_OK ||
        (status = jh_node_choice(yaml, jh_node_get(node, "absent"), absent, 2, &choice, reader->err)) != JIHE_OK)
        return status;
    out->absent_zero = choice == 1;
    return JIHE_OK;
}
