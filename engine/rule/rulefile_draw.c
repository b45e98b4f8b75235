#include "rule/rulefile_int.h"

#include <string.h>

#include "base/text.h"

static jihe_status check_kind(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    static const char *const known[] = {"rate", "count", "by", "rates", "at_least", "at_most", "stream"};
    static const char *const later[] = {"money", "share", "each", "method"};
    const jihe_status status =
        jh_rule_keys(reader, draw, known, sizeof known / sizeof known[0], later, sizeof later / sizeof later[0]);
    const jh_node *rate = jh_node_key(draw, "rate"), *count = jh_node_key(draw, "count");

    if (status != JIHE_OK)
        return status;
    if (rate != NULL && count != NULL)
        return jh_node_fail(reader->yaml, rate > count ? rate : count, reader->err,
                            "a draw has a rate or a count, not both; remove one of them");
    if (rate == NULL && count == NULL)
        return jh_node_fail(reader->yaml, draw, reader->err,
                            "the draw says neither rate nor count; add rate: 10%% or count: 30, or write draw: all");
    out->kind = rate != NULL ? JH_DRAW_RATE : JH_DRAW_COUNT;
    return JIHE_OK;
}

static jihe_status read_amount(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    if (out->kind == JH_DRAW_RATE)
        return jh_node_rate(reader->yaml, jh_node_get(draw, "rate"), &out->ppm, reader->err);
    return jh_node_u64(reader->yaml, jh_node_get(draw, "count"), 1, UINT32_MAX, &out->count, reader->err);
}

static jihe_status read_by(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    const jh_node *by = jh_node_get(draw, "by");
    size_t count;
    const jh_node *item = jh_node_several(by, &count);
    jh_column_name *names = JH_NEW(reader->arena, jh_column_name, count);

    if (names == NULL)
        return jh_rule_no_memory(reader);
    if (by != NULL && (count == 0 || count > JH_MAX_BY))
        return jh_node_fail(reader->yaml, by, reader->err, "expected 1 to %d columns; found %zu", JH_MAX_BY, count);
    for (size_t i = 0; i < count; i++) {
        const jihe_status status = jh_rule_column(reader, &item[i], &names[i]);
        if (status != JIHE_OK)
            return status;
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[j].name, names[i].name) == 0)
                return jh_node_fail(reader->yaml, &item[i], reader->err, "column '%s' is given twice", names[i].name);
    }
    out->by = names;
    out->by_count = count;
    return JIHE_OK;
}

static jihe_status read_rates(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    const jh_node *key = jh_node_key(draw, "rates"), *map = jh_node_get(draw, "rates");
    jh_stratum_rate *rates;
    jihe_status status;

    if (map == NULL)
        return JIHE_OK;
    if (out->kind != JH_DRAW_RATE || out->by_count != 1)
        return jh_node_fail(reader->yaml, key, reader->err,
                            "rates go with a rate and exactly one column in by; found %s and %zu",
                            out->kind == JH_DRAW_RATE ? "a rate" : "a count", out->by_count);
    status = jh_node_expect(reader->yaml, map, JH_NODE_MAP, reader->err, "a map like {VALUE: 20%}");
    if (status != JIHE_OK)
        return status;
    rates = JH_NEW(reader->arena, jh_stratum_rate, map->count);
    if (rates == NULL)
        return jh_rule_no_memory(reader);
    for (size_t i = 0; i < map->count; i++) {
        rates[i].place = jh_rule_place(reader, &map->keys[i]);
        if ((status = jh_rule_text(reader, &map->keys[i], &rates[i].value)) != JIHE_OK ||
            (status = jh_node_rate(reader->yaml, &map->items[i], &rates[i].ppm, reader->err)) != JIHE_OK)
            return status;
    }
    out->rates = rates;
    out->rate_count = map->count;
    return JIHE_OK;
}

static jihe_status read_bounds(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    const jh_node *least = jh_node_key(draw, "at_least"), *most = jh_node_key(draw, "at_most");
    jihe_status status;

    if (out->kind == JH_DRAW_COUNT && (least != NULL || most != NULL)) {
        const jh_node *key = least != NULL ? least : most;
        return jh_node_fail(reader->yaml, key, reader->err, "'%s' goes with a rate; a count is already exact",
                            key->text);
    }
    status = jh_node_u64(reader->yaml, jh_node_get(draw, "at_least"), 0, UINT32_MAX, &out->at_least, reader->err);
    if (status == JIHE_OK)
        status = jh_node_u64(reader->yaml, jh_node_get(draw, "at_most"), 1, UINT32_MAX, &out->at_most, reader->err);
    if (status != JIHE_OK || out->at_least <= out->at_most)
        return status;
    return jh_node_fail(reader->yaml, jh_node_get(draw, "at_least"), reader->err,
                        "at_least %llu is more than at_most %llu", (unsigned long long)out->at_least,
                        (unsigned long long)out->at_most);
}

jihe_status jh_rule_read_draw(const jh_rule_reader *reader, const jh_node *node, jh_draw *out)
{
    static const char *const streams[] = {"night", "own"};
    char shown[64];
    jihe_status status;
    size_t stream = 0;

    *out = (jh_draw){.kind = JH_DRAW_ALL, .place = jh_rule_place(reader, node), .at_most = UINT64_MAX};
    if (node->kind == JH_NODE_SCALAR && strcmp(node->text, "all") == 0)
        return JIHE_OK;
    if (node->kind != JH_NODE_MAP)
        return jh_node_fail(
            reader->yaml, node, reader->err, "expected draw: all, or keys like draw: {rate: 10%%}; found '%s'",
            node->kind == JH_NODE_LIST ? "a list" : jh_text_quote(node->text, node->len, shown, sizeof shown));
    if ((status = check_kind(reader, node, out)) != JIHE_OK || (status = read_amount(reader, node, out)) != JIHE_OK ||
        (status = read_by(reader, node, out)) != JIHE_OK || (status = read_rates(reader, node, out)) != JIHE_OK ||
        (status = read_bounds(reader, node, out)) != JIHE_OK)
        return status;
    status = jh_node_choice(reader->yaml, jh_node_get(node, "stream"), streams, 2, &stream, reader->err);
    out->own_stream = stream == 1;
    return status;
}
