#include <stdlib.h>
#include <string.h>

#include "api/trial.h"
#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/rule.h"

/* What a rule would come to, without recording it. */

enum { MAX_THRESHOLDS = 8 };

typedef struct trying {
    jh_trial trial;
    jh_rules rules;      /* of the workspace */
    const jh_rule **all; /* the rule tried, the enabled others, then `near` */
    size_t count;        /* without near */
    jh_rule near[MAX_THRESHOLDS];
    const char *thresholds[MAX_THRESHOLDS];
    size_t near_count;
} trying;

static const jh_rule *find_rule(const jh_rules *rules, const char *id)
{
    for (size_t r = 0; r < rules->count; r++)
        if (strcmp(rules->rules[r].id, id) == 0)
            return &rules->rules[r];
    return NULL;
}

/* For each threshold a rule of the documents just below it. */
static jihe_status add_near(trying *t, const jihe_workspace *workspace, jihe_error *err)
{
    const jh_rule *rule = t->all[0];
    jh_arena *arena = &t->trial.arena;
    jh_expr *expr;
    const jihe_status st = jh_expr_compile(&expr, rule->where, rule->where_len, rule->where_place,
                                           &workspace->config.schema, &t->trial.facts.facts, arena, err);
    bool more = st == JIHE_OK;

    while (more && t->near_count < MAX_THRESHOLDS) {
        jh_buf threshold = {0}, where = {0};

        more = jh_expr_near(expr, t->near_count, &threshold, &where);
        if (more) {
            jh_rule *near = &t->near[t->near_count];

            *near = (jh_rule){.id = "near",
                              .title = "",
                              .clause = "",
                              .schedule = "",
                              .until = INT32_MIN,
                              .window = rule->window,
                              .draw = {.kind = JH_DRAW_ALL, .at_most = UINT64_MAX}};
            near->where = jh_arena_text(arena, jh_buf_text(&where), where.len);
            near->where_len = where.len;
            near->where_place = (jh_place){.source = rule->id, .line = 1, .column = 1};
            t->thresholds[t->near_count++] = jh_arena_text(arena, jh_buf_text(&threshold), threshold.len);
        }
        const bool failed =
            threshold.failed || where.failed ||
            (more && (t->near[t->near_count - 1].where == NULL || t->thresholds[t->near_count - 1] == NULL));

        jh_buf_deinit(&threshold);
        jh_buf_deinit(&where);
        if (failed)
            return jh_fail(err, JIHE_NO_MEMORY, "trying a rule");
    }
    return st;
}

/* The rule, every other one that would run, and the rules of what lies near. */
static jihe_status choose(trying *t, const jihe_workspace *workspace, const jihe_rule_try_options *options, int32_t day,
                          jihe_error *err)
{
    const jh_rule *rule;
    jihe_status st = jh_workspace_rules(&t->rules, workspace, err);

    if (st != JIHE_OK)
        return st;
    rule = find_rule(&t->rules, options->rule);
    if (rule == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "no rule has the id '%s'; 'jihe rule list' shows them", options->rule);
    t->all = JH_NEW(&t->trial.arena, const jh_rule *, t->rules.count + MAX_THRESHOLDS);
    if (t->all == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "trying a rule");
    t->all[t->count++] = rule;
    if ((st = jh_rule_check(rule, &workspace->config.schema, &t->trial.facts.facts, NULL, err)) != JIHE_OK)
        return st;
    for (size_t r = 0; r < t->rules.count; r++)
        if (&t->rules.rules[r] != rule && jh_rule_runs(&t->rules.rules[r], day))
            t->all[t->count++] = &t->rules.rules[r];
    st = add_near(t, workspace, err);
    for (size_t i = 0; i < t->near_count; i++)
        t->all[t->count + i] = &t->near[i];
    return st;
}

/* --- what it came to --- */

static jihe_status put(jh_grid *grid, const char *what, const char *of, uint64_t documents, jihe_error *err)
{
    const jh_out_cell cells[] = {jh_cell_text(what), of == NULL ? jh_cell_none() : jh_cell_text(of),
                                 jh_cell_uint(documents)};

    return jh_grid_add(grid, cells, err);
}

/* Documents of a day that the rule selected: picks of the same date, which are in order of neither. */
static jihe_status put_days(const trying *t, jh_grid *grid, const jihe_rule_try_options *options, jihe_error *err)
{
    const jh_picks *picks = &t->trial.selection.rules[0].picks;
    uint64_t *days = calloc(t->trial.part_count + 1, sizeof *days);
    uint64_t most = 0;
    jihe_status st = days == NULL ? jh_fail(err, JIHE_NO_MEMORY, "trying a rule") : JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < picks->count; i++)
        days[t->trial.selection.pass.segments[picks->picks[i].segment].part]++;
    for (size_t p = 0; st == JIHE_OK && p < t->trial.part_count; p++) {
        char date[16];

        jh_days_text(jh_snapshot_manifest(t->trial.parts[p])->date, date);
        most = days[p] > most ? days[p] : most;
        st = put(grid, "on", date, days[p], err);
    }
    free(days);
    if (st == JIHE_OK && options->inspectors > 0)
        st = put(grid, "each inspector, on the busiest day", NULL,
                 (most + options->inspectors - 1) / options->inspectors, err);
    return st;
}

