#include <stdio.h>

#include "api/evaluation.h"
#include "api/verify_gone.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/workspace.h"
#include "ledger/drops.h"
#include "ledger/runs.h"

/* jihe_verify: the ledger's chain, the hits of every run, every snapshot. */

static jihe_status add_verdict(jh_grid *grid, const char *what, const char *name, jihe_status st,
                               const jihe_error *trouble, jihe_status *worst, jihe_error *err)
{
    if (st != JIHE_OK && st != JIHE_CORRUPT && st != JIHE_NOT_FOUND) { /* the check itself could not be made */
        if (err != NULL)
            *err = *trouble;
        return st;
    }
    const jh_out_cell cells[] = {jh_cell_text(what), jh_cell_text(name), jh_cell_text(st == JIHE_OK ? "ok" : "damaged"),
                                 jh_cell_text(st == JIHE_OK ? "" : trouble->message)};

    if (st != JIHE_OK)
        *worst = JIHE_CORRUPT;
    return jh_grid_add(grid, cells, err);
}

/* Is what lies under the name of a snapshot that a run used still that snapshot? One that is gone is jh_verify_gone's
 * business, and so is one that was dropped and whose number serves another now. */
static jihe_status verify_used(const char *workspace, const jh_run_snapshot *used, const jh_drops *drops,
                               jihe_error *err)
{
    jh_snapshot **opened = NULL;
    const jihe_status st = jh_open_snapshots(&opened, workspace, used, 1, err);

    jh_close_snapshots(opened, 1);
    if (st == JIHE_DIFFERS)
        return jh_drops_find(drops, used->date, used->revision, used->sha256) != NULL ? JIHE_OK : JIHE_CORRUPT;
    return st == JIHE_NOT_FOUND || st == JIHE_NO_INPUT ? JIHE_OK : st;
}

/* The lists and calendars that a run kept. */
static jihe_status verify_kept(const char *workspace, const jh_run *run, jihe_error *err)
{
    jh_workspace_facts facts;
    const jihe_status st = jh_run_facts_load(&facts, run, workspace, NULL, NULL, err);

    jh_workspace_facts_deinit(&facts);
    return st == JIHE_DIFFERS ? JIHE_CORRUPT : st;
}

/* The hits and flags as recorded, and under them the very snapshots that they were drawn from. */
static jihe_status verify_run(jh_ledger *ledger, const char *workspace, const jh_run *run, const jh_drops *drops,
                              jihe_error *err)
{
    jh_run_flags flags = {0};
    jh_hits hits = {0};
    jihe_status st = jh_run_hits(&hits, ledger, run, err);

    jh_hits_deinit(&hits);
    if (st == JIHE_OK && run->keeps_flags)
        st = jh_run_flags_load(&flags, ledger, run, SIZE_MAX, err);
    jh_run_flags_deinit(&flags);
    for (size_t i = 0; st == JIHE_OK && i < run->snapshot_count; i++)
        st = verify_used(workspace, &run->snapshots[i], drops, err);
    return st == JIHE_OK ? verify_kept(workspace, run, err) : st;
}

static jihe_status verify_each(jh_grid *grid, jh_ledger *ledger, const char *workspace, const jh_runs *runs,
                               const jh_drops *drops, jihe_status *worst, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; st == JIHE_OK && i < runs->count; i++) {
        jihe_error trouble = {0};
        const jihe_status verdict = verify_run(ledger, workspace, &runs->runs[i], drops, &trouble);

        st = add_verdict(grid, "run", runs->runs[i].id, verdict, &trouble, worst, err);
    }
    return st;
}

/* *readable: the runs and drops could be read at all; otherwise a row says what could not. */
static jihe_status verify_runs(jh_grid *grid, jh_ledger *ledger, const char *workspace, bool *readable,
                               jihe_status *worst, jihe_error *err)
{
    jihe_error trouble = {0};
    jh_arena arena;
    jh_drops drops;
    jh_runs runs;

    jh_arena_init(&arena, 0);
    jihe_status st = jh_runs_load(&runs, ledger, &arena, &trouble);

    if (st == JIHE_OK)
        st = jh_drops_load(&drops, ledger, &arena, &trouble);
    *readable = st == JIHE_OK;
    st = *readable ? verify_each(grid, ledger, workspace, &runs, &drops, worst, err)
                   : add_verdict(grid, "ledger", "runs and drops", st, &trouble, worst, err);
    jh_arena_deinit(&arena);
    return st;
}

static jihe_status verify_ledger(jh_grid *grid, const char *workspace, jihe_status *worst, jihe_error *err)
{
    jihe_error trouble = {0};
    jh_ledger *ledger = NULL;
    bool readable = false;
    jihe_status verdict = jh_ledger_open(&ledger, workspace, 0, &trouble);

    if (verdict == JIHE_OK)
        verdict = jh_ledger_verify(ledger, &trouble);
    jihe_status st = add_verdict(grid, "ledger", "chain and anchor", verdict, &trouble, worst, err);

    if (st == JIHE_OK && verdict == JIHE_OK)
        st = verify_runs(grid, ledger, workspace, &readable, worst, err);
    if (st == JIHE_OK && readable)
        st = jh_verify_gone(grid, ledger, workspace, worst, err);
    jh_ledger_close(ledger);
    return st;
}

static jihe_status verify_snapshots(jh_grid *grid, const char *workspace, jihe_status *worst, jihe_error *err)
{
    jh_catalogue catalogue;
    jihe_status st = jh_catalogue_load(&catalogue, workspace, err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < catalogue.count; i++) {
        jihe_error trouble = {0};
        jh_snapshot *snapshot = NULL;
        char date[16], name[40];

        jh_days_text(catalogue.entries[i].date, date);
        snprintf(name, sizeof name, "%s r%u", date, catalogue.entries[i].revision);
        jihe_status verdict =
            jh_snapshot_open(&snapshot, workspace, catalogue.entries[i].date, catalogue.entries[i].revision, &trouble);

        if (verdict == JIHE_OK)
            verdict = jh_snapshot_verify(snapshot, &trouble);
        jh_snapshot_close(snapshot);
        st = add_verdict(grid, "snapshot", name, verdict, &trouble, worst, err);
    }
    jh_catalogue_deinit(&catalogue);
    return st;
}

jihe_status jihe_verify(jihe_rows **report, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"what", "对象"}, {"name", "名称"}, {"result", "结果"}, {"detail", "说明"}};
    jihe_status worst = JIHE_OK;
    jh_grid *grid;
    jihe_status st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);

    *report = NULL;
    if (st != JIHE_OK)
        return st;
    if ((st = verify_ledger(grid, workspace->path, &worst, err)) == JIHE_OK)
        st = verify_snapshots(grid, workspace->path, &worst, err);
    if ((st = jh_grid_publish(report, grid, st, err)) != JIHE_OK)
        return st;
    return worst == JIHE_OK
               ? JIHE_OK
               : jh_fail(err, worst, "stored data fails its checks; the report names what; keep the evidence");
}
