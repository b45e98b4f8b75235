#include <stdio.h>
#include <stdlib.h>

#include "api/recorded.h"
#include "base/days.h"
#include "base/error.h"
#include "base/money.h"
#include "jihe/run.h"

/* --- run list --- */

static jihe_status list_run(jh_grid *grid, const jh_run *run, const jh_zone *zone, jihe_error *err)
{
    char from[16], to[16], recorded[32];

    jh_days_text(run->from, from);
    jh_days_text(run->to, to);
    jh_zone_text(zone, run->at * 1000, recorded);
    const jh_out_cell cells[] = {jh_cell_text(run->id),         jh_cell_text(from),           jh_cell_text(to),
                                 jh_cell_uint(run->rule_count), jh_cell_uint(run->documents), jh_cell_uint(run->hits),
                                 jh_cell_text(recorded)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_run_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"run", "运行"},         {"from", "自"},          {"to", "至"},
                                            {"rules", "规则数"},     {"documents", "单据数"}, {"hits", "命中数"},
                                            {"recorded", "记录时刻"}};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_arena arena;
    jh_runs runs;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_runs_load(&runs, ledger, &arena, err)) == JIHE_OK)
        st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < runs.count; i++)
        st = list_run(grid, &runs.runs[i], workspace->config.zone, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

/* --- hits --- */

struct hit_rows {
    jh_recorded recorded;
    size_t next;
    char number[24], probability[32], date[16];
};

static void hit_free(void *self)
{
    struct hit_rows *rows = self;

    jh_recorded_deinit(&rows->recorded);
    free(rows);
}

static jihe_status hit_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct hit_rows *rows = self;
    const jh_hits *hits = &rows->recorded.hits;

    (void)err;
    if (rows->next == hits->hit_count)
        return JIHE_NOT_FOUND;
    const jh_hit *hit = &hits->hits[rows->next++];
    const jh_hit_stratum *stratum = &hits->strata[hit->rule][hit->stratum];
    const jh_hit_document *document = &hits->documents[hit->document];

    snprintf(rows->number, sizeof rows->number, "%llu", (unsigned long long)hit->number);
    jh_share_text(hit->p, 9, rows->probability);
    jh_days_text(rows->recorded.run->snapshots[document->snapshot].date, rows->date);
    cells[0] = jh_cell_text(rows->recorded.run->rules[hit->rule].id);
    cells[1] = jh_cell_text(stratum->label);
    cells[2] = jh_cell_str(document->id, document->id_len);
    cells[3] = jh_cell_number(rows->number);
    cells[4] = jh_cell_number(rows->probability);
    cells[5] = jh_cell_text(rows->date);
    return JIHE_OK;
}

jihe_status jihe_hits(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = hit_next, .free = hit_free};
    static const jh_out_column columns[] = {
        {"rule", "规则"},          {"stratum", "层"},           {"doc_id", "单据编号"},
        {"draw_number", "抽签号"}, {"probability", "入样概率"}, {"date", "业务日期"}};
    struct hit_rows *made = calloc(1, sizeof *made);
    jh_rows *rows;

    *out = NULL;
    if (made == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing hits");
    jihe_status st = jh_recorded_find(&made->recorded, workspace, name, true, err);

    if (st != JIHE_OK) {
        free(made);
        return st;
    }
    jh_hits_by_rule(&made->recorded.hits);
    if ((st = jh_rows_new(&rows, columns, sizeof columns / sizeof columns[0], &ops, made, err)) != JIHE_OK)
        return st;
    return jh_rows_publish(out, rows, err);
}

/* --- strata and eligibility --- */

static jihe_status list_strata(jh_grid *grid, const jh_recorded *recorded, size_t r, jihe_error *err)
{
    const jh_run *run = recorded->run;
    const jh_apart *apart = &run->results[r].apart;
    char amount[48];
    jihe_status st = JIHE_OK;

    for (uint32_t s = 0; st == JIHE_OK && s < recorded->hits.strata_count[r]; s++) {
        const jh_hit_stratum *stratum = &recorded->hits.strata[r][s];
        const jh_out_cell cells[] = {jh_cell_text(run->rules[r].id), jh_cell_text(stratum->label),
                                     jh_cell_uint(stratum->documents), jh_cell_uint(stratum->quota), jh_cell_none()};

        st = jh_grid_add(grid, cells, err);
    }
    if (st != JIHE_OK || apart->documents == 0)
        return st;
    jh_money_text(apart->amount, apart->scale, amount);
    const jh_out_cell cells[] = {jh_cell_text(run->rules[r].id), jh_cell_text("(zero or negative)"),
                                 jh_cell_uint(apart->documents), jh_cell_uint(0), jh_cell_number(amount)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_strata(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"rule", "规则"}, {"stratum", "层"}, {"documents", "总体"}, {"selected", "抽中"}, {"amount", "未抽金额"}};
    jh_recorded recorded;
    jh_grid *grid = NULL;

    *out = NULL;
    jihe_status st = jh_recorded_find(&recorded, workspace, name, true, err);

    if (st != JIHE_OK)
        return st;
    st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t r = 0; st == JIHE_OK && r < recorded.run->rule_count; r++)
        st = list_strata(grid, &recorded, r, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_recorded_deinit(&recorded);
    return st;
}

static void name_pattern(jh_buf *out, const jh_recorded *recorded, const jh_pattern *pattern)
{
    jh_buf_clear(out);
    if (pattern->count == 0)
        jh_buf_puts(out, "(certain)");
    for (size_t i = 0; i < pattern->count; i++) {
        const jh_pattern_stratum *at = &pattern->strata[i];
        const char *label = recorded->hits.strata[at->rule][at->stratum].label;

        if (i > 0)
            jh_buf_puts(out, "; ");
        jh_buf_puts(out, recorded->run->rules[at->rule].id);
        if (label[0] != '\0')
            jh_buf_printf(out, ": %s", label);
    }
}

static jihe_status list_patterns(jh_grid *grid, const jh_recorded *recorded, jihe_error *err)
{
    const jh_hits *hits = &recorded->hits;
    uint64_t *listed = calloc(hits->pattern_count + 1, sizeof *listed);
    jh_buf name = {0};
    jihe_status st = listed == NULL ? jh_fail(err, JIHE_NO_MEMORY, "eligibility patterns") : JIHE_OK;

    for (size_t d = 0; st == JIHE_OK && d < hits->document_count; d++)
        if (hits->documents[d].pattern < hits->pattern_count)
            listed[hits->documents[d].pattern]++;
    for (size_t g = 0; st == JIHE_OK && g < hits->pattern_count; g++) {
        name_pattern(&name, recorded, &hits->patterns[g]);
        const jh_out_cell cells[] = {jh_cell_text(jh_buf_text(&name)), jh_cell_uint(hits->patterns[g].documents),
                                     jh_cell_uint(listed[g])};

        st = name.failed ? jh_fail(err, JIHE_NO_MEMORY, "eligibility patterns") : jh_grid_add(grid, cells, err);
    }
    free(listed);
    jh_buf_deinit(&name);
    return st;
}

jihe_status jihe_patterns(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_out_column columns[] = {{"pattern", "可抽规则"}, {"documents", "总体"}, {"listed", "清单"}};
    jh_recorded recorded;
    jh_grid *grid = NULL;

    *out = NULL;
    jihe_status st = jh_recorded_find(&recorded, workspace, name, true, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = list_patterns(grid, &recorded, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_recorded_deinit(&recorded);
    return st;
}
