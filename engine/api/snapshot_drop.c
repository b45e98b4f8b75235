#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "base/days.h"
#include "base/error.h"
#include "jihe/snapshot.h"
#include "ledger/drops.h"
#include "ledger/runs.h"
#include "snapshot/removal.h"

/* One command that takes snapshots away. */
struct dropping {
    const jihe_workspace *workspace;
    jh_writing writing;
    jh_arena arena; /* the runs */
    jh_runs runs;
    const char **referring; /* room for every run's id */
    jh_grid *grid;
};

static jihe_status begin(struct dropping *drop, const jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {
        {"date", "业务日期"}, {"revision", "版本"}, {"outcome", "结果"}, {"runs", "引用的运行"}, {"sha256", "摘要"}};
    jihe_status st;

    *drop = (struct dropping){.workspace = workspace};
    jh_arena_init(&drop->arena, 0);
    if ((st = jh_writing_begin(&drop->writing, workspace, err)) != JIHE_OK ||
        (st = jh_runs_load(&drop->runs, drop->writing.ledger, &drop->arena, err)) != JIHE_OK ||
        (st = jh_grid_new(&drop->grid, columns, sizeof columns / sizeof columns[0], err)) != JIHE_OK)
        return st;
    drop->referring = JH_NEW(&drop->arena, const char *, drop->runs.count + 1);
    return drop->referring == NULL ? jh_fail(err, JIHE_NO_MEMORY, "dropping snapshots") : JIHE_OK;
}

/* What was done comes out as rows; nothing does after a failure. */
static jihe_status end(struct dropping *drop, jihe_rows **out, jihe_status st, jihe_error *err)
{
    if (drop->grid != NULL)
        st = jh_grid_publish(out, drop->grid, st, err);
    jh_arena_deinit(&drop->arena);
    jh_writing_end(&drop->writing);
    return st;
}

static jihe_status add_row(struct dropping *drop, const jh_drop *what, const char *outcome, jihe_error *err)
{
    char date[16];
    jh_buf runs = {0};
    jihe_status st;

    jh_days_text(what->date, date);
    for (size_t i = 0; i < what->run_count; i++)
        jh_buf_printf(&runs, "%s%s", i == 0 ? "" : "\x1F", what->runs[i]);
    const jh_out_cell list = {.kind = JH_CELL_LIST, .text = jh_buf_text(&runs), .len = runs.len};
    const jh_out_cell cells[] = {jh_cell_text(date), jh_cell_uint(what->revision), jh_cell_text(outcome), list,
                                 what->sha256[0] == '\0' ? jh_cell_none() : jh_cell_text(what->sha256)};

    st = runs.failed ? jh_fail(err, JIHE_NO_MEMORY, "dropping snapshots") : jh_grid_add(drop->grid, cells, err);
    jh_buf_deinit(&runs);
    return st;
}

static bool names(const jh_run_snapshot *snapshots, size_t count, const jh_drop *what)
{
    for (size_t i = 0; i < count; i++)
        if (snapshots[i].date == what->date && snapshots[i].revision == what->revision &&
            (what->sha256[0] == '\0' || strcmp(snapshots[i].sha256, what->sha256) == 0))
            return true;
    return false;
}

/* The runs that looked at the snapshot, or whose flags read its tallies. */
static void find_referring(struct dropping *drop, jh_drop *what)
{
    what->runs = drop->referring;
    for (size_t r = 0; r < drop->runs.count; r++) {
        const jh_run *run = &drop->runs.runs[r];

        if (names(run->snapshots, run->snapshot_count, what) || names(run->history, run->history_count, what))
            drop->referring[what->run_count++] = run->id;
    }
}

/* The digest of the snapshot; one that is damaged can only be dropped by force, and has none. */
static jihe_status read_digest(const struct dropping *drop, const jh_drop *what, bool force, char sha256[65],
                               jihe_error *err)
{
    jh_snapshot *snapshot;
    const jihe_status st = jh_snapshot_open(&snapshot, drop->workspace->path, what->date, what->revision, err);

    sha256[0] = '\0';
    if (st == JIHE_CORRUPT && force)
        return JIHE_OK;
    if (st != JIHE_OK)
        return st;
    memcpy(sha256, jh_snapshot_manifest(snapshot)->sha256, 65);
    jh_snapshot_close(snapshot);
    return JIHE_OK;
}

