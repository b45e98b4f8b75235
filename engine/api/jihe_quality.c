#include "jihe/quality.h"

#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/run_quality.h"
#include "base/days.h"
#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "stats/aql_notice.h"
#include "stats/binom.h"

/* How many lots of the group's last size it takes to notice `rate`. JIHE_NOT_FOUND: too many. */
static jihe_status notice(uint32_t *lots, const jh_quality_group *group, const jh_draw *draw, double rate,
                          jihe_error *err)
{
    const uint64_t allowed = jh_quality_allowed(group->sample, draw->follow.aql, false);
    const uint64_t tighter = jh_quality_allowed(group->sample, draw->follow.aql, true);
    const jh_aql_chances chances = {.accepted = jh_binom_at_most(allowed, group->sample, rate),
                                    .accepted_tighter = jh_binom_at_most(tighter, group->sample, rate),
                                    .accept = (uint32_t)allowed};

    return jh_aql_notice_lots(lots, &group->history, &chances, 0.95, err);
}

static jihe_status list_group(jh_grid *grid, const jh_rule *rule, const jh_quality_group *group, uint32_t error_ppm,
                              jihe_error *err)
{
    const uint32_t ppm = error_ppm != 0                        ? error_ppm
                         : rule->draw.follow.aql > 1000000 / 4 ? 1000000
                                                               : 4 * rule->draw.follow.aql;
    char since[16], rate[32];
    uint32_t lots = 0;
    bool noticed = false;
    jihe_status st = JIHE_OK;

    if (group->lots > 0) {
        st = notice(&lots, group, &rule->draw, (double)ppm / 1e6, err);
        noticed = st == JIHE_OK;
        st = st == JIHE_NOT_FOUND ? JIHE_OK : st;
    }
    if (st != JIHE_OK)
        return st;
    jh_days_text(group->since, since);
    jh_share_text((double)jh_quality_rate(&rule->draw, group->history.state) / 1e6, 6, rate);
    const bool tight = group->history.state == JH_AQL_STATE_TIGHTENED;
    const jh_out_cell cells[] = {jh_cell_text(rule->id),
                                 jh_cell_text(group->label),
                                 jh_cell_text(jh_aql_state_name(group->history.state)),
                                 jh_cell_text(since),
                                 jh_cell_uint(group->lots),
                                 jh_cell_uint(group->waiting),
                                 jh_cell_number(rate),
                                 jh_cell_uint(group->sample),
                                 jh_cell_uint(jh_quality_allowed(group->sample, rule->draw.follow.aql, tight)),
                                 noticed ? jh_cell_uint(lots) : jh_cell_none()};

    return jh_grid_add(grid, cells, err);
}

static jihe_status list_rules(jh_grid *grid, const jihe_workspace *workspace, jh_ledger *ledger, uint32_t error_ppm,
                              jh_arena *arena, jihe_error *err)
{
    jh_rules rules;
    jh_runs runs;
    jihe_status st = jh_workspace_rules(&rules, workspace, err);

    if (st != JIHE_OK)
        return st;
    st = jh_runs_load(&runs, ledger, arena, err);
    for (size_t r = 0; st == JIHE_OK && r < rules.count; r++) {
        jh_quality quality;

        st = jh_quality_judge(&quality, &rules.rules[r], &runs, INT32_MAX, ledger, arena, err);
        for (size_t g = 0; st == JIHE_OK && g < quality.group_count; g++)
            st = list_group(grid, &rules.rules[r], &quality.groups[g], error_ppm, err);
    }
    jh_rules_deinit(&rules);
    return st;
}

jihe_status jihe_quality(jihe_rows **out, jihe_workspace *workspace, const char *error_rate, jihe_error *err)
{
    static const jh_out_column columns[] = {{"rule", "规则"},        {"group", "组"},
                                            {"state", "状态"},       {"since", "自"},
                                            {"lots", "已判批"},      {"waiting", "待检批"},
                                            {"rate", "比例"},        {"sample", "上批量"},
                                            {"allowed", "允许差错"}, {"notice_lots", "发现批数"}};
    uint32_t ppm = 0;
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_arena arena;

    *out = NULL;
    if (error_rate != NULL && (!jh_num_rate(error_rate, strlen(error_rate), &ppm) || ppm == 0 || ppm > 1000000))
        return jh_fail(err, JIHE_USAGE, "error rate: expected one above 0 and at most 100%%, like 4%%; found '%s'",
                       error_rate);
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = list_rules(grid, workspace, ledger, ppm, &arena, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

static jihe_status list_change(jh_grid *grid, const jh_quality_event *event, jihe_error *err)
{
    char date[16];

    jh_days_text(event->change.date, date);
    const jh_out_cell cells[] = {jh_cell_uint(event->sequence),
                                 jh_cell_text(event->rule),
                                 jh_cell_text(event->change.group),
                                 jh_cell_text(date),
                                 jh_cell_text(jh_aql_state_name(event->change.from)),
                                 jh_cell_text(jh_aql_state_name(event->change.to)),
                                 jh_cell_text(event->change.reason)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_quality_changes(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"event", "台账号"}, {"rule", "规则"}, {"group", "组"},   {"date", "日期"},
                                            {"from", "由"},      {"to", "至"},     {"reason", "原因"}};
    jh_quality_events events;
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_arena arena;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_quality_events_load(&events, ledger, &arena, err)) == JIHE_OK)
        st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < events.count; i++)
        st = list_change(grid, &events.events[i], err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

enum { MAX_REASON = 1000 };

static jihe_status check_reason(const char *reason, jihe_error *err)
{
    const size_t len = strlen(reason);

    if (len == 0 || len > MAX_REASON || jh_text_utf8_valid(reason, len) != len)
        return jh_fail(err, JIHE_USAGE, "reason of %zu bytes; expected 1 to %d of UTF-8, saying what was done", len,
                       MAX_REASON);
    return JIHE_OK;
}

static jihe_status resume(const jihe_workspace *workspace, jh_ledger *ledger, const jh_rules *rules, const char *id,
                          const char *group, const char *reason, jh_arena *arena, jihe_error *err)
{
    const jh_rule *rule = NULL;
    jh_clock clock;
    jh_runs runs;
    jihe_status st;

    for (size_t r = 0; r < rules->count; r++)
        if (strcmp(rules->rules[r].id, id) == 0 && rules->rules[r].draw.follow.present)
            rule = &rules->rules[r];
    if (rule == NULL)
        return jh_fail(err, JIHE_NOT_FOUND,
                       "no rule '%s' has a rate that follows quality; 'jihe quality' shows those that do", id);
    jh_zone_to_local(workspace->config.zone, jh_workspace_now(workspace) * 1000, &clock);
    if ((st = jh_runs_load(&runs, ledger, arena, err)) == JIHE_OK)
        st = jh_quality_resume(rule, group, reason, &runs, ledger, jh_days_from_civil(clock.date),
                               jh_workspace_now(workspace), arena, err);
    return st;
}

jihe_status jihe_quality_resume(jihe_workspace *workspace, const char *rule, const char *group, const char *reason,
                                jihe_error *err)
{
    jh_writing writing;
    jh_arena arena;
    jh_rules rules;
    jihe_status st = check_reason(reason, err);

    if (st != JIHE_OK || (st = jh_workspace_rules(&rules, workspace, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_writing_begin(&writing, workspace, err)) == JIHE_OK) {
        st = resume(workspace, writing.ledger, &rules, rule, group, reason, &arena, err);
        jh_writing_end(&writing);
    }
    jh_arena_deinit(&arena);
    jh_rules_deinit(&rules);
    return st;
}
