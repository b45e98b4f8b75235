/* A drop killed at every system call: the snapshot is whole or gone, gone only with a ledger event, and dropping again
 * finishes. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "jihe/jihe.h"
#include "ledger/ledger.h"

enum { MOST_STOPS = 5000 };

static char home[64];

static void write_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *file = fopen(path, "w");

    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static bool is_there(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/w/snapshots/2026-01-05/%s", home, name);
    return jh_file_exists(path);
}

static jihe_workspace *open_workspace(void)
{
    jihe_workspace_options options = JIHE_WORKSPACE_OPTIONS_INIT;
    jihe_workspace *workspace;
    char path[128];
    jihe_error err = {0};

    options.threads = 1;
    options.now = 0;
    snprintf(path, sizeof path, "%s/w", home);
    cr_assert(jihe_workspace_open(&workspace, path, &options, &err) == JIHE_OK, "%s", err.message);
    return workspace;
}

static void ingest(jihe_workspace *workspace, const char *name)
{
    char path[128];
    const char *const files[] = {path};
    const jihe_ingest_options options = {
        .size = sizeof options, .files = files, .file_count = 1, .date = "2026-01-05", .revise = 1};
    jihe_ingest_summary summary;
    jihe_rows *rows;
    jihe_error err = {0};

    snprintf(path, sizeof path, "%s/%s", home, name);
    cr_assert(jihe_ingest(&summary, &rows, workspace, &options, &err) == JIHE_OK, "%s", err.message);
    jihe_rows_free(rows);
}

static jihe_status drop(jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_snapshot_drop(&rows, workspace, "2026-01-05", 2, 0, err);

    jihe_rows_free(rows);
    return st;
}

/* Events in the ledger, its whole chain checked. */
static uint64_t events(void)
{
    char path[128];
    uint8_t hash[32];
    jh_ledger *ledger;
    jihe_error err = {0};

    snprintf(path, sizeof path, "%s/w", home);
    cr_assert(jh_ledger_open(&ledger, path, 0, &err) == JIHE_OK && jh_ledger_verify(ledger, &err) == JIHE_OK, "%s",
              err.message);
    const uint64_t count = jh_ledger_head(ledger, hash);

    jh_ledger_close(ledger);
    return count;
}

/* Drops in a child that is killed when it stops for the `stop`th time: at the entry and at the end of each system call.
 * True: it came to its end before that. */
static bool drop_until(jihe_workspace *workspace, int stop)
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(99);
        raise(SIGSTOP);
        _exit((int)drop(workspace, NULL));
    }
    cr_assert(child > 0);
    for (int stops = 0; waitpid(child, &status, 0) == child && WIFSTOPPED(status); stops++) {
        if (stops == stop)
            kill(child, SIGKILL);
        else
            ptrace(PTRACE_SYSCALL, child, NULL, NULL);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
        cr_skip_test("no ptrace here");
    cr_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "the child ended with %d", status);
    return WIFEXITED(status);
}

static void check_and_finish(jihe_workspace *workspace, int stop, uint64_t before)
{
    const bool sealed = is_there("r2"), hidden = is_there(".dropped-r2");
    jihe_error err = {0};

    cr_assert(!(sealed && hidden), "stop %d", stop);
    if (sealed)
        cr_assert(jihe_snapshot_verify(workspace, "2026-01-05", 2, &err) == JIHE_OK, "stop %d: %s", stop, err.message);
    else
        cr_assert(events() > before, "stop %d: gone without an event", stop);
    const jihe_status st = drop(workspace, &err);

    cr_assert(st == (sealed || hidden ? JIHE_OK : JIHE_NOT_FOUND), "stop %d: %s", stop, err.message);
    cr_assert(!is_there("r2") && !is_there(".dropped-r2") && is_there("r1"), "stop %d: something is left", stop);
}

Test(drop, killed_at_every_system_call)
{
    bool ended = false;
    int stop = 1;
    jihe_error err = {0};

    strcpy(home, "/tmp/jihe-drop-XXXXXX");
    cr_assert(mkdtemp(home) != NULL);
    char path[128];

    snprintf(path, sizeof path, "%s/w", home);
    cr_assert(jihe_workspace_init(path, &err) == JIHE_OK, "%s", err.message);
    write_file("w/jihe.yaml", "workspace: 1\ncolumns:\n  - {name: doc_id, type: id}\n");
    write_file("one.csv", "doc_id\nA\n");
    write_file("two.csv", "doc_id\nA\nB\n");
    snprintf(path, sizeof path, "chmod 600 %s/w/jihe.yaml", home);
    cr_assert(system(path) == 0);
    jihe_workspace *workspace = open_workspace();

    ingest(workspace, "one.csv");
    for (; !ended && stop < MOST_STOPS;
         stop += 2) { /* every second stop is an entry: dying there is dying after the call before */
        ingest(workspace, "two.csv");
        const uint64_t before = events();

        ended = drop_until(workspace, stop);
        check_and_finish(workspace, stop, before);
    }
    cr_assert(ended && stop > 50, "%d stops", stop);
    jihe_workspace_close(workspace);
    snprintf(path, sizeof path, "rm -rf %s", home);
    cr_assert(system(path) == 0);
}
