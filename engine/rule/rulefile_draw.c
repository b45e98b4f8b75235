#include "rule/rulefile_int.h"

#include <string.h>

#include "base/text.h"

/* What each kind of draw is called, and which keys go with it. */
struct draw_form {
    const char *key;
    jh_draw_kind kind;
    const char *keys[8];    /* beside its own, `by` and `stream` */
    const char *methods[3]; /* by name; the first is the default */
    jh_draw_method meant[3];
};

static const struct draw_form forms[] = {
    {.key = "rate", .kind = JH_DRAW_RATE, .keys = {"rates", "at_least", "at_most", "period"}},
    {.key = "money",
     .kind = JH_DRAW_MONEY,
     .keys = {"count", "method"},
     .methods = {"sieve", "interval", "cell"},
     .meant = {JH_METHOD_SMALLEST, JH_METHOD_INTERVAL, JH_METHOD_CELL}},
    {.key = "share",
     .kind = JH_DRAW_SHARE,
     .keys = {"method"},
     .methods = {"proportional", "neyman"},
     .meant = {JH_METHOD_SMALLEST, JH_METHOD_NEYMAN}},
    {.key = "each", .kind = JH_DRAW_EACH, .keys = {"period"}},
    {.key = "count",
     .kind = JH_DRAW_COUNT,
     .keys = {"method"},
     .methods = {"random", "interval"},
     .meant = {JH_METHOD_SMALLEST, JH_METHOD_INTERVAL}},
};

enum { FORMS = sizeof forms / sizeof forms[0] };

static bool goes_with(const struct draw_form *form, const char *key)
{
    for (size_t i = 0; i < sizeof form->keys / sizeof form->keys[0] && form->keys[i] != NULL; i++)
        if (strcmp(form->keys[i], key) == 0)
            return true;
    return strcmp(form->key, key) == 0;
}

static jihe_status check_kind(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out,
                              const struct draw_form **form)
{
    static const char *const known[] = {"rate",  "count",    "share",   "money",  "each",   "by",
                                        "rates", "at_least", "at_most", "method", "period", "stream"};
    const jihe_status status = jh_rule_keys(reader, draw, known, sizeof known / sizeof known[0], NULL, 0);
    const jh_node *rate = jh_node_key(draw, "rate"), *count = jh_node_key(draw, "count");

    if (status != JIHE_OK)
        return status;
    if (rate != NULL && count != NULL)
        return jh_node_fail(reader->yaml, rate > count ? rate : count, reader->err,
                            "a draw has a rate or a count, not both; remove one of them");
    *form = NULL;
    for (size_t f = 0; f < FORMS && *form == NULL; f++)
        if (jh_node_key(draw, forms[f].key) != NULL)
            *form = &forms[f];
    if (*form == NULL)
        return jh_node_fail(reader->yaml, draw, reader->err,
                            "the draw says neither rate nor count; add rate: 10%% or count: 30, or write draw: all");
    out->kind = (*form)->kind;
    return JIHE_OK;
}

/* Keys that go with another kind of draw. */
static jihe_status check_keys(const jh_rule_reader *reader, const jh_node *draw, const struct draw_form *form)
{
    for (size_t i = 0; i < draw->count; i++) {
        const jh_node *key = &draw->keys[i];

        if (strcmp(key->text, "by") == 0 || strcmp(key->text, "stream") == 0 || goes_with(form, key->text))
            continue;
        if (form->kind == JH_DRAW_COUNT && strncmp(key->text, "at_", 3) == 0)
            return jh_node_fail(reader->yaml, key, reader->err, "'%s' goes with a rate; a count is already exact",
                                key->text);
        for (size_t f = 0; f < FORMS; f++)
            if (&forms[f] != form && goes_with(&forms[f], key->text))
                return jh_node_fail(reader->yaml, key, reader->err,
                                    "'%s' does not go with '%s' but with '%s'; remove it", key->text, form->key,
                                    forms[f].key);
    }
    return JIHE_OK;
}

