#include <string.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/run.h"
#include "ledger/postings.h"
#include "rule/flag_jump.h"

static const char *verdict_text(jh_jump_verdict verdict)
{
    static const char *const texts[] = {"normal", "flagged", "not tested: post changed", "not tested: too few months"};

    return texts[verdict];
}

static jihe_status add_person(jh_grid *grid, const char *rule, const jh_jump_person *person, jihe_error *err)
{
    const bool measured = person->verdict != JH_JUMP_TOO_SHORT;
    char median[32], changed[16];

    jh_share_text((double)person->median_twice / 2.0, 1, median);
    jh_days_text(person->changed, changed);
    const jh_out_cell cells[] = {jh_cell_text(rule),
                                 jh_cell_str(person->person, person->len),
                                 jh_cell_uint(person->count),
                                 jh_cell_uint(person->months),
                                 measured ? jh_cell_number(median) : jh_cell_none(),
                                 jh_cell_text(verdict_text(person->verdict)),
                                 person->verdict == JH_JUMP_GATED ? jh_cell_text(changed) : jh_cell_none()};

    return jh_grid_add(grid, cells, err);
}

static jihe_status add_rules(jh_grid *grid, jh_recorded *recorded, jh_snapshot **history, jihe_error *err)
{
    const jh_run *run = recorded->run;
    jh_roster roster = {0};
    jihe_status st = jh_people_load(&roster, recorded->ledger, run->roster, run->notes, &recorded->arena, err);

    for (size_t r = 0; st == JIHE_OK && r < run->rule_count; r++) {
        jh_jump jump;

        if (!run->rules[r].flag.present)
            continue;
        st = jh_jump_judge(&jump, &run->rules[r].flag, history, run->history_count, run->to, &roster, &recorded->arena,
                           err);
        for (size_t i = 0; st == JIHE_OK && i < jump.count; i++)
            st = add_person(grid, run->rules[r].id, &jump.people[i], err);
    }
    return st;
}

jihe_status jihe_flags(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"rule", "规则"},     {"person", "人员"},  {"documents", "本月单据"}, {"baseline_months", "基期月数"},
        {"median", "中位数"}, {"verdict", "判定"}, {"changed", "岗位变动"}};
    jh_snapshot **history = NULL;
    jh_recorded recorded;
    jh_grid *grid = NULL;

    *out = NULL;
    jihe_status st = jh_recorded_find(&recorded, workspace, name, false, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_open_snapshots(&history, workspace->path, recorded.run->history, recorded.run->history_count, err)) ==
            JIHE_OK &&
        (st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = add_rules(grid, &recorded, history, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_close_snapshots(history, recorded.run->history_count);
    jh_recorded_deinit(&recorded);
    return st;
}
