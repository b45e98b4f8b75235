#include "rule/rulefile_int.h"

#include <string.h>

#include "base/days.h"
#include "base/num.h"
#include "base/text.h"

enum { MAX_ID = 64 };

jh_place jh_rule_place(const jh_rule_reader *reader, const jh_node *node)
{
    return (jh_place){.source = reader->source, .line = node->line, .column = node->column};
}

jihe_status jh_rule_no_memory(const jh_rule_reader *reader)
{
    return jh_fail(reader->err, JIHE_NO_MEMORY, "no memory for the rules of '%s'", reader->source);
}

jihe_status jh_rule_text(const jh_rule_reader *reader, const jh_node *node, const char **out)
{
    const char *text = NULL;
    const jihe_status status = jh_node_text(reader->yaml, node, &text, reader->err);

    if (status != JIHE_OK || node == NULL)
        return status;
    *out = jh_arena_text(reader->arena, text, node->len);
    return *out != NULL ? JIHE_OK : jh_rule_no_memory(reader);
}

jihe_status jh_rule_column(const jh_rule_reader *reader, const jh_node *node, jh_column_name *out)
{
    out->place = jh_rule_place(reader, node);
    if (node->kind == JH_NODE_SCALAR && node->len == 0)
        return jh_node_fail(reader->yaml, node, reader->err, "expected the name of a column; found nothing");
    return jh_rule_text(reader, node, &out->name);
}

jihe_status jh_rule_keys(const jh_rule_reader *reader, const jh_node *map, const char *const *known, size_t known_count,
                         const char *const *later, size_t later_count)
{
    for (size_t i = 0; map->kind == JH_NODE_MAP && i < map->count; i++)
        for (size_t k = 0; k < later_count; k++)
            if (strcmp(map->keys[i].text, later[k]) == 0)
                return jh_node_fail(reader->yaml, &map->keys[i], reader->err,
                                    "'%s' is not supported by this version yet; remove it or the rule", later[k]);
    return jh_node_known(reader->yaml, map, known, known_count, reader->err);
}

static jihe_status read_id(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const jh_node *id = jh_node_get(rule, "id");
    char shown[80];
    jihe_status status;

    if (id == NULL)
        return jh_node_fail(reader->yaml, rule, reader->err, "the rule has no id; add id: NAME");
    out->place = jh_rule_place(reader, id);
    if ((status = jh_rule_text(reader, id, &out->id)) != JIHE_OK)
        return status;
    if (id->len == 0 || id->len > MAX_ID || strspn(out->id, allowed) != id->len)
        return jh_node_fail(reader->yaml, id, reader->err,
                            "'%s' cannot be a rule id; expected 1 to %d of A-Z a-z 0-9 . _ - (a title may be Chinese)",
                            jh_text_quote(id->text, id->len, shown, sizeof shown), MAX_ID);
    return JIHE_OK;
}

static jihe_status read_where(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    const jh_node *where = jh_node_get(rule, "where");

    out->where = "";
    out->where_place = out->place;
    if (where == NULL)
        return JIHE_OK;
    out->where_place = jh_rule_place(reader, where);
    out->where_len = where->len;
    if (where->break_count > 0) {
        jh_text_break *breaks = JH_NEW(reader->arena, jh_text_break, where->break_count);

        if (breaks == NULL)
            return jh_rule_no_memory(reader);
        memcpy(breaks, where->breaks, where->break_count * sizeof *breaks);
        out->where_place.breaks = breaks;
        out->where_place.break_count = where->break_count;
    }
    return jh_rule_text(reader, where, &out->where);
}

static jihe_status read_tags(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    const jh_node *list = jh_node_get(rule, "tags");
    const char **tags;
    jihe_status status;

    if (list == NULL)
        return JIHE_OK;
    if ((status = jh_node_expect(reader->yaml, list, JH_NODE_LIST, reader->err, "a list of texts")) != JIHE_OK)
        return status;
    tags = JH_NEW(reader->arena, const char *, list->count);
    if (tags == NULL)
        return jh_rule_no_memory(reader);
    for (size_t i = 0; i < list->count; i++)
        if ((status = jh_rule_text(reader, &list->items[i], &tags[i])) != JIHE_OK)
            return status;
    out->tags = tags;
    out->tag_count = list->count;
    return JIHE_OK;
}

/* The keys that describe a rule and select nothing. */
static jihe_status read_description(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    static const char *const schedules[] = {"daily", "weekly", "monthly", "manual"};
    static const char *const answers[] = {"false", "true"};
    const jh_node *schedule = jh_node_get(rule, "schedule"), *enabled_node = jh_node_get(rule, "enabled");
    jihe_status status;
    size_t choice = 0, enabled = 1;

    out->title = out->clause = "";
    if ((status = jh_rule_text(reader, jh_node_get(rule, "title"), &out->title)) != JIHE_OK ||
        (status = jh_rule_text(reader, jh_node_get(rule, "clause"), &out->clause)) != JIHE_OK ||
        (status = jh_node_choice(reader->yaml, schedule, schedules, 4, &choice, reader->err)) != JIHE_OK ||
        (status = jh_node_choice(reader->yaml, enabled_node, answers, 2, &enabled, reader->err)) != JIHE_OK)
        return status;
    out->schedule = schedule != NULL ? schedules[choice] : "";
    out->enabled = enabled == 1;
    return read_tags(reader, rule, out);
}

