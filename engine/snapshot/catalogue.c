#include "snapshot/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/days.h"
#include "base/num.h"
#include "snapshot/places.h"

/* rN after `prefix`, without sign or leading zero; anything else, .building-rN above all, is not a snapshot. */
static bool revision_parse(const char *name, const char *prefix, uint32_t *out)
{
    uint64_t number;

    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return false;
    name += strlen(prefix);
    if (name[0] != 'r' || name[1] < '1' || name[1] > '9' || !jh_num_u64(name + 1, strlen(name + 1), &number) ||
        number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool is_directory(DIR *dir, const char *name)
{
    struct stat st;

    return fstatat(dirfd(dir), name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static bool append(jh_catalogue *catalogue, int32_t date, uint32_t revision)
{
    jh_catalogue_entry *grown = catalogue->entries;

    if ((catalogue->count & (catalogue->count - 1)) == 0) /* 0 or a power of two: full */
        grown = realloc(grown, (catalogue->count == 0 ? 1 : catalogue->count * 2) * sizeof *grown);
    if (grown == NULL)
        return false;
    catalogue->entries = grown;
    catalogue->entries[catalogue->count++] = (jh_catalogue_entry){date, revision, false};
    return true;
}

/* Calls visit for each entry of the directory; an absent directory has none. */
static jihe_status each_entry(const char *path, jihe_status (*visit)(void *, DIR *, const char *, jihe_error *),
                              void *context, jihe_error *err)
{
    DIR *dir = opendir(path);
    jihe_status st = JIHE_OK;
    int os_errno = dir == NULL ? errno : 0;

    if (dir == NULL)
        return os_errno == ENOENT ? JIHE_OK : jh_fail_os(err, JIHE_IO, os_errno, "opening directory '%s'", path);
    while (st == JIHE_OK) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(dir);
        if (entry == NULL) {
            os_errno = errno;
            break;
        }
        st = visit(context, dir, entry->d_name, err);
    }
    closedir(dir);
    return os_errno == 0 ? st : jh_fail_os(err, JIHE_IO, os_errno, "reading directory '%s'", path);
}

/* Where a scan of snapshots/ or of one date stands. */
struct scan {
    jh_catalogue *catalogue;
    const char *prefix; /* of the directories looked for: "" for sealed snapshots */
    const char *snapshots;
    int32_t date;
};

static jihe_status visit_revision(void *context, DIR *dir, const char *name, jihe_error *err)
{
    const struct scan *scan = context;
    uint32_t revision;

    if (!revision_parse(name, scan->prefix, &revision) || !is_directory(dir, name))
        return JIHE_OK;
    if (!append(scan->catalogue, scan->date, revision))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a list of %zu snapshots", scan->catalogue->count);
    return JIHE_OK;
}

static jihe_status visit_date(void *context, DIR *dir, const char *name, jihe_error *err)
{
    struct scan *scan = context;
    jh_buf path = {0};
    jihe_status st;

    if (!jh_days_parse(name, strlen(name), &scan->date) || !is_directory(dir, name))
        return JIHE_OK;
    jh_buf_printf(&path, "%s/%s", scan->snapshots, name);
    st = path.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory for a path")
                     : each_entry(jh_buf_text(&path), visit_revision, scan, err);
    jh_buf_deinit(&path);
    return st;
}

static int by_date_and_revision(const void *a, const void *b)
{
    const jh_catalogue_entry *left = a, *right = b;

    if (left->date != right->date)
        return left->date < right->date ? -1 : 1;
    return (left->revision > right->revision) - (left->revision < right->revision);
}

static jihe_status load(jh_catalogue *catalogue, const char *workspace, const char *prefix, jihe_error *err)
{
    jh_buf path = {0};
    struct scan scan = {catalogue, prefix, NULL, 0};
    jihe_status st;

    *catalogue = (jh_catalogue){0};
    jh_buf_printf(&path, "%s/snapshots", workspace);
    scan.snapshots = jh_buf_text(&path);
    st = path.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory for a path")
                     : each_entry(scan.snapshots, visit_date, &scan, err);
    jh_buf_deinit(&path);
    if (st != JIHE_OK) {
        jh_catalogue_deinit(catalogue);
        return st;
    }
    if (catalogue->count != 0)
        qsort(catalogue->entries, catalogue->count, sizeof *catalogue->entries, by_date_and_revision);
    for (size_t i = 0; i < catalogue->count; i++)
        catalogue->entries[i].latest =
            i + 1 == catalogue->count || catalogue->entries[i].date != catalogue->entries[i + 1].date;
    return JIHE_OK;
}

jihe_status jh_catalogue_load(jh_catalogue *catalogue, const char *workspace, jihe_error *err)
{
    return load(catalogue, workspace, "", err);
}

jihe_status jh_catalogue_dropped(jh_catalogue *catalogue, const char *workspace, jihe_error *err)
{
    return load(catalogue, workspace, ".dropped-", err);
}

void jh_catalogue_deinit(jh_catalogue *catalogue)
{
    free(catalogue->entries);
    *catalogue = (jh_catalogue){0};
}

jihe_status jh_catalogue_latest(const char *workspace, int32_t date, uint32_t *revision, jihe_error *err)
{
    jh_catalogue found = {0};
    struct scan scan = {&found, "", NULL, date};
    jh_places places;
    jihe_status st;

    *revision = 0;
    if ((st = jh_places_init(&places, workspace, date, 1, err)) != JIHE_OK)
        return st;
    st = each_entry(places.date, visit_revision, &scan, err);
    for (size_t i = 0; i < found.count; i++)
        *revision = found.entries[i].revision > *revision ? found.entries[i].revision : *revision;
    if (st == JIHE_OK && *revision == 0)
        st = jh_fail(err, JIHE_NOT_FOUND, "no snapshot in '%s'; ingest that date first", places.date);
    jh_catalogue_deinit(&found);
    jh_places_deinit(&places);
    return st;
}
