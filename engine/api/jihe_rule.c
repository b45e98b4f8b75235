#include "jihe/rule.h"

#include <inttypes.h>

#include "api/describe.h"
#include "api/workspace_facts.h"
#include "base/error.h"
#include "rule/pass.h"

static void describe_rate(jh_buf *out, uint32_t ppm)
{
    char text[32];

    jh_share_text((double)ppm / 10000.0, 4, text);
    jh_buf_printf(out, "%s%%", text);
}

static void describe_size(jh_buf *out, const jh_draw *draw)
{
    switch (draw->kind) {
    case JH_DRAW_ALL:
        jh_buf_puts(out, "all");
        break;
    case JH_DRAW_RATE:
        describe_rate(out, draw->ppm);
        if (draw->follow.present)
            jh_buf_puts(out, " following quality");
        break;
    case JH_DRAW_COUNT:
        jh_buf_printf(out, "%" PRIu64, draw->count);
        break;
    case JH_DRAW_SHARE:
        jh_buf_printf(out, "%" PRIu64 " shared out", draw->count);
        break;
    case JH_DRAW_MONEY:
        jh_buf_printf(out, "%" PRIu64 " money units of %s", draw->count, draw->money.name);
        break;
    case JH_DRAW_EACH:
        jh_buf_printf(out, "%" PRIu64 " each", draw->count);
        break;
    }
}

void jh_describe_draw(jh_buf *out, const jh_draw *draw)
{
    static const char *const methods[] = {NULL, "interval", "cell", "neyman"};
    static const char *const periods[] = {NULL, "week", "month", "quarter", "year"};

    describe_size(out, draw);
    for (size_t i = 0; i < draw->by_count; i++)
        jh_buf_printf(out, "%s%s", i == 0 ? " by " : ", ", draw->by[i].name);
    for (size_t i = 0; i < draw->rate_count; i++) {
        jh_buf_printf(out, "%s%s ", i == 0 ? "; " : ", ", draw->rates[i].value);
        describe_rate(out, draw->rates[i].ppm);
    }
    if (draw->at_least > 0)
        jh_buf_printf(out, "; at least %" PRIu64, draw->at_least);
    if (draw->at_most < UINT64_MAX)
        jh_buf_printf(out, "; at most %" PRIu64, draw->at_most);
    if (methods[draw->method] != NULL)
        jh_buf_printf(out, "; method %s", methods[draw->method]);
    if (periods[draw->period] != NULL)
        jh_buf_printf(out, "; over the %s", periods[draw->period]);
    if (draw->own_stream)
        jh_buf_puts(out, "; own stream");
}

void jh_describe_window(jh_buf *out, jh_window window)
{
    switch (window.kind) {
    case JH_WINDOW_DATE:
        jh_buf_puts(out, "the date of the run");
        break;
    case JH_WINDOW_DAYS:
        jh_buf_printf(out, "the last %u day%s", window.count, window.count == 1 ? "" : "s");
        break;
    case JH_WINDOW_WEEK:
        jh_buf_puts(out, "the week from Monday on");
        break;
    case JH_WINDOW_MONTHS:
        jh_buf_printf(out, "the calendar month%s", window.count == 1 ? "" : " and those before it, ");
        if (window.count > 1)
            jh_buf_printf(out, "%u in all", window.count);
        break;
    }
}

/* A condition of several lines on one. */
static void describe_where(jh_buf *out, const jh_rule *rule)
{
    size_t len = rule->where_len;

    while (len > 0 && (rule->where[len - 1] == '\n' || rule->where[len - 1] == ' '))
        len--;
    for (size_t i = 0; i < len; i++)
        jh_buf_putc(out, rule->where[i] == '\n' ? ' ' : rule->where[i]);
}

static jihe_status list_rule(jh_grid *grid, const jh_rule *rule, jihe_error *err)
{
    jh_buf where = {0}, draw = {0}, flag = {0};

    describe_where(&where, rule);
    jh_describe_draw(&draw, &rule->draw);
    jh_flag_describe(&flag, &rule->flag);
    const jh_out_cell cells[] = {jh_cell_text(rule->id),           jh_cell_text(rule->title),
                                 jh_cell_bool(rule->enabled),      jh_cell_text(jh_buf_text(&where)),
                                 jh_cell_text(jh_buf_text(&flag)), jh_cell_text(jh_buf_text(&draw))};
    const bool failed = where.failed || draw.failed || flag.failed;
    const jihe_status st = failed ? jh_fail(err, JIHE_NO_MEMORY, "listing rules") : jh_grid_add(grid, cells, err);

    jh_buf_deinit(&where);
    jh_buf_deinit(&draw);
    jh_buf_deinit(&flag);
    return st;
}

jihe_status jihe_rule_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"rule", "规则"},  {"title", "名称"}, {"enabled", "启用"},
                                            {"where", "条件"}, {"flag", "突出"},  {"draw", "抽取"}};
    jh_grid *grid = NULL;
    jh_rules rules;

    *out = NULL;
    jihe_status st = jh_workspace_rules(&rules, workspace, err);

    if (st != JIHE_OK)
        return st;
    st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t r = 0; st == JIHE_OK && r < rules.count; r++)
        st = list_rule(grid, &rules.rules[r], err);
    jh_rules_deinit(&rules);
    return jh_grid_publish(out, grid, st, err);
}

jihe_status jihe_rule_check(uint64_t *count, jihe_workspace *workspace, jihe_error *err)
{
    jh_workspace_facts facts;
    jh_rules rules;
    jihe_status st = jh_workspace_rules(&rules, workspace, err);

    *count = 0;
    if (st != JIHE_OK)
        return st;
    st = jh_workspace_facts_load(&facts, workspace->path, workspace->config.zone, NULL, err);
    if (st == JIHE_OK) {
        for (size_t r = 0; st == JIHE_OK && r < rules.count; r++)
            st = jh_rule_check(&rules.rules[r], &workspace->config.schema, &facts.facts, NULL, err);
        jh_workspace_facts_deinit(&facts);
    }
    *count = st == JIHE_OK ? rules.count : 0;
    jh_rules_deinit(&rules);
    return st;
}
