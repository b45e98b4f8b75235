#include "api/verify_gone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "ledger/drops.h"
#include "ledger/runs.h"

/* A snapshot that a run used. */
struct used {
    const jh_run_snapshot *snapshot;
    const char *run;
};

static int order_used(const void *a, const void *b)
{
    const struct used *x = a, *y = b;

    if (x->snapshot->date != y->snapshot->date)
        return x->snapshot->date < y->snapshot->date ? -1 : 1;
    if (x->snapshot->revision != y->snapshot->revision)
        return x->snapshot->revision < y->snapshot->revision ? -1 : 1;
    const int digests = strcmp(x->snapshot->sha256, y->snapshot->sha256);

    return digests != 0 ? digests : strcmp(x->run, y->run);
}

static bool is_stored(const jh_catalogue *catalogue, const jh_run_snapshot *snapshot)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->entries[i].date == snapshot->date && catalogue->entries[i].revision == snapshot->revision)
            return true;
    return false;
}

static jihe_status add_gone(jh_grid *grid, const struct used *used, const jh_drop *drop, jihe_status *worst,
                            jihe_error *err)
{
    char date[16], name[40], detail[128];

    jh_days_text(used->snapshot->date, date);
    snprintf(name, sizeof name, "%s r%" PRIu32, date, used->snapshot->revision);
    if (drop != NULL)
        snprintf(detail, sizeof detail, "ledger event %" PRIu64 "%s", drop->sequence, drop->forced ? ", forced" : "");
    else
        snprintf(detail, sizeof detail, "it is gone, no drop is recorded, and run %s used it", used->run);
    const jh_out_cell cells[] = {jh_cell_text("snapshot"), jh_cell_text(name),
                                 jh_cell_text(drop != NULL ? "dropped" : "damaged"), jh_cell_text(detail)};

    if (drop == NULL)
        *worst = JIHE_CORRUPT;
    return jh_grid_add(grid, cells, err);
}

/* All that runs used, in order of date, revision and digest. */
static struct used *list_used(const jh_runs *runs, size_t *count, jh_arena *arena)
{
    size_t room = 1;

    for (size_t r = 0; r < runs->count; r++)
        room += runs->runs[r].snapshot_count + runs->runs[r].history_count;
    struct used *used = JH_NEW(arena, struct used, room);

    *count = 0;
    for (size_t r = 0; used != NULL && r < runs->count; r++) {
        const jh_run *run = &runs->runs[r];

        for (size_t i = 0; i < run->snapshot_count; i++)
            used[(*count)++] = (struct used){&run->snapshots[i], run->id};
        for (size_t i = 0; i < run->history_count; i++)
            used[(*count)++] = (struct used){&run->history[i], run->id};
    }
    if (used != NULL)
        qsort(used, *count, sizeof *used, order_used);
    return used;
}

static jihe_status add_all(jh_grid *grid, jh_ledger *ledger, const jh_catalogue *catalogue, jh_arena *arena,
                           jihe_status *worst, jihe_error *err)
{
    jh_runs runs;
    jh_drops drops;
    size_t count;
    jihe_status st;

    if ((st = jh_runs_load(&runs, ledger, arena, err)) != JIHE_OK ||
        (st = jh_drops_load(&drops, ledger, arena, err)) != JIHE_OK)
        return st;
    const struct used *used = list_used(&runs, &count, arena);

    if (used == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "checking what runs used");
    for (size_t i = 0; st == JIHE_OK && i < count; i++) {
        const jh_run_snapshot *snapshot = used[i].snapshot;
        const bool again = i > 0 && snapshot->date == used[i - 1].snapshot->date &&
                           snapshot->revision == used[i - 1].snapshot->revision &&
                           strcmp(snapshot->sha256, used[i - 1].snapshot->sha256) == 0;

        if (!again && !is_stored(catalogue, snapshot))
            st = add_gone(grid, &used[i], jh_drops_find(&drops, snapshot->date, snapshot->revision, snapshot->sha256),
                          worst, err);
    }
    return st;
}

jihe_status jh_verify_gone(jh_grid *grid, jh_ledger *ledger, const char *workspace, jihe_status *worst, jihe_error *err)
{
    jh_catalogue catalogue;
    jh_arena arena;
    jihe_status st = jh_catalogue_load(&catalogue, workspace, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    st = add_all(grid, ledger, &catalogue, &arena, worst, err);
    jh_arena_deinit(&arena);
    jh_catalogue_deinit(&catalogue);
    return st;
}