/* rate: {base: 10%, follow: quality, ...} */
static jihe_status read_follow(const jh_rule_reader *reader, const jh_node *rate, jh_draw *out)
{
    static const char *const known[] = {"base", "follow", "tightened", "reduced", "aql"};
    static const char *const followed[] = {"quality"};
    const jh_node *base = jh_node_get(rate, "base"), *follow = jh_node_get(rate, "follow");
    size_t choice = 0;
    jihe_status status = jh_node_known(reader->yaml, rate, known, sizeof known / sizeof known[0], reader->err);

    if (status != JIHE_OK)
        return status;
    if (base == NULL || follow == NULL)
        return jh_node_fail(reader->yaml, rate, reader->err, "expected a rate, or {base: 10%%, follow: quality}");
    if ((status = jh_node_choice(reader->yaml, follow, followed, 1, &choice, reader->err)) != JIHE_OK ||
        (status = jh_node_rate(reader->yaml, base, &out->ppm, reader->err)) != JIHE_OK)
        return status;
    out->follow = (jh_follow){.present = true,
                              .tightened = out->ppm > 500000 ? 1000000 : 2 * out->ppm,
                              .reduced = (2 * out->ppm + 4) / 5, /* the samples of reduced plans are two fifths */
                              .aql = 10000};
    if ((status = jh_node_rate(reader->yaml, jh_node_get(rate, "tightened"), &out->follow.tightened, reader->err)) !=
            JIHE_OK ||
        (status = jh_node_rate(reader->yaml, jh_node_get(rate, "reduced"), &out->follow.reduced, reader->err)) !=
            JIHE_OK ||
        (status = jh_node_rate(reader->yaml, jh_node_get(rate, "aql"), &out->follow.aql, reader->err)) != JIHE_OK)
        return status;
    if (out->follow.reduced <= out->ppm && out->ppm <= out->follow.tightened)
        return JIHE_OK;
    return jh_node_fail(reader->yaml, rate, reader->err,
                        "reduced is at most the base, and tightened at least the base");
}

/* Rates that follow quality are each group's own, of one run. */
static jihe_status check_follow(const jh_rule_reader *reader, const jh_node *draw, const jh_draw *out)
{
    const jh_node *other = jh_node_key(draw, "rates");

    if (!out->follow.present)
        return JIHE_OK;
    if (out->by_count == 0)
        return jh_node_fail(reader->yaml, draw, reader->err,
                            "whose quality? add by: COLUMN, like by: team; each value is followed on its own");
    if (other == NULL && out->period != JH_PERIOD_RUN)
        other = jh_node_key(draw, "period");
    if (other == NULL)
        return JIHE_OK;
    return jh_node_fail(reader->yaml, other, reader->err, "'%s' does not go with rates that follow quality; remove it",
                        other->text);
}

static jihe_status read_amount(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    const jh_node *amount = NULL;

    switch (out->kind) {
    case JH_DRAW_RATE:
        amount = jh_node_get(draw, "rate");
        if (amount != NULL && amount->kind == JH_NODE_MAP)
            return read_follow(reader, amount, out);
        return jh_node_rate(reader->yaml, jh_node_get(draw, "rate"), &out->ppm, reader->err);
    case JH_DRAW_SHARE:
        amount = jh_node_get(draw, "share");
        break;
    case JH_DRAW_EACH:
        amount = jh_node_get(draw, "each");
        break;
    default:
        amount = jh_node_get(draw, "count");
        break;
    }
    return jh_node_u64(reader->yaml, amount, 1, UINT32_MAX, &out->count, reader->err);
}

static jihe_status read_money(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    if (out->kind != JH_DRAW_MONEY)
        return JIHE_OK;
    if (jh_node_get(draw, "count") == NULL)
        return jh_node_fail(reader->yaml, jh_node_key(draw, "money"), reader->err,
                            "the draw does not say how many money units; add count: 60");
    return jh_rule_column(reader, jh_node_get(draw, "money"), &out->money);
}