/* Records, then removes. `policy`: what runs refer to is kept without a word of failure. */
static jihe_status drop_one(struct dropping *drop, int32_t date, uint32_t revision, bool force, bool policy,
                            jihe_error *err)
{
    const char *workspace = drop->workspace->path;
    char sha256[65], day[16];
    jh_drop what = {.date = date, .revision = revision, .sha256 = sha256};
    jihe_status st = read_digest(drop, &what, force, sha256, err);

    if (st != JIHE_OK)
        return st;
    find_referring(drop, &what);
    if (what.run_count > 0 && policy)
        return add_row(drop, &what, "kept", err);
    jh_days_text(date, day);
    if (what.run_count > 0 && !force)
        return jh_fail(
            err, JIHE_NOT_PERMITTED,
            "%zu recorded run%s to the snapshot of %s r%u, %s among them; without it no replay and no work list can "
            "be made of such a run; --force drops it all the same",
            what.run_count, what.run_count == 1 ? " refers" : "s refer", day, revision, what.runs[what.run_count - 1]);
    what.forced = force && what.run_count > 0;
    if ((st = jh_drop_save(drop->writing.ledger, &what, jh_workspace_now(drop->workspace), err)) != JIHE_OK ||
        (st = jh_removal_begin(workspace, date, revision, err)) != JIHE_OK ||
        (st = jh_removal_finish(workspace, date, revision, err)) != JIHE_OK)
        return jh_wrap(err, st, "dropping the snapshot of %s r%u", day, revision);
    return add_row(drop, &what, "dropped", err);
}

/* Deletes what interrupted drops have left. *done: the snapshot asked for (revision 0: one of that date) was among it.
 */
static jihe_status finish_pending(struct dropping *drop, int32_t date, uint32_t revision, bool *done, jihe_error *err)
{
    jh_catalogue pending;
    jihe_status st = jh_catalogue_dropped(&pending, drop->workspace->path, err);

    *done = false;
    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < pending.count; i++) {
        const jh_catalogue_entry *entry = &pending.entries[i];
        const jh_drop what = {.date = entry->date, .revision = entry->revision, .sha256 = ""};

        if ((st = jh_removal_finish(drop->workspace->path, entry->date, entry->revision, err)) == JIHE_OK)
            st = add_row(drop, &what, "finished", err);
        *done = *done || (entry->date == date && (revision == 0 || revision == entry->revision));
    }
    jh_catalogue_deinit(&pending);
    return st;
}

static bool is_sealed(const struct dropping *drop, int32_t date, uint32_t revision)
{
    jh_catalogue catalogue;
    bool found = false;

    if (jh_catalogue_load(&catalogue, drop->workspace->path, NULL) != JIHE_OK)
        return true; /* the drop itself will say why */
    for (size_t i = 0; i < catalogue.count && !found; i++)
        found = catalogue.entries[i].date == date && catalogue.entries[i].revision == revision;
    jh_catalogue_deinit(&catalogue);
    return found;
}

jihe_status jihe_snapshot_drop(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                               int force, jihe_error *err)
{
    struct dropping drop;
    bool done = false;
    int32_t day;

    *out = NULL;
    jihe_status st = jh_parse_date(date, "snapshot", &day, err);

    if (st != JIHE_OK)
        return st;
    if ((st = begin(&drop, workspace, err)) == JIHE_OK)
        st = finish_pending(&drop, day, revision, &done, err);
    /* A drop of "the latest" that was interrupted and is called again must not take the next one as well. */
    if (st == JIHE_OK && !(done && (revision == 0 || !is_sealed(&drop, day, revision)))) {
        if (revision == 0)
            st = jh_catalogue_latest(workspace->path, day, &revision, err);
        if (st == JIHE_OK)
            st = drop_one(&drop, day, revision, force != 0, false, err);
    }
    return end(&drop, out, st, err);
}

jihe_status jihe_snapshot_drop_old(jihe_rows **out, jihe_workspace *workspace, const char *as_of, jihe_error *err)
{
    const int64_t keep = workspace->config.keep_days;
    jh_catalogue catalogue = {0};
    struct dropping drop;
    bool done;
    int32_t day;

    *out = NULL;
    jihe_status st = jh_parse_date(as_of, "as of", &day, err);

    if (st != JIHE_OK)
        return st;
    if (keep == 0)
        return jh_fail(err, JIHE_CONFIG,
                       "%s/jihe.yaml does not say how long snapshots are kept; add a line like keep: 400 days",
                       workspace->path);
    if ((st = begin(&drop, workspace, err)) == JIHE_OK && (st = finish_pending(&drop, day, 0, &done, err)) == JIHE_OK)
        st = jh_catalogue_load(&catalogue, workspace->path, err);
    for (size_t i = 0; st == JIHE_OK && i < catalogue.count; i++)
        if ((int64_t)day - catalogue.entries[i].date > keep)
            st = drop_one(&drop, catalogue.entries[i].date, catalogue.entries[i].revision, false, true, err);
    jh_catalogue_deinit(&catalogue);
    return end(&drop, out, st, err);
}
