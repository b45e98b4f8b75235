#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "rule/flag_kind.h"

enum { PPM_DIGITS = 6 };

jihe_status jh_flag_read_months(const jh_rule_reader *reader, const jh_node *node, uint32_t most, uint32_t *months)
{
    const char *space = node->kind == JH_NODE_SCALAR ? strchr(node->text, ' ') : NULL;
    const char *unit = space != NULL ? space + strspn(space, " ") : "";
    char shown[64];
    uint64_t value;

    if (space != NULL && jh_num_u64(node->text, (size_t)(space - node->text), &value) && value >= 1 && value <= most &&
        (strcmp(unit, "months") == 0 || strcmp(unit, "month") == 0)) {
        *months = (uint32_t)value;
        return JIHE_OK;
    }
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a number of months like 4 months");
    return jh_node_fail(reader->yaml, node, reader->err, "expected 1 to %u months, written like 4 months; found '%s'",
                        most, jh_text_quote(node->text, node->len, shown, sizeof shown));
}

jihe_status jh_flag_read_ratio(const jh_rule_reader *reader, const jh_node *node, uint64_t *ppm)
{
    const int64_t most = INT64_C(1000000000000); /* a million times the median */
    jh_decimal value;
    int64_t low, high;
    char shown[64];

    if (node == NULL)
        return JIHE_OK;
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

/* The kind whose name is among the keys; two are one too many. */
static jihe_status choose_kind(const jh_rule_reader *reader, const jh_node *map, const jh_flag_kind **out)
{
    char names[256] = "";

    for (size_t i = 0; map->kind == JH_NODE_MAP && i < map->count; i++) {
        const jh_flag_kind *kind = jh_flag_kind_find(map->keys[i].text);

        if (kind != NULL && *out != NULL)
            return jh_node_fail(reader->yaml, &map->keys[i], reader->err,
                                "a flag is of one kind; '%s' and '%s' are two: make two rules of them", (*out)->name,
                                kind->name);
        *out = kind != NULL ? kind : *out;
    }
    if (*out != NULL)
        return JIHE_OK;
    for (size_t k = 0; jh_flag_kind_at(k) != NULL; k++) {
        const size_t len = strlen(names);

        snprintf(names + len, sizeof names - len, "%s%s", k == 0 ? "" : ", ", jh_flag_kind_at(k)->name);
    }
    if (map->kind != JH_NODE_MAP)
        return jh_node_expect(reader->yaml, map, JH_NODE_MAP, reader->err,
                              "keys and values like {jump: reviewer, baseline: 4 months}");
    return jh_node_fail(reader->yaml, map, reader->err,
                        "the flag says no kind; expected one of the keys: %s; for example {jump: reviewer, baseline: 4 "
                        "months}",
                        names);
}

jihe_status jh_rule_read_flag(const jh_rule_reader *reader, const jh_node *node, jh_flag *out)
{
    const jh_flag_kind *kind = NULL;
    const jihe_status status = choose_kind(reader, node, &kind);

    *out = (jh_flag){.kind = kind, .place = jh_rule_place(reader, node)};
    return status == JIHE_OK ? kind->read(reader, node, out) : status;
}
