/* A program of somebody else's: sees include/jihe only and links the shared library. Walks from an empty directory to
 * rates and checks what it reads row by row. usage: consumer; prints 'N passed, N failed'. */
#include <jihe/jihe.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

static void check(int ok, const char *what, const jihe_error *err)
{
    char text[1200];

    if (ok) {
        passed++;
        return;
    }
    failed++;
    printf("FAILED: %s: %s\n", what, err == NULL ? "" : jihe_error_text(err, text, sizeof text));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static const char yaml[] = "workspace: 1\n"
                           "columns:\n"
                           "  - {name: doc_id, type: id}\n"
                           "  - {name: team, type: category}\n"
                           "  - {name: amount, type: money}\n";
static const char rules[] = "rules:\n"
                            "  - {id: half, draw: {rate: 50%, by: team}}\n"
                            "  - {id: big, where: amount > 100, draw: all}\n";
static const char extract[] = "doc_id,team,amount\nA1,red,5\nA2,red,100\nA3,red,100.01\nB1,,7\n";

static void set_up(const char *dir, jihe_workspace **out)
{
    jihe_error err = {0};
    char path[256];

    check(jihe_workspace_init(dir, &err) == JIHE_OK, "init", &err);
    check(jihe_workspace_init(dir, &err) == JIHE_CANNOT_CREATE, "init on a workspace is refused", &err);
    snprintf(path, sizeof path, "%s/jihe.yaml", dir);
    write_file(path, yaml);
    snprintf(path, sizeof path, "%s/rules/r.yaml", dir);
    write_file(path, rules);
    snprintf(path, sizeof path, "%s/out/extract.csv", dir);
    write_file(path, extract);
    check(jihe_workspace_open(out, dir, NULL, &err) == JIHE_OK, "open", &err);
}

static void ingest(jihe_workspace *workspace, const char *dir)
{
    char path[256];
    const char *files[] = {path};
    const jihe_ingest_options options = {.size = sizeof options, .files = files, .file_count = 1, .date = "2026-03-01"};
    const jihe_ingest_options wrong = {.size = 1, .files = files, .file_count = 1};
    jihe_ingest_summary summary;
    jihe_rows *rows;
    jihe_error err = {0};

    snprintf(path, sizeof path, "%s/out/extract.csv", dir);
    check(jihe_ingest(&summary, &rows, workspace, &wrong, &err) == JIHE_USAGE && rows == NULL,
          "a wrong size is refused", &err);
    check(jihe_ingest(&summary, &rows, workspace, &options, &err) == JIHE_OK, "ingest", &err);
    check(summary.rows_read == 4 && summary.rows_stored == 4 && summary.rows_rejected == 0, "rows", NULL);
    check(jihe_rows_next(rows, &err) == JIHE_OK && strcmp(jihe_rows_text(rows, 0), "2026-03-01") == 0, "snapshot row",
          &err);
    check(jihe_rows_next(rows, &err) == JIHE_NOT_FOUND, "one snapshot", &err);
    jihe_rows_free(rows);
}

static void draw(jihe_workspace *workspace)
{
    const jihe_run_options options = {.size = sizeof options, .from = "2026-03-01", .to = "2026-03-01", .seed = "s"};
    jihe_run *run, *again;
    jihe_rows *rows;
    jihe_error err = {0};
    int hits = 0, big = 0, missing = 0;

    check(jihe_run_make(&run, workspace, &options, &err) == JIHE_OK && jihe_run_is_new(run), "run", &err);
    check(jihe_run_make(&again, workspace, &options, &err) == JIHE_OK && !jihe_run_is_new(again), "the same run again",
          &err);
    check(strcmp(jihe_run_id(run), jihe_run_id(again)) == 0 && jihe_run_population(run) == 4, "same id", NULL);
    check(jihe_run_hits(run) == 4, "two of red, one of no team, one big", NULL);
    jihe_run_free(run);
    jihe_run_free(again);
    check(jihe_hits(&rows, workspace, "last", &err) == JIHE_OK, "hits", &err);
    check(jihe_rows_columns(rows) == 6 && strcmp(jihe_rows_name(rows, 2), "doc_id") == 0 &&
              jihe_rows_name(rows, 6) == NULL,
          "hit columns", NULL);
    while (jihe_rows_next(rows, &err) == JIHE_OK) {
        hits++;
        big += strcmp(jihe_rows_text(rows, 0), "big") == 0 && strcmp(jihe_rows_text(rows, 2), "A3") == 0 &&
               strcmp(jihe_rows_text(rows, 4), "1") == 0;
        missing += strcmp(jihe_rows_text(rows, 1), "(missing)") == 0;
    }
    check(hits == 4 && big == 1 && missing == 1, "hits row by row", NULL);
    check(jihe_rows_text(rows, 99) == NULL, "no such column", NULL);
    jihe_rows_free(rows);
    check(jihe_replay(workspace, "last", &err) == JIHE_OK, "replay", &err);
    check(jihe_replay(workspace, "2031", &err) == JIHE_NOT_FOUND, "no such run", &err);
}

static int full(void *context, const void *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    (void)len;
    return 28; /* ENOSPC */
}

static void write_out(jihe_workspace *workspace)
{
    const jihe_write_options options = {.format = JIHE_CSV};
    const char *key = "no such key";
    jihe_rows *rows;
    jihe_error err = {0};

    check(jihe_worklist(&rows, workspace, "last", &err) == JIHE_OK, "work list", &err);
    check(jihe_rows_write(rows, &options, full, NULL, &err) == JIHE_IO && err.os_errno == 28, "a full disk is told",
          &err);
    jihe_rows_free(rows);
    check(jihe_rate(&rows, workspace, "2026-03-01", "2026-03-31", &key, 1, &err) == JIHE_OK,
          "rates of nothing inspected", &err);
    check(jihe_rows_next(rows, &err) == JIHE_NOT_FOUND, "no rates", &err);
    jihe_rows_free(rows);
    check(jihe_rate(&rows, workspace, "2026-03-32", "2026-03-31", NULL, 0, &err) == JIHE_USAGE && rows == NULL,
          "a wrong date", &err);
}

int main(void)
{
    char dir[] = "/tmp/jihe-consumer-XXXXXX", command[64];
    jihe_workspace *workspace = NULL;

    if (mkdtemp(dir) == NULL) {
        perror(dir);
        return 1;
    }
    set_up(dir, &workspace);
    ingest(workspace, dir);
    draw(workspace);
    write_out(workspace);
    jihe_workspace_close(workspace);
    jihe_workspace_close(NULL);
    jihe_rows_free(NULL);
    jihe_run_free(NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        failed++;
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
