#include "api/stats_rows.h"

#include <math.h>
#include <stdio.h>

#include "api/plan_words.h"
#include "base/error.h"

/* Plans and evaluations as rows. */

enum { PLAN_COLUMNS = 10, EVALUATION_COLUMNS = 12 };

static const jh_out_column plan_columns[PLAN_COLUMNS] = {
    {"kind", "计划"},       {"sample", "样本"},   {"allowed", "允许差错"}, {"risk", "风险"},    {"population", "总体"},
    {"factor", "可信系数"}, {"interval", "间隔"}, {"method", "方法"},      {"promise", "说明"}, {"limits", "不说明"},
};

static const jh_out_column evaluation_columns[EVALUATION_COLUMNS] = {
    {"stratum", "层"},    {"errors", "差错"},       {"sample", "样本"}, {"population", "总体"},
    {"estimate", "估计"}, {"lower", "下限"},        {"upper", "上限"},  {"low", "最少"},
    {"high", "最多"},     {"confidence", "置信度"}, {"method", "方法"}, {"reason", "理由"},
};

static const char *const kinds[] = {"attribute", "money", "precision", "two-point", "detect"};

/* Six significant digits for what may be small: a chance of 1e-9 is not 0. */
static const char *small_text(double value, char *out)
{
    if (value > 0 && value < 1e-6)
        snprintf(out, 32, "%.5e", value);
    else
        jh_share_text(value, 9, out);
    return out;
}

static jh_out_cell share_cell(double value, char *text)
{
    return isinf(value) ? jh_cell_none() : jh_cell_number(small_text(value, text));
}

jihe_status jihe_plan_rows(jihe_rows **out, const jihe_plan *plan, unsigned flags, jihe_error *err)
{
    const size_t count = (flags & JIHE_SENTENCES) != 0 ? PLAN_COLUMNS : PLAN_COLUMNS - 2;
    const bool counts_errors = plan->kind != JIHE_PLAN_MONEY && plan->kind != JIHE_PLAN_PRECISION;
    char risk[32], factor[32], interval[32];
    jh_grid *grid = NULL;
    const jh_out_cell cells[PLAN_COLUMNS] = {
        jh_cell_text(kinds[plan->kind]),
        jh_cell_uint(plan->sample),
        counts_errors ? jh_cell_uint(plan->allowed) : jh_cell_none(),
        plan->risk > 0 ? share_cell(plan->risk, risk) : jh_cell_none(),
        plan->population > 0 ? jh_cell_uint(plan->population) : jh_cell_none(),
        plan->factor > 0 ? share_cell(plan->factor, factor) : jh_cell_none(),
        plan->interval > 0 ? jh_cell_number(jh_ten_thousandths_text(plan->interval, interval)) : jh_cell_none(),
        jh_cell_text(plan->method),
        jh_cell_text(plan->promise),
        jh_cell_text(plan->limits),
    };
    jihe_status st = jh_grid_new(&grid, plan_columns, count, err);

    *out = NULL;
    if (st == JIHE_OK)
        st = jh_grid_add(grid, cells, err);
    return jh_grid_publish(out, grid, st, err);
}

jihe_status jh_evaluation_grid(jh_grid **out, unsigned flags, jihe_error *err)
{
    const size_t count = (flags & JIHE_SENTENCES) != 0 ? EVALUATION_COLUMNS : EVALUATION_COLUMNS - 1;

    return jh_grid_new(out, evaluation_columns, count, err);
}

/* Documents, or an amount to the ten-thousandth. */
static jh_out_cell whole_cell(const jihe_evaluation *e, double whole, char *text)
{
    if (!e->has_whole || whole > 9e14)
        return jh_cell_none();
    jh_share_text(whole, 4, text);
    return jh_cell_number(text);
}

jihe_status jh_evaluation_add(jh_grid *grid, const char *stratum, const jihe_evaluation *e, jihe_error *err)
{
    char estimate[32], lower[32], upper[32], low[32], high[32], confidence[32];
    const jh_out_cell cells[EVALUATION_COLUMNS] = {
        stratum[0] != '\0' ? jh_cell_text(stratum) : jh_cell_none(),
        jh_cell_uint(e->errors),
        jh_cell_uint(e->sample),
        e->population > 0 ? jh_cell_uint(e->population) : jh_cell_none(),
        share_cell(e->estimate, estimate),
        share_cell(e->lower, lower),
        share_cell(e->upper, upper),
        whole_cell(e, e->low, low),
        whole_cell(e, e->high, high),
        share_cell(e->confidence, confidence),
        jh_cell_text(e->method),
        jh_cell_text(e->reason),
    };

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_evaluation_rows(jihe_rows **out, const jihe_evaluation *evaluation, unsigned flags, jihe_error *err)
{
    jh_grid *grid = NULL;
    jihe_status st = jh_evaluation_grid(&grid, flags, err);

    *out = NULL;
    if (st == JIHE_OK)
        st = jh_evaluation_add(grid, "", evaluation, err);
    return jh_grid_publish(out, grid, st, err);
}
