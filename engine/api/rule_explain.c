#include <string.h>

#include "api/describe.h"
#include "api/workspace_facts.h"
#include "base/bits.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/rule.h"
#include "rule/pass.h"

/* What a rule says, as the program reads it. */

typedef struct explanation {
    jh_arena arena;
    jh_workspace_facts facts;
    jh_rules rules;
    const jh_rule *rule;
    jh_expr *expr;
    jh_snapshot *snapshot; /* the latest; NULL when none is stored */
    jh_grid *grid;
} explanation;

static jihe_status put(explanation *e, const char *part, const char *text, size_t len, jihe_error *err)
{
    const jh_out_cell cells[] = {jh_cell_text(part), jh_cell_str(text, len)};

    return len == 0 ? JIHE_OK : jh_grid_add(e->grid, cells, err);
}

/* The lines of a text, each with the part's name; the text is let go. */
static jihe_status put_lines(explanation *e, const char *part, jh_buf *text, jihe_error *err)
{
    const char *at = jh_buf_text(text);
    jihe_status st = text->failed ? jh_fail(err, JIHE_NO_MEMORY, "explaining a rule") : JIHE_OK;

    while (st == JIHE_OK && *at != '\0') {
        const size_t len = strcspn(at, "\n");

        st = put(e, part, at, len, err);
        at += len + (at[len] == '\n');
    }
    jh_buf_deinit(text);
    return st;
}

static jihe_status put_heads(explanation *e, jihe_error *err)
{
    const jh_rule *rule = e->rule;
    jh_buf place = {0}, where = {0}, flag = {0}, draw = {0}, window = {0};
    jihe_status st;

    jh_buf_printf(&place, "%s:%u", rule->place.source, rule->place.line);
    jh_expr_print(e->expr, &where);
    jh_flag_describe(&flag, &rule->flag);
    jh_describe_draw(&draw, &rule->draw);
    jh_describe_window(&window, rule->window);
    if ((st = put(e, "title", rule->title, strlen(rule->title), err)) == JIHE_OK)
        st = put_lines(e, "file", &place, err);
    if (st == JIHE_OK)
        st = put(e, "schedule", rule->schedule, strlen(rule->schedule), err);
    if (st == JIHE_OK)
        st = put_lines(e, "looks at", &window, err);
    if (st == JIHE_OK)
        st = put_lines(e, "frame", &where, err);
    if (st == JIHE_OK)
        st = put_lines(e, "flag", &flag, err);
    if (st == JIHE_OK)
        st = put_lines(e, "draw", &draw, err);
    if (st == JIHE_OK && rule->expect_none)
        st = put(e, "finding", rule->clause, strlen(rule->clause), err);
    jh_buf_deinit(&place);
    jh_buf_deinit(&where);
    jh_buf_deinit(&flag);
    jh_buf_deinit(&draw);
    jh_buf_deinit(&window);
    return st;
}

/* Bytes that the column takes in all segments, as they are read. */
static jihe_status column_bytes(const jh_snapshot *snapshot, size_t column, uint64_t *bytes, jihe_error *err)
{
    jh_col_room room = {0};
    jihe_status st = JIHE_OK;

    *bytes = 0;
    for (uint32_t s = 0; st == JIHE_OK && s < jh_snapshot_segments(snapshot); s++) {
        jh_col_view view;

        if ((st = jh_snapshot_column(snapshot, s, column, &room, &view, err)) != JIHE_OK)
            break;
        *bytes += view.encoding == JH_ENC_HEAP ? ((uint64_t)view.rows + 1) * 4 + view.offsets[view.rows]
                                               : (uint64_t)view.rows * view.width;
        *bytes += view.valid != NULL ? jh_bits_words(view.rows) * 8 : 0;
    }
    jh_col_room_deinit(&room);
    return st;
}