/* How many of the rule's documents another rule selects as well. */
static uint64_t overlap(const trying *t, const uint64_t *mine, const jh_picks *other)
{
    const jh_pass *pass = &t->trial.selection.pass;
    uint64_t both = 0;

    for (size_t i = 0; i < other->count; i++)
        both += jh_bits_test(mine + pass->segments[other->picks[i].segment].word, other->picks[i].row);
    return both;
}

static jihe_status put_overlaps(const trying *t, jh_grid *grid, jihe_error *err)
{
    const jh_selection *selection = &t->trial.selection;
    const jh_pass *pass = &selection->pass;
    const jh_picks *picks = &selection->rules[0].picks;
    const jh_pass_segment *last = pass->segment_count == 0 ? NULL : &pass->segments[pass->segment_count - 1];
    const size_t words = last == NULL ? 0 : (size_t)last->word + jh_bits_words(last->rows);
    uint64_t *mine = calloc(words + 1, sizeof *mine), *others = calloc(words + 1, sizeof *others), alone = 0;
    jihe_status st = mine == NULL || others == NULL ? jh_fail(err, JIHE_NO_MEMORY, "trying a rule") : JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < picks->count; i++)
        jh_bits_set(mine + pass->segments[picks->picks[i].segment].word, picks->picks[i].row);
    for (size_t r = 1; st == JIHE_OK && r < t->count; r++) {
        const jh_picks *other = &selection->rules[r].picks;

        st = put(grid, "also selected by", t->all[r]->id, overlap(t, mine, other), err);
        for (size_t i = 0; i < other->count; i++)
            jh_bits_set(others + pass->segments[other->picks[i].segment].word, other->picks[i].row);
    }
    for (size_t w = 0; st == JIHE_OK && w < words; w++)
        alone += (uint64_t)__builtin_popcountll(mine[w] & ~others[w]);
    free(mine);
    free(others);
    return st == JIHE_OK ? put(grid, "selected by no other rule", NULL, alone, err) : st;
}

static jihe_status report(const trying *t, jh_grid *grid, const jihe_rule_try_options *options, jihe_error *err)
{
    const jh_selection *selection = &t->trial.selection;
    const jh_frame *frame = &selection->pass.frames[0];
    jihe_status st;

    if ((st = put(grid, "frame", NULL, frame->documents, err)) != JIHE_OK ||
        (st = put(grid, "undecided", NULL, frame->undecided, err)) != JIHE_OK ||
        (t->all[0]->flag.kind != NULL && (st = put(grid, "flagged", jh_flag_kind_name(&t->all[0]->flag),
                                                   selection->rules[0].flag.flagged, err)) != JIHE_OK) ||
        (st = put(grid, "selected", NULL, selection->rules[0].picks.count, err)) != JIHE_OK ||
        (st = put_days(t, grid, options, err)) != JIHE_OK || (st = put_overlaps(t, grid, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < t->near_count; i++)
        st = put(grid, "less than 5% below", t->thresholds[i], selection->pass.frames[t->count + i].documents, err);
    return st;
}

jihe_status jihe_rule_try(jihe_rows **out, jihe_workspace *workspace, const jihe_rule_try_options *options,
                          jihe_error *err)
{
    static const jh_out_column columns[] = {{"what", "项目"}, {"of", "对象"}, {"documents", "单据"}};
    jh_trial_options period = {.seed = options->seed};
    jh_grid *grid = NULL;
    trying t = {0};
    jihe_status st;

    *out = NULL;
    if (options->size < sizeof *options)
        return jh_fail(err, JIHE_USAGE, "rule try: wrong options size");
    st = jh_parse_period(options->from, options->to, "rule try", &period.from, &period.to, err);
    if (st == JIHE_OK && (st = jh_trial_begin(&t.trial, workspace, err)) == JIHE_OK &&
        (st = choose(&t, workspace, options, period.to, err)) == JIHE_OK &&
        (st = jh_trial_run(&t.trial, workspace, t.all, t.count + t.near_count, &period, err)) == JIHE_OK &&
        (st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = report(&t, grid, options, err);
    jh_trial_deinit(&t.trial);
    jh_rules_deinit(&t.rules);
    return jh_grid_publish(out, grid, st, err);
}
