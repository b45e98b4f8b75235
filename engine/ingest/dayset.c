#include "ingest/dayset.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/text.h"
#include "ingest/convert.h"
#include "ingest/numbering.h"

typedef struct jh_day {
    int32_t date;
    uint32_t sealed; /* the latest sealed revision, 0 for none */
    bool unchanged;  /* it has the same content */
    jh_writer *writer;
    jh_numbering numbering;
} jh_day;

jihe_status jh_dayset_init(jh_dayset *set, const char *workspace, const jh_workspace_config *config, jihe_error *err)
{
    *set = (jh_dayset){.workspace = workspace, .config = config};
    return jh_catalogue_load(&set->sealed, workspace, err);
}

void jh_dayset_deinit(jh_dayset *set)
{
    for (size_t i = 0; i < set->count; i++) {
        jh_writer_free(set->days[i].writer);
        jh_numbering_deinit(&set->days[i].numbering);
    }
    free(set->days);
    jh_catalogue_deinit(&set->sealed);
    *set = (jh_dayset){0};
}

/* The latest sealed revision of a date, 0 for none. */
static uint32_t sealed_revision(const jh_dayset *set, int32_t date)
{
    for (size_t i = 0; i < set->sealed.count; i++)
        if (set->sealed.entries[i].date == date && set->sealed.entries[i].latest)
            return set->sealed.entries[i].revision;
    return 0;
}