/* "day", "7 days", "week", "month", "3 months" */
static bool parse_window(const jh_node *node, jh_window *out)
{
    static const struct unit {
        const char *one, *many;
        jh_window_kind kind;
        uint32_t most;
    } units[] = {{"day", "days", JH_WINDOW_DAYS, JH_MAX_WINDOW_DAYS},
                 {"week", "", JH_WINDOW_WEEK, 1},
                 {"month", "months", JH_WINDOW_MONTHS, JH_MAX_WINDOW_MONTHS}};
    const char *space = strchr(node->text, ' '), *word = space == NULL ? node->text : space + strspn(space, " ");
    uint64_t count = 1;

    if (space != NULL && (!jh_num_u64(node->text, (size_t)(space - node->text), &count) || count == 0))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const bool many = space != NULL && strcmp(word, units[i].many) == 0;

        if ((many || strcmp(word, units[i].one) == 0) && count <= units[i].most) {
            *out = (jh_window){.kind = units[i].kind, .count = (uint32_t)count};
            return true;
        }
    }
    return false;
}

jihe_status jh_rule_read_window(const jh_rule_reader *reader, const jh_node *node, jh_window *out)
{
    char shown[64];

    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a window like 3 months");
    if (parse_window(node, out))
        return JIHE_OK;
    return jh_node_fail(reader->yaml, node, reader->err,
                        "expected day, week, month, 1 to %d days or 1 to %d months, written like 3 months; found '%s'",
                        JH_MAX_WINDOW_DAYS, JH_MAX_WINDOW_MONTHS,
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

static jihe_status read_until(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    const jh_node *node = jh_node_get(rule, "until");
    char shown[64];

    out->until = INT32_MIN;
    if (node == NULL)
        return JIHE_OK;
    if (node->kind != JH_NODE_SCALAR)
        return jh_node_expect(reader->yaml, node, JH_NODE_SCALAR, reader->err, "a date like 2026-12-31");
    if (jh_days_parse(node->text, node->len, &out->until))
        return JIHE_OK;
    return jh_node_fail(reader->yaml, node, reader->err, "expected a date like 2026-12-31; found '%s'",
                        jh_text_quote(node->text, node->len, shown, sizeof shown));
}

/* expect: none makes findings of hits: they need a clause, and every document that is hit. */
static jihe_status read_expect(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    static const char *const answers[] = {"none"};
    const jh_node *node = jh_node_get(rule, "expect");
    size_t choice = 0;
    const jihe_status status = jh_node_choice(reader->yaml, node, answers, 1, &choice, reader->err);

    if (status != JIHE_OK || node == NULL)
        return status;
    out->expect_none = true;
    if (out->clause[0] == '\0')
        return jh_node_fail(reader->yaml, node, reader->err,
                            "each hit of rule '%s' is a finding on a clause; add clause: NUMBER", out->id);
    if (out->draw.kind != JH_DRAW_ALL)
        return jh_node_fail(reader->yaml, jh_node_get(rule, "draw"), reader->err,
                            "expect: none makes a finding of every document; write draw: all");
    return JIHE_OK;
}

/* A flag that says which documents are drawn from is a window of the rule. */
static jihe_status settle_window(const jh_rule_reader *reader, const jh_node *rule, jh_rule *out)
{
    const jh_node *audit = jh_node_get(jh_node_get(rule, "flag"), "audit");

    if (out->window.kind != JH_WINDOW_DATE && audit != NULL)
        return jh_node_fail(reader->yaml, audit, reader->err,
                            "the rule has a window already; say with one of them which documents are drawn from");
    if (out->window.kind == JH_WINDOW_DATE && out->flag.audit.kind != JH_WINDOW_DATE)
        out->window = out->flag.audit;
    return JIHE_OK;
}

bool jh_rule_runs(const jh_rule *rule, int32_t day)
{
    return rule->enabled && day > rule->until;
}

jihe_status jh_rule_read(const jh_rule_reader *reader, const jh_node *node, jh_rule *out)
{
    static const char *const known[] = {"id",      "title", "schedule", "where",  "draw",   "flag",
                                        "enabled", "tags",  "clause",   "expect", "window", "until"};
    const jh_node *draw, *flag;
    jihe_status status;

    *out = (jh_rule){0};
    if ((status = jh_rule_keys(reader, node, known, sizeof known / sizeof known[0], NULL, 0)) != JIHE_OK ||
        (status = read_id(reader, node, out)) != JIHE_OK || (status = read_description(reader, node, out)) != JIHE_OK ||
        (status = read_where(reader, node, out)) != JIHE_OK ||
        (status = jh_rule_read_window(reader, jh_node_get(node, "window"), &out->window)) != JIHE_OK ||
        (status = read_until(reader, node, out)) != JIHE_OK)
        return status;
    flag = jh_node_get(node, "flag");
    if (flag != NULL && (status = jh_rule_read_flag(reader, flag, &out->flag)) != JIHE_OK)
        return status;
    if ((status = settle_window(reader, node, out)) != JIHE_OK)
        return status;
    draw = jh_node_get(node, "draw");
    if (draw == NULL)
        return jh_node_fail(reader->yaml, jh_node_get(node, "id"), reader->err,
                            "rule '%s' has no draw; add draw: all, or draw: {rate: 10%%}", out->id);
    status = jh_rule_read_draw(reader, draw, &out->draw);
    return status == JIHE_OK ? read_expect(reader, node, out) : status;
}
