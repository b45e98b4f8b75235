#include "jihe/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api/api_int.h"
#include "base/error.h"
#include "base/hash.h"

enum { SECRET_BYTES = 32 };

static const int64_t LAST_SECOND = INT64_C(253402300799); /* 9999-12-31 23:59:59 UTC */

char *jh_workspace_file(const char *workspace, const char *name)
{
    const size_t size = strlen(workspace) + 1 + strlen(name) + 1;
    char *path = malloc(size);

    if (path != NULL)
        snprintf(path, size, "%s/%s", workspace, name);
    return path;
}

int64_t jh_workspace_now(const jihe_workspace *workspace)
{
    return workspace->now >= 0 ? workspace->now : (int64_t)time(NULL);
}

int32_t jh_workspace_day(const jihe_workspace *workspace, int64_t at)
{
    static const int64_t last = 253402214400; /* 9999-12-31 */
    jh_clock clock;

    jh_zone_to_local(workspace->config.zone, (at < 0 ? 0 : at > last ? last : at) * 1000, &clock);
    return jh_days_from_civil(clock.date);
}

jihe_status jh_parse_date(const char *text, const char *what, int32_t *day, jihe_error *err)
{
    if (text == NULL || !jh_days_parse(text, strlen(text), day))
        return jh_fail(err, JIHE_USAGE, "%s: '%s' is not a date; write it like 2026-01-31", what,
                       text == NULL ? "" : text);
    return JIHE_OK;
}

jihe_status jh_parse_period(const char *from, const char *to, const char *what, int32_t *first, int32_t *last,
                            jihe_error *err)
{
    jihe_status st;

    if ((st = jh_parse_date(from, what, first, err)) != JIHE_OK || (st = jh_parse_date(to, what, last, err)) != JIHE_OK)
        return st;
    return *first <= *last ? JIHE_OK : jh_fail(err, JIHE_USAGE, "%s: %s is after %s", what, from, to);
}

jihe_status jh_workspace_rules(jh_rules *out, const jihe_workspace *workspace, jihe_error *err)
{
    char *path = jh_workspace_file(workspace->path, "rules");
    const jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "reading the rules") : jh_rules_load(out, path, err);

    free(path);
    return st;
}

/* --- init --- */

/* What init makes before jihe.yaml: an interrupted init leaves some of it, and the next one goes on from there. */
static bool is_begun(const char *name)
{
    static const char *const names[] = {".", "..", "rules", "snapshots", "ledger", "out", "jihe.yaml.part"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static jihe_status check_empty(const char *path, jihe_error *err)
{
    DIR *dir = opendir(path);
    const int failure = errno;
    bool empty = true;

    if (dir == NULL)
        return failure == ENOENT ? JIHE_OK : jh_fail_os(err, JIHE_CANNOT_CREATE, failure, "%s", path);
    for (const struct dirent *entry = readdir(dir); entry != NULL && empty; entry = readdir(dir))
        empty = is_begun(entry->d_name);
    closedir(dir);
    return empty ? JIHE_OK
                 : jh_fail(err, JIHE_CANNOT_CREATE, "%s is not empty; name a new directory for the workspace", path);
}

static jihe_status write_text(const char *workspace, const char *name, const char *text, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, name);
    jh_outfile *file;

    if (path == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "writing %s", name);
    jihe_status st = jh_outfile_open(&file, path, err);

    if (st == JIHE_OK) {
        jh_outfile_put(file, text, strlen(text));
        st = jh_outfile_commit(file, err);
    }
    free(path);
    return st;
}

static jihe_status make_dir(const char *workspace, const char *name, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, name);
    const jihe_status st = path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "making %s", name) : jh_file_mkdir(path, err);

    free(path);
    return st;
}

/* What dates' seeds are made from: 32 random bytes in hex, kept 0600 beside the ledger. */
static jihe_status write_secret(const char *workspace, jihe_error *err)
{
    uint8_t bytes[SECRET_BYTES];
    char text[2 * SECRET_BYTES + 2];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        const int failure = errno;

        return jh_fail_os(err, JIHE_IO, failure, "no random bytes for the workspace's secret");
    }
    jh_hex(bytes, sizeof bytes, text);
    strcat(text, "\n");
    return write_text(workspace, "ledger/secret", text, err);
}

/* One that is there stays: the seeds made from it must come again. */
static jihe_status make_secret(const char *workspace, jihe_error *err)
{
    char *path = jh_workspace_file(workspace, "ledger/secret");
    jihe_status st = JIHE_OK;

    if (path == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "making a secret");
    else if (!jh_file_exists(path))
        st = write_secret(workspace, err);
    free(path);
    return st;
}

