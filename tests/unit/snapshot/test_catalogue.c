#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_dir(const fixture *fix, const char *name)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", fix->workspace, name);
    cr_assert_eq(mkdir(path, 0700), 0, "%s", path);
}

/* Names only: the catalogue says what is there, opening says whether it is sound. */
Test(snapshot_catalogue, order_and_latest)
{
    static const char *const names[] = {"snapshots",
                                        "snapshots/2026-01-31",
                                        "snapshots/2026-01-31/r10",
                                        "snapshots/2026-01-31/r9",
                                        "snapshots/2026-01-31/r1",
                                        "snapshots/2026-01-31/.building-r11",
                                        "snapshots/2026-01-31/r01",
                                        "snapshots/2026-01-31/r0",
                                        "snapshots/2026-01-31/r",
                                        "snapshots/2026-01-31/r-1",
                                        "snapshots/2026-01-31/r4294967296",
                                        "snapshots/2026-01-31/r+2",
                                        "snapshots/2026-01-31/x1",
                                        "snapshots/2025-12-01",
                                        "snapshots/2025-12-01/r2",
                                        "snapshots/2026-02-30",
                                        "snapshots/2026-02-30/r1",
                                        "snapshots/2026-02-01",
                                        "snapshots/notes",
                                        "snapshots/notes/r1"};
    static const jh_catalogue_entry want[] = {
        {20423, 2, true}, {TEST_DAY, 1, false}, {TEST_DAY, 9, false}, {TEST_DAY, 10, true}};
    const fixture fix = fixture_make();
    char path[160];
    jh_catalogue catalogue;
    jihe_error err = {0};
    uint32_t revision;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        make_dir(&fix, names[i]);
    snprintf(path, sizeof path, "%s/snapshots/2026-01-31/r12", fix.workspace);
    close(open(path, O_CREAT | O_WRONLY, 0600)); /* a file is no snapshot */

    must(jh_catalogue_load(&catalogue, fix.workspace, &err));
    cr_assert_eq(catalogue.count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < catalogue.count; i++)
        cr_assert(catalogue.entries[i].date == want[i].date && catalogue.entries[i].revision == want[i].revision &&
                      catalogue.entries[i].latest == want[i].latest,
                  "entry %zu", i);
    jh_catalogue_deinit(&catalogue);
    must(jh_catalogue_latest(fix.workspace, TEST_DAY, &revision, &err));
    cr_assert_eq(revision, 10);
    cr_assert_eq(jh_catalogue_latest(fix.workspace, TEST_DAY + 1, &revision, &err), JIHE_NOT_FOUND);
    cr_assert_eq(revision, 0);
    fixture_remove(&fix);
}

Test(snapshot_catalogue, many_and_none)
{
    const fixture fix = fixture_make();
    jh_catalogue catalogue;
    jihe_error err = {0};
    char name[64];

    must(jh_catalogue_load(&catalogue, fix.workspace, &err));
    cr_assert_eq(catalogue.count, 0);
    jh_catalogue_deinit(&catalogue);
    make_dir(&fix, "snapshots");
    make_dir(&fix, "snapshots/2026-01-31");
    for (int i = 1; i <= 100; i++) {
        snprintf(name, sizeof name, "snapshots/2026-01-31/r%d", i);
        make_dir(&fix, name);
    }
    must(jh_catalogue_load(&catalogue, fix.workspace, &err));
    cr_assert_eq(catalogue.count, 100);
    for (uint32_t i = 0; i < 100; i++)
        cr_assert(catalogue.entries[i].revision == i + 1 && catalogue.entries[i].latest == (i == 99));
    jh_catalogue_deinit(&catalogue);
    fixture_remove(&fix);
}