/* Index of the first day that is not before `date`. */
static size_t find_day(const jh_dayset *set, int32_t date)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (set->days[middle].date < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static jihe_status insert_day(jh_dayset *set, size_t at, int32_t date, jihe_error *err)
{
    jh_day day = {.date = date, .sealed = sealed_revision(set, date)};
    jihe_status st;

    if (set->count == JH_INGEST_MAX_DATES)
        return jh_fail(
            err, JIHE_DATA,
            "the rows have more than %d business dates; check the column and format of `role: business_date`, "
            "or ingest the extract in parts",
            JH_INGEST_MAX_DATES);
    if (set->count == set->room) {
        const size_t room = set->room == 0 ? 32 : set->room * 2;
        jh_day *days = realloc(set->days, room * sizeof *days);
        if (days == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "%zu business dates", room);
        set->days = days;
        set->room = room;
    }
    /* Where the date is sealed already this is its next revision, or only compared: data.mdb does not say which it is.
     */
    st = jh_writer_new(&day.writer, set->workspace, date, day.sealed + 1, &set->config->schema, err);
    if (st != JIHE_OK)
        return st;
    memmove(set->days + at + 1, set->days + at, (set->count - at) * sizeof *set->days);
    set->days[at] = day;
    set->count++;
    return JIHE_OK;
}

jihe_status jh_dayset_open(jh_dayset *set, int32_t date, jihe_error *err)
{
    if (set->last < set->count && set->days[set->last].date == date)
        return JIHE_OK;
    set->last = find_day(set, date);
    if (set->last < set->count && set->days[set->last].date == date)
        return JIHE_OK;
    return insert_day(set, set->last, date, err);
}

static void reject_duplicate(const jh_cell *id, jh_reject *why)
{
    char quoted[96];

    jh_text_quote(id->text, id->len, quoted, sizeof quoted);
    jh_reject_say(why, "duplicate-id", "document '%s' is there already; declare `duplicates: number` to keep both",
                  quoted);
}

/* A document whose id is taken gets a numbered one. */
static jihe_status add_numbered(jh_day *day, const jh_schema *schema, const jh_cell *cells, bool *stored,
                                jh_reject *why, jihe_error *err)
{
    jh_cell numbered[JH_MAX_COLUMNS];
    char id[JH_ID_MAX];
    uint32_t len = 0;
    jihe_status st;

    st = jh_numbering_next(&day->numbering, day->writer, cells[schema->id].text, cells[schema->id].len, id, &len, err);
    if (st != JIHE_OK)
        return st;
    if (len == 0) {
        jh_reject_say(why, "id-too-long", "the id occurs again and is too long to be numbered (%d bytes)", JH_ID_MAX);
        return JIHE_OK;
    }
    memcpy(numbered, cells, schema->count * sizeof *cells);
    numbered[schema->id].text = id;
    numbered[schema->id].len = len;
    st = jh_writer_add(day->writer, numbered, err);
    *stored = st == JIHE_OK;
    return st;
}

jihe_status jh_dayset_add(jh_dayset *set, int32_t date, const jh_cell *cells, bool *stored, jh_reject *why,
                          jihe_error *err)
{
    const jh_schema *schema = &set->config->schema;
    const jh_cell *id = &cells[schema->id];
    bool taken = false;
    jh_day *day;
    jihe_status st;

    *stored = false;
    if ((st = jh_dayset_open(set, date, err)) != JIHE_OK)
        return st;
    day = &set->days[set->last];
    if ((st = jh_writer_has(day->writer, id->text, id->len, &taken, err)) != JIHE_OK)
        return st;
    if (taken && set->config->duplicates == JH_DUPLICATES_NUMBER)
        return add_numbered(day, schema, cells, stored, why, err);
    if (taken) {
        reject_duplicate(id, why);
        return JIHE_OK;
    }
    st = jh_writer_add(day->writer, cells, err);
    *stored = st == JIHE_OK;
    return st;
}

jh_i128 jh_dayset_total(const jh_dayset *set, const char *column)
{
    jh_i128 total = 0;

    for (size_t i = 0; i < set->count; i++) {
        const jh_manifest *manifest = jh_writer_manifest(set->days[i].writer);

        for (size_t t = 0; t < manifest->total_count; t++)
            if (strcmp(manifest->totals[t].column, column) == 0)
                total += manifest->totals[t].minor;
    }
    return total;
}

/* Compares a sealed, unpublished snapshot with the stored one of its date, if there is one. */
static jihe_status compare_sealed(const jh_dayset *set, jh_day *day, jihe_error *err)
{
    jh_snapshot *stored = NULL;
    char date_text[16];
    jihe_status st;

    if (day->sealed == 0)
        return JIHE_OK;
    if ((st = jh_snapshot_open(&stored, set->workspace, day->date, day->sealed, err)) != JIHE_OK)
        return st;
    day->unchanged = strcmp(jh_snapshot_manifest(stored)->sha256, jh_writer_manifest(day->writer)->sha256) == 0;
    if (!day->unchanged && !set->revise) {
        jh_days_text(day->date, date_text);
        st = jh_fail(err, JIHE_DATA,
                     "%s is already sealed with other content (r%" PRIu32 ", sha256 %.12s...; this is %.12s...); "
                     "to keep that and store this as r%" PRIu32 ", say --revise",
                     date_text, day->sealed, jh_snapshot_manifest(stored)->sha256,
                     jh_writer_manifest(day->writer)->sha256, day->sealed + 1);
    }
    jh_snapshot_close(stored);
    return st;
}

jihe_status jh_dayset_seal(jh_dayset *set, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < set->count && st == JIHE_OK; i++)
        st = jh_writer_seal(set->days[i].writer, err);
    for (size_t i = 0; i < set->count && st == JIHE_OK; i++)
        st = compare_sealed(set, &set->days[i], err);
    return st;
}

jihe_status jh_dayset_publish(jh_dayset *set, jh_ingest_date **dates, size_t *count, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *count = 0;
    *dates = calloc(set->count + 1, sizeof **dates);
    if (*dates == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "publishing %zu dates", set->count);
    for (size_t i = 0; i < set->count && st == JIHE_OK; i++) {
        const jh_day *day = &set->days[i];
        const jh_manifest *manifest = jh_writer_manifest(day->writer);
        jh_ingest_date *out = &(*dates)[*count];

        *out = (jh_ingest_date){.date = day->date, .rows = manifest->rows, .unchanged = day->unchanged};
        out->revision = day->unchanged ? day->sealed : manifest->revision;
        memcpy(out->sha256, manifest->sha256, sizeof out->sha256);
        if (!day->unchanged)
            st = jh_writer_publish(day->writer, err);
        *count += st == JIHE_OK;
    }
    return st;
}