jihe_status jihe_workspace_init(const char *path, jihe_error *err)
{
    jihe_status st;

    if (path == NULL || path[0] == '\0')
        return jh_fail(err, JIHE_USAGE, "init: name a directory");
    /* jihe.yaml is written last: a directory without it is not a workspace. */
    if ((st = check_empty(path, err)) != JIHE_OK || (st = jh_file_mkdir(path, err)) != JIHE_OK ||
        (st = make_dir(path, "rules", err)) != JIHE_OK || (st = make_dir(path, "snapshots", err)) != JIHE_OK ||
        (st = make_dir(path, "ledger", err)) != JIHE_OK || (st = make_dir(path, "out", err)) != JIHE_OK ||
        (st = make_secret(path, err)) != JIHE_OK || (st = jh_ledger_create(path, err)) != JIHE_OK ||
        (st = write_text(path, "jihe.yaml", jh_workspace_config_template(), err)) != JIHE_OK)
        return st == JIHE_CANNOT_CREATE ? st : jh_wrap(err, st, "making workspace %s", path);
    return JIHE_OK;
}

/* --- open, close --- */

static jihe_status check_private(const char *path, jihe_error *err)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        const int failure = errno;

        return failure == ENOENT || failure == ENOTDIR
                   ? jh_fail(err, JIHE_NO_INPUT, "no workspace at %s; 'jihe init %s' makes one", path, path)
                   : jh_fail_os(err, JIHE_IO, failure, "%s", path);
    }
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return jh_fail(err, JIHE_NOT_PERMITTED,
                       "%s can be written by others (mode %03o); 'chmod go-w %s' makes it safe", path,
                       (unsigned)info.st_mode & 0777u, path);
    return JIHE_OK;
}

static jihe_status load_config(jihe_workspace *workspace, jihe_error *err)
{
    char *yaml = jh_workspace_file(workspace->path, "jihe.yaml");
    jihe_status st =
        yaml == NULL ? jh_fail(err, JIHE_NO_MEMORY, "opening a workspace") : check_private(workspace->path, err);

    if (st == JIHE_OK && !jh_file_exists(yaml))
        st = jh_fail(err, JIHE_NO_INPUT, "no workspace at %s (it has no jihe.yaml); 'jihe init DIR' makes one",
                     workspace->path);
    if (st == JIHE_OK && (st = check_private(yaml, err)) == JIHE_OK)
        st = jh_workspace_config_load(&workspace->config, yaml, err);
    free(yaml);
    return st;
}

jihe_status jihe_workspace_open(jihe_workspace **out, const char *path, const jihe_workspace_options *options,
                                jihe_error *err)
{
    const jihe_workspace_options defaults = JIHE_WORKSPACE_OPTIONS_INIT;
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);

    *out = NULL;
    if (options == NULL)
        options = &defaults;
    if (path == NULL || options->size < sizeof *options || options->threads > 1024)
        return jh_fail(err, JIHE_USAGE,
                       "opening a workspace: no path, a wrong options size, or more than 1024 threads");
    if (options->now > LAST_SECOND)
        return jh_fail(err, JIHE_USAGE, "opening a workspace: the time to note, %lld, is after the year 9999",
                       (long long)options->now);
    jihe_workspace *workspace = calloc(1, sizeof *workspace);

    if (workspace == NULL || (workspace->path = strdup(path)) == NULL) {
        free(workspace);
        return jh_fail(err, JIHE_NO_MEMORY, "opening a workspace");
    }
    workspace->threads = options->threads != 0 ? options->threads : cores > 0 ? (uint32_t)cores : 1;
    workspace->now = options->now;
    const jihe_status st = load_config(workspace, err);

    if (st != JIHE_OK) {
        jihe_workspace_close(workspace);
        return st;
    }
    *out = workspace;
    return JIHE_OK;
}

void jihe_workspace_close(jihe_workspace *workspace)
{
    if (workspace == NULL)
        return;
    jh_workspace_config_deinit(&workspace->config);
    free(workspace->path);
    free(workspace);
}

const char *jihe_workspace_path(const jihe_workspace *workspace)
{
    return workspace->path;
}

jihe_status jh_workspace_lock(jh_lock *lock, const jihe_workspace *workspace, jihe_error *err)
{
    char *path = jh_workspace_file(workspace->path, "ledger/lock");
    const jihe_status st =
        path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "locking the workspace") : jh_lock_take(lock, path, err);

    free(path);
    return st;
}

jihe_status jh_writing_begin(jh_writing *out, const jihe_workspace *workspace, jihe_error *err)
{
    jihe_status st;

    out->lock.fd = -1;
    out->ledger = NULL;
    if ((st = jh_workspace_lock(&out->lock, workspace, err)) != JIHE_OK)
        return st;
    if ((st = jh_ledger_open(&out->ledger, workspace->path, 1, err)) != JIHE_OK)
        jh_writing_end(out);
    return st;
}

void jh_writing_end(jh_writing *writing)
{
    jh_ledger_close(writing->ledger);
    jh_lock_drop(&writing->lock);
}