static jihe_status read_method(const jh_rule_reader *reader, const jh_node *draw, const struct draw_form *form,
                               jh_draw *out)
{
    size_t count = 0, choice = 0;

    while (count < 3 && form->methods[count] != NULL)
        count++;
    const jihe_status status =
        jh_node_choice(reader->yaml, jh_node_get(draw, "method"), form->methods, count, &choice, reader->err);

    out->method = form->meant[choice];
    return status;
}

static jihe_status read_period(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    static const char *const periods[] = {"run", "week", "month", "quarter", "year"};
    const jh_node *bound = jh_node_key(draw, "at_least");
    size_t choice = 0;
    const jihe_status status =
        jh_node_choice(reader->yaml, jh_node_get(draw, "period"), periods, 5, &choice, reader->err);

    out->period = (jh_period)choice;
    if (bound == NULL)
        bound = jh_node_key(draw, "at_most");
    if (status != JIHE_OK || choice == 0 || bound == NULL)
        return status;
    return jh_node_fail(reader->yaml, bound, reader->err,
                        "'%s' is about one run and does not go with a period; remove one of them", bound->text);
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
    if (count == 0 && (out->kind == JH_DRAW_SHARE || out->kind == JH_DRAW_EACH))
        return jh_node_fail(reader->yaml, draw, reader->err,
                            out->kind == JH_DRAW_SHARE ? "a share is split over groups; add by: COLUMN, or write count"
                                                       : "each of whom? add by: COLUMN, like by: reviewer");
    return JIHE_OK;
}

static jihe_status read_rates(const jh_rule_reader *reader, const jh_node *draw, jh_draw *out)
{
    const jh_node *key = jh_node_key(draw, "rates"), *map = jh_node_get(draw, "rates");
    jh_stratum_rate *rates;
    jihe_status status;

    if (map == NULL)
        return JIHE_OK;
    if (out->by_count == 0)
        return jh_node_fail(reader->yaml, key, reader->err, "rates are for the values of the columns in by; add by");
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
    jihe_status status =
        jh_node_u64(reader->yaml, jh_node_get(draw, "at_least"), 0, UINT32_MAX, &out->at_least, reader->err);

    if (status == JIHE_OK)
        status = jh_node_u64(reader->yaml, jh_node_get(draw, "at_most"), 1, UINT32_MAX, &out->at_most, reader->err);
    if (status != JIHE_OK || out->at_least <= out->at_most)
        return status;
    return jh_node_fail(reader->yaml, jh_node_get(draw, "at_least"), reader->err,
                        "at_least %llu is more than at_most %llu", (unsigned long long)out->at_least,
                        (unsigned long long)out->at_most);
}

static jihe_status read_keys(const jh_rule_reader *reader, const jh_node *node, const struct draw_form *form,
                             jh_draw *out)
{
    jihe_status status;

    if ((status = check_keys(reader, node, form)) != JIHE_OK || (status = read_amount(reader, node, out)) != JIHE_OK ||
        (status = read_money(reader, node, out)) != JIHE_OK ||
        (status = read_method(reader, node, form, out)) != JIHE_OK ||
        (status = read_by(reader, node, out)) != JIHE_OK || (status = read_rates(reader, node, out)) != JIHE_OK ||
        (status = read_bounds(reader, node, out)) != JIHE_OK)
        return status;
    if ((status = read_period(reader, node, out)) != JIHE_OK)
        return status;
    return check_follow(reader, node, out);
}

jihe_status jh_rule_read_draw(const jh_rule_reader *reader, const jh_node *node, jh_draw *out)
{
    static const char *const streams[] = {"night", "own"};
    const struct draw_form *form;
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
    if ((status = check_kind(reader, node, out, &form)) != JIHE_OK ||
        (status = read_keys(reader, node, form, out)) != JIHE_OK)
        return status;
    status = jh_node_choice(reader->yaml, jh_node_get(node, "stream"), streams, 2, &stream, reader->err);
    out->own_stream = stream == 1;
    return status;
}
