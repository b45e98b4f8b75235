#include "api/workspace_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"

static bool person_since(const void *context, const char *person, size_t len, int32_t day, int32_t *first)
{
    return jh_roster_since(context, person, len, day, first);
}

static void settle(jh_workspace_facts *facts, const jh_zone *zone, const jh_roster *roster)
{
    facts->facts = (jh_facts){.zone = zone, .lists = &facts->lists, .calendar = &facts->calendar};
    if (roster != NULL && roster->sequence != 0)
        facts->facts.people = (jh_people){roster, person_since};
}

jihe_status jh_workspace_facts_load(jh_workspace_facts *out, const char *workspace, const jh_zone *zone,
                                    const jh_roster *roster, jihe_error *err)
{
    jihe_status st;

    *out = (jh_workspace_facts){0};
    if ((st = jh_value_lists_load(&out->lists, workspace, err)) != JIHE_OK ||
        (st = jh_calendar_load(&out->calendar, workspace, err)) != JIHE_OK) {
        jh_workspace_facts_deinit(out);
        return st;
    }
    settle(out, zone, roster);
    return JIHE_OK;
}

void jh_workspace_facts_deinit(jh_workspace_facts *facts)
{
    jh_value_lists_deinit(&facts->lists);
    jh_calendar_deinit(&facts->calendar);
    *facts = (jh_workspace_facts){0};
}

/* --- kept files --- */

/* WORKSPACE/ledger/kept/SHA256, or the directory for NULL. */
static char *kept_path(const char *workspace, const char *sha256)
{
    char name[96];

    snprintf(name, sizeof name, "ledger/kept%s%s", sha256 != NULL ? "/" : "", sha256 != NULL ? sha256 : "");
    return jh_workspace_file(workspace, name);
}

static jihe_status read_kept(const char *workspace, const jh_run_file *file, jh_buf *bytes, jihe_error *err)
{
    char *path = kept_path(workspace, file->sha256), hex[65];
    uint8_t sum[32];
    jihe_status st = path == NULL ? jh_fail(err, JIHE_NO_MEMORY, "reading what a run has kept")
                                  : jh_file_read(path, JH_MAX_LIST_BYTES, bytes, err);

    if (st == JIHE_NO_INPUT)
        st = jh_fail(err, JIHE_NOT_FOUND, "the copy of %s that the run kept, %s, is gone", file->name, path);
    free(path);
    if (st != JIHE_OK || (st = jh_sha256_bytes(bytes->bytes, bytes->len, sum, err)) != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, hex);
    if (strcmp(hex, file->sha256) == 0)
        return JIHE_OK;
    return jh_fail(err, JIHE_DIFFERS,
                   "the copy of %s that the run kept is not what it was (digest %.16s..., the run names %.16s...)",
                   file->name, hex, file->sha256);
}

static jihe_status load_kept(jh_workspace_facts *out, const jh_run_file *file, const char *workspace, jihe_error *err)
{
    static const char calendar[] = "calendar/";
    jh_buf bytes = {0};
    jihe_status st = read_kept(workspace, file, &bytes, err);
    const void *text = bytes.bytes == NULL ? (const void *)"" : bytes.bytes;

    if (st == JIHE_OK)
        st = strncmp(file->name, calendar, sizeof calendar - 1) == 0
                 ? jh_calendar_add(&out->calendar, file->name, text, bytes.len, err)
                 : jh_value_lists_add(&out->lists, file->name, text, bytes.len, err);
    jh_buf_deinit(&bytes);
    return st;
}

jihe_status jh_run_facts_load(jh_workspace_facts *out, const jh_run *run, const char *workspace, const jh_zone *zone,
                              const jh_roster *roster, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *out = (jh_workspace_facts){0};
    for (size_t i = 0; st == JIHE_OK && i < run->file_count; i++)
        st = load_kept(out, &run->files[i], workspace, err);
    if (st != JIHE_OK)
        jh_workspace_facts_deinit(out);
    else
        settle(out, zone, roster);
    return st;
}

/* --- keeping --- */

/* Copies WORKSPACE/`name` as it was when its digest was taken: a file changed since is refused, not mixed up. */
static jihe_status keep_file(const jh_run_file *file, const char *workspace, jihe_error *err)
{
    char *from = jh_workspace_file(workspace, file->name), *to = kept_path(workspace, file->sha256), hex[65] = "";
    jh_buf bytes = {0};
    uint8_t sum[32];
    jh_outfile *copy;
    jihe_status st = JIHE_OK;

    if (from == NULL || to == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "keeping %s", file->name);
    else if (!jh_file_exists(to) && (st = jh_file_read(from, JH_MAX_LIST_BYTES, &bytes, err)) == JIHE_OK &&
             (st = jh_sha256_bytes(bytes.bytes, bytes.len, sum, err)) == JIHE_OK) {
        jh_hex(sum, sizeof sum, hex);
        if (strcmp(hex, file->sha256) != 0)
            st = jh_fail(err, JIHE_BUSY, "%s has just been changed; run again", file->name);
        else if ((st = jh_outfile_open(&copy, to, err)) == JIHE_OK) {
            jh_outfile_put(copy, bytes.bytes, bytes.len);
            st = jh_outfile_commit(copy, err);
        }
    }
    free(from);
    free(to);
    jh_buf_deinit(&bytes);
    return st;
}

static void name_file(jh_run *run, const char *name, const char *sha256)
{
    jh_run_file *file = &run->files[run->file_count++];

    file->name = name;
    memcpy(file->sha256, sha256, sizeof file->sha256);
}

static jihe_status keep_files(const jh_run *run, const char *workspace, jihe_error *err)
{
    char *directory = kept_path(workspace, NULL);
    jihe_status st = directory == NULL ? jh_fail(err, JIHE_NO_MEMORY, "keeping lists") : jh_file_mkdir(directory, err);

    free(directory);
    for (size_t i = 0; st == JIHE_OK && i < run->file_count; i++)
        st = keep_file(&run->files[i], workspace, err);
    return st;
}

jihe_status jh_run_facts_keep(jh_run *run, const jh_facts_used *used, const jh_workspace_facts *facts,
                              const char *workspace, jh_arena *arena, jihe_error *err)
{
    run->files = JH_NEW(arena, jh_run_file, facts->lists.count + facts->calendar.file_count + 1);
    if (run->files == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "keeping lists");
    for (size_t i = 0; used->calendar && i < facts->calendar.file_count; i++)
        name_file(run, facts->calendar.files[i].file, facts->calendar.files[i].sha256);
    for (size_t i = 0; i < facts->lists.count; i++)
        if (jh_bits_test(used->lists, i))
            name_file(run, facts->lists.lists[i].file, facts->lists.lists[i].sha256);
    for (size_t i = 0; i < run->file_count; i++) /* the facts may go before the run does */
        if ((run->files[i].name = jh_arena_text(arena, run->files[i].name, strlen(run->files[i].name))) == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "keeping lists");
    return run->file_count == 0 ? JIHE_OK : keep_files(run, workspace, err);
}
