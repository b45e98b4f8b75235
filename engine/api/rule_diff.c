#include <string.h>

#include "api/trial.h"
#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/rule.h"

/* What two rules select differently. */

typedef struct difference {
    jh_trial trial;
    jh_rules rules, files[2]; /* of the workspace; of files that are named instead of rules */
    const jh_rule *sides[2];
} difference;

static const jh_rule *find_rule(const jh_rules *rules, const char *id, size_t len)
{
    for (size_t r = 0; r < rules->count; r++)
        if (strlen(rules->rules[r].id) == len && memcmp(rules->rules[r].id, id, len) == 0)
            return &rules->rules[r];
    return NULL;
}

/* FILE.yaml, which holds one rule, or FILE.yaml:ID. */
static jihe_status read_file(difference *d, int side, const char *name, const char *ending, jihe_error *err)
{
    const char *id = ending[0] == ':' ? ending + 1 : NULL;
    char *path = jh_arena_text(&d->trial.arena, name, (size_t)(ending - name));
    jh_rules *rules = &d->files[side];
    jh_buf text = {0};
    jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "reading a rule") : jh_file_read(path, 1 << 20, &text, err);

    if (st == JIHE_OK)
        st = jh_rules_parse(rules, path, (const char *)text.bytes, text.len, err);
    jh_buf_deinit(&text);
    if (st != JIHE_OK)
        return st;
    if (id == NULL && rules->count != 1)
        return jh_fail(err, JIHE_USAGE, "%s holds %zu rules; say which one: %s:ID", path, rules->count, path);
    d->sides[side] = id == NULL ? rules->rules : find_rule(rules, id, strlen(id));
    return d->sides[side] != NULL ? JIHE_OK : jh_fail(err, JIHE_NOT_FOUND, "%s has no rule with the id '%s'", path, id);
}

static jihe_status choose(difference *d, int side, const char *name, const jihe_workspace *workspace, jihe_error *err)
{
    const char *yaml = strstr(name, ".yaml"), *ending = yaml == NULL ? NULL : yaml + strlen(".yaml");
    jihe_status st = JIHE_OK;

    if (ending != NULL && (*ending == '\0' || *ending == ':')) {
        st = read_file(d, side, name, ending, err);
    } else if ((d->sides[side] = find_rule(&d->rules, name, strlen(name))) == NULL) {
        st = jh_fail(err, JIHE_NOT_FOUND,
                     "no rule has the id '%s'; 'jihe rule list' shows them, or name a file.yaml:ID", name);
    }
    if (st != JIHE_OK)
        return st;
    return jh_rule_check(d->sides[side], &workspace->config.schema, &d->trial.facts.facts, NULL, err);
}

/* Which side selects the document, and why the other does not. */
static jihe_status put(const difference *d, jh_grid *grid, int side, const jh_pick *pick, jh_col_room *room,
                       jihe_error *err)
{
    const jh_selection *selection = &d->trial.selection;
    const jh_pass_segment *at = &selection->pass.segments[pick->segment];
    const bool in_frame = jh_bits_test(selection->pass.frames[1 - side].bits + at->word, pick->row);
    const char *id;
    char date[16];
    uint32_t len;
    const jihe_status st = jh_pass_id(&selection->pass, pick->segment, pick->row, room, &id, &len, err);

    if (st != JIHE_OK)
        return st;
    jh_days_text(jh_trial_date(&d->trial, pick), date);
    const jh_out_cell cells[] = {jh_cell_text(side == 0 ? "A" : "B"), jh_cell_text(d->sides[side]->id),
                                 jh_cell_str(id, len), jh_cell_text(date),
                                 jh_cell_text(in_frame ? "not drawn" : "not in its frame")};

    return jh_grid_add(grid, cells, err);
}

/* The picks of one side that the other has not: neither list is long beside the frames. */
static jihe_status put_side(const difference *d, jh_grid *grid, int side, uint64_t *other, jihe_error *err)
{
    const jh_pass *pass = &d->trial.selection.pass;
    const jh_picks *mine = &d->trial.selection.rules[side].picks, *theirs = &d->trial.selection.rules[1 - side].picks;
    jh_col_room room = {0};
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < theirs->count; i++)
        jh_bits_set(other + pass->segments[theirs->picks[i].segment].word, theirs->picks[i].row);
    for (size_t i = 0; st == JIHE_OK && i < mine->count; i++)
        if (!jh_bits_test(other + pass->segments[mine->picks[i].segment].word, mine->picks[i].row))
            st = put(d, grid, side, &mine->picks[i], &room, err);
    jh_col_room_deinit(&room);
    return st;
}

static jihe_status report(difference *d, jh_grid *grid, jihe_rule_difference *summary, jihe_error *err)
{
    const jh_pass *pass = &d->trial.selection.pass;
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];
    const size_t words = last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
    jihe_status st = JIHE_OK;

    for (int side = 0; st == JIHE_OK && side < 2; side++) {
        uint64_t *other = JH_NEW(&d->trial.arena, uint64_t, words + 1);

        st = other == NULL ? jh_fail(err, JIHE_NO_MEMORY, "comparing rules") : put_side(d, grid, side, other, err);
        summary->frame[side] = pass->frames[side].documents;
        summary->undecided[side] = pass->frames[side].undecided;
        summary->selected[side] = d->trial.selection.rules[side].picks.count;
    }
    return st;
}

jihe_status jihe_rule_diff(jihe_rows **out, jihe_rule_difference *summary, jihe_workspace *workspace, const char *a,
                           const char *b, const jihe_rule_try_options *options, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"only", "仅"}, {"rule", "规则"}, {"doc_id", "单据编号"}, {"date", "日期"}, {"other", "另一规则"}};
    jh_trial_options period = {.seed = options->seed};
    jh_grid *grid = NULL;
    difference d = {0};
    jihe_status st;

    *out = NULL;
    memset(summary, 0, sizeof *summary);
    if (options->size < sizeof *options)
        return jh_fail(err, JIHE_USAGE, "rule diff: wrong options size");
    st = jh_parse_period(options->from, options->to, "rule diff", &period.from, &period.to, err);
    if (st == JIHE_OK && (st = jh_trial_begin(&d.trial, workspace, err)) == JIHE_OK &&
        (st = jh_workspace_rules(&d.rules, workspace, err)) == JIHE_OK &&
        (st = choose(&d, 0, a, workspace, err)) == JIHE_OK && (st = choose(&d, 1, b, workspace, err)) == JIHE_OK &&
        (st = jh_trial_run(&d.trial, workspace, d.sides, 2, &period, err)) == JIHE_OK &&
        (st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = report(&d, grid, summary, err);
    jh_trial_deinit(&d.trial);
    jh_rules_deinit(&d.rules);
    jh_rules_deinit(&d.files[0]);
    jh_rules_deinit(&d.files[1]);
    return jh_grid_publish(out, grid, st, err);
}
