#include <stdlib.h>
#include <string.h>

#include "api/recorded.h"
#include "base/error.h"
#include "base/text.h"
#include "jihe/run.h"
#include "ledger/inspections.h"
#include "rate/tally.h"

/* What inspections have found among the documents that flags put on a run's work list, and in which other flags of the
 * run a group stood out. The targeted documents of a group, so the rates speak for these documents alone. */

struct outcome { /* of one group */
    uint64_t selected;
    jh_tally tally;
};

struct making {
    const jh_run *run;
    jh_run_flags flags;
    const jh_inspection **last; /* the last inspection of each document, in order of date and id */
    size_t last_count;
    struct outcome **outcomes;      /* per rule and group */
    const jh_flag_group ***flagged; /* per rule, its flagged groups in order of label */
    size_t *flagged_count;
};

static int order_documents(const jh_inspection *a, int32_t date, const char *id, size_t len)
{
    if (a->date != date)
        return a->date < date ? -1 : 1;
    return jh_text_compare(a->doc_id, strlen(a->doc_id), id, len);
}

static int order_inspections(const void *a, const void *b)
{
    const jh_inspection *x = *(const jh_inspection *const *)a, *y = *(const jh_inspection *const *)b;
    const int order = order_documents(x, y->date, y->doc_id, strlen(y->doc_id));

    return order != 0 ? order : (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static jihe_status keep_last(struct making *making, const jh_inspections *inspections, jihe_error *err)
{
    making->last = calloc(inspections->count + 1, sizeof *making->last);
    if (making->last == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "joining inspections");
    for (size_t i = 0; i < inspections->count; i++)
        making->last[i] = &inspections->all[i];
    qsort(making->last, inspections->count, sizeof *making->last, order_inspections);
    for (size_t i = 0; i < inspections->count; i++) {
        const jh_inspection *next = i + 1 < inspections->count ? making->last[i + 1] : NULL;

        if (next == NULL || order_documents(making->last[i], next->date, next->doc_id, strlen(next->doc_id)) != 0)
            making->last[making->last_count++] = making->last[i];
    }
    return JIHE_OK;
}

static const jh_inspection *inspection_of(const struct making *making, int32_t date, const char *id, size_t len)
{
    size_t low = 0, high = making->last_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = order_documents(making->last[middle], date, id, len);

        if (order == 0)
            return making->last[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void add_document(struct outcome *outcome, const jh_inspection *inspection)
{
    bool errors[2] = {false, false};

    outcome->selected++;
    if (inspection == NULL)
        return;
    for (size_t f = 0; f < inspection->finding_count; f++)
        errors[inspection->findings[f].class_ == JH_CLASS_IN_RULE ? 0 : 1] = true;
    jh_tally_add(&outcome->tally, 1.0, errors[0], errors[1]);
}

/* The run keeps the group of each document that a flag selected, in the order of its documents. */
static jihe_status count_documents(struct making *making, const jh_hits *hits, jihe_error *err)
{
    size_t *next = calloc(making->run->rule_count + 1, sizeof *next);
    jihe_status st = next == NULL ? jh_fail(err, JIHE_NO_MEMORY, "joining inspections") : JIHE_OK;

    for (size_t d = 0; st == JIHE_OK && d < hits->document_count; d++) {
        const jh_hit_document *document = &hits->documents[d];
        const jh_inspection *inspection =
            inspection_of(making, making->run->snapshots[document->snapshot].date, document->id, document->id_len);

        for (size_t i = 0; st == JIHE_OK && i < document->hit_count; i++) {
            const uint32_t rule = hits->hits[hits->by_document[document->first_hit + i]].rule;
            const jh_rule_flags *flags = &making->flags.rules[rule];

            if (making->run->rules[rule].flag.kind == NULL)
                continue;
            if (next[rule] >= flags->hit_count)
                st = jh_fail(err, JIHE_CORRUPT, "run %s: a document has no group of rule %s", making->run->id,
                             making->run->rules[rule].id);
            else
                add_document(&making->outcomes[rule][flags->hits[next[rule]++]], inspection);
        }
    }
    free(next);
    return st;
}

static int order_labels(const void *a, const void *b)
{
    const jh_flag_group *x = *(const jh_flag_group *const *)a, *y = *(const jh_flag_group *const *)b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

static jihe_status list_flagged(struct making *making, jh_arena *arena, jihe_error *err)
{
    making->flagged = JH_NEW(arena, const jh_flag_group **, making->flags.rule_count + 1);
    making->flagged_count = JH_NEW(arena, size_t, making->flags.rule_count + 1);
    if (making->flagged == NULL || making->flagged_count == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "joining flags");
    for (size_t r = 0; r < making->flags.rule_count; r++) {
        const jh_rule_flags *flags = &making->flags.rules[r];

        making->flagged[r] = JH_NEW(arena, const jh_flag_group *, flags->count + 1);
        if (making->flagged[r] == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "joining flags");
        for (size_t g = 0; g < flags->count; g++)
            if (flags->groups[g].verdict == JH_FLAG_FLAGGED)
                making->flagged[r][making->flagged_count[r]++] = &flags->groups[g];
        qsort(making->flagged[r], making->flagged_count[r], sizeof *making->flagged[r], order_labels);
    }
    return JIHE_OK;
}

/* --- rows --- */

/* The other rules whose flags a group of this label stood out in. */
static jihe_status list_also(jh_buf *out, const struct making *making, size_t rule, const jh_flag_group *group,
                             jihe_error *err)
{
    jh_buf_clear(out);
    for (size_t r = 0; r < making->flags.rule_count; r++)
        if (r != rule && making->flagged_count[r] > 0 &&
            bsearch(&group, making->flagged[r], making->flagged_count[r], sizeof group, order_labels) != NULL)
            jh_buf_printf(out, "%s%s", out->len == 0 ? "" : " ", making->run->rules[r].id);
    return out->failed ? jh_fail(err, JIHE_NO_MEMORY, "joining flags") : JIHE_OK;
}

static jihe_status put_rate(jh_out_cell *cells, char texts[3][32], const jh_tally *tally, int which, jihe_error *err)
{
    jh_estimate estimate;

    cells[0] = jh_cell_uint(tally->errors[which]);
    if (tally->inspected == 0)
        return JIHE_OK;
    const jihe_status st = jh_tally_estimate(tally, which, &estimate, err);

    if (st != JIHE_OK)
        return st;
    jh_share_text(estimate.rate, 6, texts[0]);
    jh_share_text(estimate.low, 6, texts[1]);
    jh_share_text(estimate.high, 6, texts[2]);
    for (int i = 0; i < 3; i++)
        cells[1 + i] = jh_cell_number(texts[i]);
    return JIHE_OK;
}

static jihe_status add_group(jh_grid *grid, const struct making *making, size_t rule, size_t group, jh_buf *also,
                             jihe_error *err)
{
    const jh_flag_group *named = &making->flags.rules[rule].groups[group];
    const struct outcome *outcome = &making->outcomes[rule][group];
    jh_out_cell cells[14] = {{0}};
    char texts[6][32];
    jihe_status st;

    if ((st = list_also(also, making, rule, named, err)) != JIHE_OK ||
        (st = put_rate(cells + 5, texts, &outcome->tally, 0, err)) != JIHE_OK ||
        (st = put_rate(cells + 9, texts + 3, &outcome->tally, 1, err)) != JIHE_OK)
        return st;
    cells[0] = jh_cell_text(making->run->rules[rule].id);
    cells[1] = jh_cell_text(jh_flag_kind_name(&making->run->rules[rule].flag));
    cells[2] = jh_cell_str(named->label, named->label_len);
    cells[3] = jh_cell_uint(outcome->selected);
    cells[4] = jh_cell_uint(outcome->tally.inspected);
    cells[13] = also->len == 0 ? jh_cell_none() : jh_cell_str(jh_buf_text(also), also->len);
    return jh_grid_add(grid, cells, err);
}

static jihe_status add_rows(jh_grid *grid, const struct making *making, jihe_error *err)
{
    jihe_status st = JIHE_OK;
    jh_buf also = {0};

    for (size_t r = 0; st == JIHE_OK && r < making->flags.rule_count; r++)
        for (size_t g = 0; st == JIHE_OK && g < making->flags.rules[r].count; g++)
            if (making->flags.rules[r].groups[g].verdict == JH_FLAG_FLAGGED)
                st = add_group(grid, making, r, g, &also, err);
    jh_buf_deinit(&also);
    return st;
}

/* --- the whole --- */

static jihe_status count_groups(struct making *making, jh_recorded *recorded, jihe_error *err)
{
    jh_inspections inspections;
    jihe_status st;

    if ((st = jh_run_flags_load(&making->flags, recorded->ledger, recorded->run, 0, err)) != JIHE_OK ||
        (st = jh_inspections_load(&inspections, recorded->ledger, &recorded->arena, err)) != JIHE_OK ||
        (st = keep_last(making, &inspections, err)) != JIHE_OK ||
        (st = list_flagged(making, &recorded->arena, err)) != JIHE_OK)
        return st;
    making->outcomes = JH_NEW(&recorded->arena, struct outcome *, making->flags.rule_count + 1);
    if (making->outcomes == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "joining inspections");
    for (size_t r = 0; r < making->flags.rule_count; r++) {
        making->outcomes[r] = JH_NEW(&recorded->arena, struct outcome, making->flags.rules[r].count + 1);
        if (making->outcomes[r] == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "joining inspections");
    }
    return count_documents(making, &recorded->hits, err);
}

static bool has_flags(const jh_run *run)
{
    for (size_t r = 0; r < run->rule_count; r++)
        if (run->rules[r].flag.kind != NULL)
            return true;
    return false;
}

static jihe_status make(jh_grid *grid, jh_recorded *recorded, jihe_error *err)
{
    struct making making = {.run = recorded->run};
    jihe_status st;

    if (!has_flags(recorded->run))
        return JIHE_OK;
    if (!recorded->run->keeps_flags)
        return jh_fail(err, JIHE_NOT_FOUND,
                       "run %s was recorded before runs kept what their flags found; 'jihe flags' finds it again",
                       recorded->run->id);
    if ((st = count_groups(&making, recorded, err)) == JIHE_OK)
        st = add_rows(grid, &making, err);
    free(making.last);
    jh_run_flags_deinit(&making.flags);
    return st;
}

jihe_status jihe_flag_outcomes(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err)
{
    static const jh_out_column columns[] = {{"rule", "规则"},
                                            {"kind", "类别"},
                                            {"group", "对象"},
                                            {"selected", "抽中"},
                                            {"inspected", "已稽核"},
                                            {"in_rule", "细则内差错"},
                                            {"in_rule_rate", "细则内差错率"},
                                            {"in_rule_low", "下限"},
                                            {"in_rule_high", "上限"},
                                            {"out_of_rule", "细则外差错"},
                                            {"out_of_rule_rate", "细则外差错率"},
                                            {"out_of_rule_low", "下限"},
                                            {"out_of_rule_high", "上限"},
                                            {"also", "同时标记"}};
    jh_recorded recorded;
    jh_grid *grid = NULL;

    *out = NULL;
    jihe_status st = jh_recorded_find(&recorded, workspace, name, true, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = make(grid, &recorded, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_recorded_deinit(&recorded);
    return st;
}
