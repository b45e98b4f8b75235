#include "jihe/rate.h"

#include <string.h>

#include "api/api_int.h"
#include "api/automatic.h"
#include "base/arena.h"
#include "base/error.h"
#include "rate/rates.h"

enum { FIGURES = 12 };

static const jh_out_column figures[FIGURES] = {
    {"inspected", "已稽核"},
    {"in_rule", "细则内差错"},
    {"in_rule_rate", "细则内差错率"},
    {"in_rule_low", "下限"},
    {"in_rule_high", "上限"},
    {"out_of_rule", "细则外差错"},
    {"out_of_rule_rate", "细则外差错率"},
    {"out_of_rule_low", "下限"},
    {"out_of_rule_high", "上限"},
    {"basis", "依据"},
    {"represents", "代表单据"},
    {"method", "方法"},
};

struct numbers { /* the texts of one row */
    char rates[6][32];
    char represents[32];
};

static void put_estimate(jh_out_cell *cells, char texts[3][32], uint64_t errors, const jh_estimate *estimate)
{
    jh_share_text(estimate->rate, 6, texts[0]);
    jh_share_text(estimate->low, 6, texts[1]);
    jh_share_text(estimate->high, 6, texts[2]);
    cells[0] = jh_cell_uint(errors);
    for (int i = 0; i < 3; i++)
        cells[1 + i] = jh_cell_number(texts[i]);
}

static jihe_status add_rate(jh_grid *grid, const jh_rate *rate, size_t key_count, jihe_error *err)
{
    jh_out_cell cells[JH_MAX_KEYS + FIGURES];
    struct numbers numbers;
    jh_out_cell *figure = cells + key_count;

    for (size_t k = 0; k < key_count; k++)
        cells[k] = rate->keys[k][0] == '\0' ? jh_cell_none() : jh_cell_text(rate->keys[k]);
    figure[0] = jh_cell_uint(rate->tally.inspected);
    put_estimate(figure + 1, numbers.rates, rate->tally.errors[0], &rate->in_rule);
    put_estimate(figure + 5, numbers.rates + 3, rate->tally.errors[1], &rate->out_of_rule);
    jh_share_text(rate->represents, 1, numbers.represents);
    figure[9] = jh_cell_text(rate->basis == JH_RATE_RANDOM ? "random" : "targeted");
    figure[10] = jh_cell_number(numbers.represents);
    figure[11] = jh_cell_text(jh_tally_weighted(&rate->tally) ? "weighted" : "clopper-pearson");
    return jh_grid_add(grid, cells, err);
}

static const char *key_title(const char *key)
{
    static const char *const titles[][2] = {
        {"month", "月份"}, {"rule", "规则"}, {"clause", "条款"}, {"inspector", "稽核人"}};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (strcmp(key, titles[i][0]) == 0)
            return titles[i][1];
    return NULL;
}

