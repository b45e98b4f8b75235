#include "api/emptied.h"

#include <stdio.h>
#include <string.h>

#include "base/days.h"
#include "snapshot/snapshot.h"

enum { EXPECTED = 10 }; /* values; fewer may be missing by chance */

/* Stops at the first value when `any` is all that is asked. */
static jihe_status count_present(const jh_snapshot *snapshot, size_t column, bool any, uint64_t *present)
{
    jihe_status st = JIHE_OK;

    *present = 0;
    for (uint32_t s = 0; s < jh_snapshot_segments(snapshot) && st == JIHE_OK && (!any || *present == 0); s++) {
        jh_col_view view;

        st = jh_snapshot_column(snapshot, s, column, NULL, &view, NULL);
        if (st == JIHE_OK)
            *present += view.rows - view.nulls;
    }
    return st;
}

static void note(jihe_ingest_summary *summary, const char *column, const jh_snapshot *now, const jh_snapshot *before,
                 uint64_t present)
{
    jihe_emptied_column *out = &summary->emptied[summary->emptied_count];

    if (summary->emptied_count == JIHE_EMPTIED_COLUMNS)
        return;
    summary->emptied_count++;
    snprintf(out->column, sizeof out->column, "%s", column);
    jh_days_text(jh_snapshot_manifest(now)->date, out->date);
    jh_days_text(jh_snapshot_manifest(before)->date, out->before);
    out->before_present = present;
    out->before_rows = jh_snapshot_manifest(before)->rows;
}

static void compare(jihe_ingest_summary *summary, const jh_snapshot *now, const jh_snapshot *before)
{
    const jh_schema *schema = jh_snapshot_schema(now), *old = jh_snapshot_schema(before);
    const uint64_t rows = jh_snapshot_manifest(now)->rows, old_rows = jh_snapshot_manifest(before)->rows;

    for (size_t c = 0; c < schema->count; c++) {
        const char *name = schema->columns[c].name;
        const size_t other = jh_schema_find(old, name, strlen(name));
        uint64_t present, old_present;

        if (other == SIZE_MAX || count_present(now, c, true, &present) != JIHE_OK || present > 0 ||
            count_present(before, other, false, &old_present) != JIHE_OK)
            continue;
        if ((jh_u128)old_present * rows >= (jh_u128)old_rows * EXPECTED && old_present > 0)
            note(summary, name, now, before, old_present);
    }
}

/* The last date before, or NULL. */
static const jh_catalogue_entry *find_before(const jh_catalogue *catalogue, int32_t date)
{
    const jh_catalogue_entry *before = NULL;

    for (size_t i = 0; i < catalogue->count && catalogue->entries[i].date < date; i++)
        if (catalogue->entries[i].latest)
            before = &catalogue->entries[i];
    return before;
}

static void look_at(jihe_ingest_summary *summary, const char *workspace, const jh_ingest_date *date,
                    const jh_catalogue_entry *entry)
{
    jh_snapshot *now = NULL, *before = NULL;

    if (jh_snapshot_open(&now, workspace, date->date, date->revision, NULL) == JIHE_OK &&
        jh_snapshot_open(&before, workspace, entry->date, entry->revision, NULL) == JIHE_OK)
        compare(summary, now, before);
    jh_snapshot_close(now);
    jh_snapshot_close(before);
}

void jh_emptied_find(jihe_ingest_summary *summary, const char *workspace, const jh_ingest_result *result)
{
    jh_catalogue catalogue = {0};

    if (jh_catalogue_load(&catalogue, workspace, NULL) == JIHE_OK)
        for (size_t i = 0; i < result->date_count; i++) {
            const jh_ingest_date *date = &result->dates[i];
            const jh_catalogue_entry *before = date->unchanged ? NULL : find_before(&catalogue, date->date);

            if (before != NULL && date->rows >= EXPECTED)
                look_at(summary, workspace, date, before);
        }
    jh_catalogue_deinit(&catalogue);
}
