#include "ingest/dayset.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/hash.h"
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

jihe_status jh_dayset_expect(jh_dayset *set, int32_t date, uint64_t rows, jihe_error *err)
{
    const jihe_status st = jh_dayset_open(set, date, err);

    return st == JIHE_OK ? jh_writer_expect(set->days[set->last].writer, rows, err) : st;
}

static void reject_duplicate(const jh_piece *id, jh_reject *why)
{
    char quoted[96];

    jh_text_quote(id->text, id->len, quoted, sizeof quoted);
    jh_reject_say(why, "duplicate-id", "document '%s' is there already; declare `duplicates: number` to keep both",
                  quoted);
}

/* A document whose id is taken gets a numbered one. */
static jihe_status add_numbered(jh_day *day, const jh_schema *schema, jh_batch *batch, uint32_t row, uint32_t *added,
                                jh_reject *why, jihe_error *err)
{
    jh_piece *id = &batch->columns[schema->id].pieces[row];
    const jh_piece given = *id;
    char numbered[JH_ID_MAX];
    uint32_t len = 0;
    jihe_status st;

    *added = 0;
    st = jh_numbering_next(&day->numbering, day->writer, given.text, given.len, numbered, &len, err);

    if (st != JIHE_OK)
        return st;
    if (len == 0) {
        jh_reject_say(why, "id-too-long", "the id occurs again and is too long to be numbered (%d bytes)", JH_ID_MAX);
        return JIHE_OK;
    }
    *id = (jh_piece){numbered, len};
    batch->hashes[row] = jh_hash64(numbered, len);
    st = jh_writer_append(day->writer, batch, &row, 1, added, err);
    *id = given;
    return st;
}

jihe_status jh_dayset_add(jh_dayset *set, int32_t date, jh_batch *batch, const uint32_t *rows, uint32_t count,
                          uint32_t *added, jh_reject *why, jihe_error *err)
{
    const jh_schema *schema = &set->config->schema;
    jihe_status st = jh_dayset_open(set, date, err);

    *added = 0;
    while (st == JIHE_OK && *added < count) {
        jh_day *day = &set->days[set->last];
        uint32_t more = 0;

        st = jh_writer_append(day->writer, batch, rows + *added, count - *added, &more, err);
        *added += more;
        if (st != JIHE_OK || *added == count)
            break;
        if (set->config->duplicates != JH_DUPLICATES_NUMBER) {
            reject_duplicate(&batch->columns[schema->id].pieces[rows[*added]], why);
            break;
        }
        if ((st = add_numbered(day, schema, batch, rows[*added], &more, why, err)) != JIHE_OK || more == 0)
            break;
        *added += more;
    }
    return st;
}

jh_segment_build *jh_dayset_take(jh_dayset *set, jh_writer **writer)
{
    for (size_t i = 0; i < set->count; i++) {
        jh_segment_build *build = jh_writer_take(set->days[i].writer);

        if (build == NULL)
            continue;
        *writer = set->days[i].writer;
        return build;
    }
    return NULL;
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
    jh_days_text(day->date, date_text);
    if (!set->revise && jh_snapshot_manifest(stored)->format != jh_writer_manifest(day->writer)->format)
        st = jh_fail(
            err, JIHE_DATA,
            "%s is already sealed in format %" PRIu32 " (r%" PRIu32 "), which an earlier jihe wrote: its bytes "
            "cannot be compared with format %" PRIu32 "; to keep that and store this as r%" PRIu32 ", say --revise",
            date_text, jh_snapshot_manifest(stored)->format, day->sealed, jh_writer_manifest(day->writer)->format,
            day->sealed + 1);
    else if (!day->unchanged && !set->revise)
        st = jh_fail(err, JIHE_DATA,
                     "%s is already sealed with other content (r%" PRIu32 ", sha256 %.12s...; this is %.12s...); "
                     "to keep that and store this as r%" PRIu32 ", say --revise",
                     date_text, day->sealed, jh_snapshot_manifest(stored)->sha256,
                     jh_writer_manifest(day->writer)->sha256, day->sealed + 1);
    jh_snapshot_close(stored);
    return st;
}

jihe_status jh_dayset_seal(jh_dayset *set, uint32_t threads, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t i = 0; i < set->count && st == JIHE_OK; i++) {
        jh_writer_set_threads(set->days[i].writer, threads);
        st = jh_writer_seal(set->days[i].writer, err);
    }
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