static jihe_status list_rates(jh_grid **out, const jh_rates *rates, const char *const *keys, size_t key_count,
                              jihe_error *err)
{
    jh_out_column columns[JH_MAX_KEYS + FIGURES];
    jihe_status st;

    for (size_t k = 0; k < key_count; k++)
        columns[k] = (jh_out_column){.name = keys[k], .zh = key_title(keys[k])};
    memcpy(columns + key_count, figures, sizeof figures);
    if ((st = jh_grid_new(out, columns, key_count + FIGURES, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < rates->count; i++)
        st = add_rate(*out, &rates->rates[i], key_count, err);
    return st;
}

jihe_status jihe_rate(jihe_rows **out, jihe_workspace *workspace, const char *from, const char *to,
                      const char *const *keys, size_t key_count, jihe_error *err)
{
    jh_rate_query query = {.keys = keys, .key_count = key_count};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_rates rates;
    jh_arena arena;
    jihe_status st;

    *out = NULL;
    if ((st = jh_parse_period(from, to, "rate", &query.from, &query.to, err)) != JIHE_OK)
        return st;
    if ((st = jh_ledger_open(&ledger, workspace->path, 0, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_rates_make(&rates, ledger, &query, &arena, err)) == JIHE_OK)
        st = list_rates(&grid, &rates, keys, key_count, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}

/* --- automatic checks --- */

enum { AUTOMATIC_FIGURES = 7 };

static const jh_out_column automatic_figures[AUTOMATIC_FIGURES] = {
    {"rule", "规则"},       {"clause", "条款"},        {"checked", "已检查"}, {"findings", "自动发现"},
    {"rate", "自动发现率"}, {"undecided", "无法判定"}, {"of", "总体"}};

static jihe_status add_automatic(jh_grid *grid, const jh_automatic *row, size_t key_count, jihe_error *err)
{
    jh_out_cell cells[JH_MAX_KEYS + AUTOMATIC_FIGURES];
    jh_out_cell *figure = cells + key_count;
    char rate[32];

    for (size_t k = 0; k < key_count; k++)
        cells[k] = row->keys[k][0] == '\0' ? jh_cell_none() : jh_cell_text(row->keys[k]);
    figure[0] = jh_cell_text(row->rule);
    figure[1] = jh_cell_text(row->clause);
    figure[2] = jh_cell_uint(row->checked);
    figure[3] = jh_cell_uint(row->findings);
    figure[4] = jh_cell_none();
    if (row->checked > 0) {
        jh_share_text((double)row->findings / (double)row->checked, 6, rate);
        figure[4] = jh_cell_number(rate);
    }
    figure[5] = jh_cell_uint(row->undecided);
    figure[6] =
        jh_cell_text(row->flag ? "documents that meet the rule's condition" : "documents the rule could decide");
    return jh_grid_add(grid, cells, err);
}

static jihe_status list_automatics(jh_grid **out, const jh_automatics *automatics, const jh_automatic_query *query,
                                   jihe_error *err)
{
    jh_out_column columns[JH_MAX_KEYS + AUTOMATIC_FIGURES];
    jihe_status st;

    for (size_t k = 0; k < query->key_count; k++)
        columns[k] = (jh_out_column){.name = query->keys[k], .zh = key_title(query->keys[k])};
    memcpy(columns + query->key_count, automatic_figures, sizeof automatic_figures);
    if ((st = jh_grid_new(out, columns, query->key_count + AUTOMATIC_FIGURES, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < automatics->count; i++)
        st = add_automatic(*out, &automatics->rows[i], query->key_count, err);
    return st;
}

/* Every row is of one rule and clause: asking for them adds nothing. */
static jihe_status own_keys(jh_automatic_query *query, const char *const *keys, size_t key_count, jh_arena *arena,
                            jihe_error *err)
{
    const char **own = JH_NEW(arena, const char *, key_count + 1);

    if (own == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "automatic checks");
    for (size_t k = 0; k < key_count; k++) {
        for (size_t i = 0; i < k; i++)
            if (strcmp(keys[i], keys[k]) == 0)
                return jh_fail(err, JIHE_USAGE, "the key '%s' is given twice", keys[k]);
        if (strcmp(keys[k], "rule") != 0 && strcmp(keys[k], "clause") != 0)
            own[query->key_count++] = keys[k];
    }
    query->keys = own;
    return JIHE_OK;
}

jihe_status jihe_rate_automatic(jihe_rows **out, uint64_t *gone, jihe_workspace *workspace, const char *from,
                                const char *to, const char *const *keys, size_t key_count, jihe_error *err)
{
    jh_automatic_query query = {0};
    jh_automatics automatics = {0};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_arena arena;
    jihe_status st;

    *out = NULL;
    if ((st = jh_parse_period(from, to, "rate", &query.from, &query.to, err)) != JIHE_OK)
        return st;
    if ((st = jh_ledger_open(&ledger, workspace->path, 0, err)) != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = own_keys(&query, keys, key_count, &arena, err)) == JIHE_OK &&
        (st = jh_automatic_make(&automatics, workspace, ledger, &query, &arena, err)) == JIHE_OK)
        st = list_automatics(&grid, &automatics, &query, err);
    st = jh_grid_publish(out, grid, st, err);
    *gone = automatics.gone;
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}
