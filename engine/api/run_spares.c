#include <stdio.h>
#include <stdlib.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/bits.h"
#include "base/error.h"
#include "jihe/run.h"
#include "sample/draw_stream.h"

enum { MAX_SPARES = 1000000 };

static bool draws_by_numbers(const jh_draw *draw)
{
    return draw->kind != JH_DRAW_ALL && draw->kind != JH_DRAW_MONEY && draw->method != JH_METHOD_INTERVAL;
}

static jihe_status add_spare(jh_grid *grid, const jh_selection *selection, const char *rule, const char *stratum,
                             uint64_t order, const jh_pick *pick, jh_col_room *room, jihe_error *err)
{
    const uint64_t word = selection->pass.segments[pick->segment].word;
    const char *id;
    char number[24];
    uint32_t len;
    const jihe_status st = jh_pass_id(&selection->pass, pick->segment, pick->row, room, &id, &len, err);

    if (st != JIHE_OK)
        return st;
    snprintf(number, sizeof number, "%llu", (unsigned long long)pick->number);
    const jh_out_cell cells[] = {
        jh_cell_text(rule),   jh_cell_text(stratum),  jh_cell_uint(order),
        jh_cell_str(id, len), jh_cell_number(number), jh_cell_bool(jh_bits_test(selection->chosen + word, pick->row))};

    return jh_grid_add(grid, cells, err);
}

/* The same draw with larger quotas: a larger sample holds the smaller. */
static jihe_status list_rule(jh_grid *grid, const jh_run *run, const jh_selection *selection, size_t r, uint32_t count,
                             uint32_t threads, jihe_error *err)
{
    const jh_rule *rule = &run->rules[r];
    jh_strata more = selection->rules[r].strata;
    const jh_stratum *strata = more.strata;
    jh_picks picks = {0};
    jh_col_room room = {0};
    uint64_t taken = 0;

    more.strata = calloc(more.count + (size_t)1, sizeof *more.strata);
    if (more.strata == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "spares");
    for (uint32_t s = 0; s < more.count; s++) {
        const uint64_t left = strata[s].documents - strata[s].quota;

        more.strata[s] = strata[s];
        more.strata[s].quota += left < count ? left : count;
    }
    jihe_status st = jh_draw_select(&picks, &selection->pass, &selection->pass.frames[r], &more,
                                    jh_stream_key(run->seed, jh_stream_name(rule)), threads, err);

    for (size_t i = 0; st == JIHE_OK && i < picks.count; i++) {
        const uint32_t s = picks.picks[i].stratum;

        taken = i > 0 && picks.picks[i - 1].stratum == s ? taken + 1 : 1;
        if (taken > strata[s].quota)
            st = add_spare(grid, selection, rule->id, strata[s].label, taken - strata[s].quota, &picks.picks[i], &room,
                           err);
    }
    jh_col_room_deinit(&room);
    jh_picks_deinit(&picks);
    free(more.strata);
    return st;
}

static jihe_status list_spares(jh_grid *grid, const jihe_workspace *workspace, jh_recorded *recorded, uint32_t count,
                               jihe_error *err)
{
    jh_evaluation evaluation;
    jh_run again;
    jihe_status st =
        jh_reevaluate(&evaluation, &again, recorded->run, workspace, recorded->ledger, &recorded->arena, err);

    if (st != JIHE_OK)
        return st;
    for (size_t r = 0; st == JIHE_OK && r < again.rule_count; r++)
        if (draws_by_numbers(&again.rules[r].draw))
            st = list_rule(grid, &again, &evaluation.selection, r, count, workspace->threads, err);
    jh_evaluation_deinit(&evaluation);
    return st;
}

jihe_status jihe_spares(jihe_rows **out, jihe_workspace *workspace, const char *name, uint32_t count, jihe_error *err)
{
    static const jh_out_column columns[] = {{"rule", "规则"},       {"stratum", "层"},         {"order", "次序"},
                                            {"doc_id", "单据编号"}, {"draw_number", "抽签号"}, {"listed", "已在清单"}};
    jh_recorded recorded;
    jh_grid *grid = NULL;

    *out = NULL;
    if (count < 1 || count > MAX_SPARES)
        return jh_fail(err, JIHE_USAGE, "%u spares of each group; expected 1 to %d", count, MAX_SPARES);
    jihe_status st = jh_recorded_find(&recorded, workspace, name, false, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err)) == JIHE_OK)
        st = list_spares(grid, workspace, &recorded, count, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_recorded_deinit(&recorded);
    return st;
}