static jihe_status put_columns(explanation *e, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(e->snapshot);
    uint64_t used[JH_MAX_COLUMNS / 64], bytes, total = 0;
    jh_buf text = {0};
    jihe_status st = JIHE_OK;

    jh_expr_columns(e->expr, used);
    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++)
        if (jh_bits_test(used, c) && (st = column_bytes(e->snapshot, c, &bytes, err)) == JIHE_OK) {
            jh_buf_printf(&text, "%s: %s, %llu bytes\n", schema->columns[c].name, jh_type_name(schema->columns[c].type),
                          (unsigned long long)bytes);
            total += bytes;
        }
    jh_buf_printf(&text, "%llu bytes for %llu documents\n", (unsigned long long)total,
                  (unsigned long long)jh_snapshot_manifest(e->snapshot)->rows);
    if (st == JIHE_OK)
        return put_lines(e, "reads", &text, err);
    jh_buf_deinit(&text);
    return st;
}

static jihe_status put_steps(explanation *e, const jihe_workspace *workspace, jihe_error *err)
{
    const jh_rule *rule = e->rule;
    jh_buf text = {0};
    jh_expr_plan *plan;
    jh_expr *expr;
    jihe_status st;

    /* The schema that the documents were stored with may be an older one. */
    if ((st = jh_expr_compile(&expr, rule->where, rule->where_len, rule->where_place, jh_snapshot_schema(e->snapshot),
                              &e->facts.facts, &e->arena, err)) != JIHE_OK ||
        (st = jh_expr_bind(&plan, (const jh_expr *const[]){expr}, 1, e->snapshot, &e->arena, err)) != JIHE_OK)
        return jh_wrap(err, st, "the latest snapshot of %s", workspace->path);
    e->expr = expr;
    jh_expr_explain_plan(plan, &text);
    if ((st = put_lines(e, "step", &text, err)) != JIHE_OK)
        return st;
    return put_columns(e, err);
}

static jihe_status open_latest(explanation *e, const jihe_workspace *workspace, jihe_error *err)
{
    jh_catalogue catalogue;
    jihe_status st = jh_catalogue_load(&catalogue, workspace->path, err);

    if (st != JIHE_OK)
        return st;
    if (catalogue.count > 0)
        st = jh_snapshot_open(&e->snapshot, workspace->path, catalogue.entries[catalogue.count - 1].date, 0, err);
    jh_catalogue_deinit(&catalogue);
    return st;
}

static jihe_status explain(explanation *e, const jihe_workspace *workspace, const char *id, jihe_error *err)
{
    jh_buf tree = {0};
    jihe_status st;

    for (size_t r = 0; r < e->rules.count && e->rule == NULL; r++)
        if (strcmp(e->rules.rules[r].id, id) == 0)
            e->rule = &e->rules.rules[r];
    if (e->rule == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "no rule has the id '%s'; 'jihe rule list' shows them", id);
    if ((st = jh_rule_check(e->rule, &workspace->config.schema, &e->facts.facts, NULL, err)) != JIHE_OK ||
        (st = jh_expr_compile(&e->expr, e->rule->where, e->rule->where_len, e->rule->where_place,
                              &workspace->config.schema, &e->facts.facts, &e->arena, err)) != JIHE_OK ||
        (st = put_heads(e, err)) != JIHE_OK)
        return st;
    jh_expr_explain(e->expr, &tree);
    if ((st = put_lines(e, "tree", &tree, err)) != JIHE_OK || (st = open_latest(e, workspace, err)) != JIHE_OK)
        return st;
    return e->snapshot == NULL ? JIHE_OK : put_steps(e, workspace, err);
}

jihe_status jihe_rule_explain(jihe_rows **out, jihe_workspace *workspace, const char *id, jihe_error *err)
{
    static const jh_out_column columns[] = {{"part", "部分"}, {"text", "内容"}};
    explanation e = {0};
    jihe_status st;

    *out = NULL;
    jh_arena_init(&e.arena, 0);
    if ((st = jh_workspace_rules(&e.rules, workspace, err)) == JIHE_OK &&
        (st = jh_workspace_facts_load(&e.facts, workspace->path, workspace->config.zone, NULL, err)) == JIHE_OK &&
        (st = jh_grid_new(&e.grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = explain(&e, workspace, id, err);
    jh_snapshot_close(e.snapshot);
    jh_workspace_facts_deinit(&e.facts);
    jh_rules_deinit(&e.rules);
    jh_arena_deinit(&e.arena);
    return jh_grid_publish(out, e.grid, st, err);
}
