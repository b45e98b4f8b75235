#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const jh_column three[] = {
    {.name = "id", .type = JH_ID}, {.name = "n", .type = JH_INTEGER}, {.name = "t", .type = JH_TEXT}};
static const jh_schema schema_of_three = {three, 3, 0, SIZE_MAX};

static void set_id(jh_cell *cell, char room[32], uint64_t number)
{
    cell->present = true;
    cell->text = room;
    cell->len = (uint32_t)snprintf(room, 32, "%llu", (unsigned long long)number);
}

/* Across two written segments, an unfinished one, and every growth of the index. */
Test(snapshot_writer, finds_every_duplicate_and_nothing_else)
{
    enum { COUNT = 2 * JH_SEGMENT_ROWS + 5000 };
    const fixture fix = fixture_make();
    jh_cell cells[3] = {{0}};
    jihe_error err = {0};
    jh_writer *writer;
    char text[32];
    bool found;

    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, &schema_of_three, &err));
    for (uint64_t i = 0; i < COUNT; i++) {
        set_id(&cells[0], text, i * 2);
        if (i % 16 == 0) {
            must(jh_writer_has(writer, text, cells[0].len, &found, &err));
            cr_assert(!found, "%s is new", text);
        }
        must(jh_writer_add(writer, cells, &err));
    }
    cr_assert_eq(jh_writer_rows(writer), COUNT);
    for (uint64_t i = 0; i < 2 * COUNT; i++) {
        set_id(&cells[0], text, i);
        must(jh_writer_has(writer, text, cells[0].len, &found, &err));
        cr_assert_eq(found, i % 2 == 0, "%s", text);
    }
    set_id(&cells[0], text, 10); /* in the first segment */
    cr_assert_eq(jh_writer_add(writer, cells, &err), JIHE_BUG);
    cr_assert_eq(jh_writer_rows(writer), COUNT, "the refused document left no trace");
    jh_writer_free(writer);
    fixture_remove(&fix);
}

/* See test_probe.c: one tag, one slot, two ids. */
Test(snapshot_writer, ids_with_one_tag_are_told_apart)
{
    static const char first[] = "DOC-00261455", second[] = "DOC-00941147";
    const fixture fix = fixture_make();
    jh_cell cells[3] = {{.present = true, .text = first, .len = 12}};
    jihe_error err = {0};
    jh_writer *writer;
    bool found;

    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, &schema_of_three, &err));
    must(jh_writer_add(writer, cells, &err));
    must(jh_writer_has(writer, first, 12, &found, &err));
    cr_assert(found);
    must(jh_writer_has(writer, second, 12, &found, &err));
    cr_assert(!found);
    cells[0].text = second;
    must(jh_writer_add(writer, cells, &err));
    must(jh_writer_has(writer, second, 12, &found, &err));
    cr_assert(found);
    jh_writer_free(writer);
    fixture_remove(&fix);
}

static bool exists(const fixture *fix, const char *name)
{
    struct stat st;
    char path[160];

    snprintf(path, sizeof path, "%s/%s", fix->workspace, name);
    return lstat(path, &st) == 0;
}

static size_t visible(const fixture *fix)
{
    jh_catalogue catalogue;
    jh_snapshot *snapshot;
    jihe_error err = {0};
    size_t count;

    must(jh_catalogue_load(&catalogue, fix->workspace, &err));
    count = catalogue.count;
    jh_catalogue_deinit(&catalogue);
    if (count == 0) {
        cr_assert_eq(jh_snapshot_open(&snapshot, fix->workspace, TEST_DAY, 0, &err), JIHE_NOT_FOUND);
        cr_assert_null(snapshot);
        cr_assert_eq(jh_snapshot_open(&snapshot, fix->workspace, TEST_DAY, 1, &err), JIHE_NOT_FOUND);
    }
    return count;
}

Test(snapshot_writer, invisible_until_published)
{
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_writer *writer, *second;

    cr_assert_eq(visible(&fix), 0);
    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, documents_schema(), &err));
    fixture_add(writer, 1, 0, JH_SEGMENT_ROWS + 1);
    cr_assert_eq(visible(&fix), 0);
    cr_assert_eq(jh_writer_publish(writer, &err), JIHE_BUG, "not sealed");
    must(jh_writer_seal(writer, &err));
    cr_assert_eq(visible(&fix), 0);
    must(jh_writer_publish(writer, &err));
    cr_assert_eq(visible(&fix), 1);
    cr_assert_eq(jh_writer_publish(writer, &err), JIHE_BUG);
    cr_assert_eq(jh_writer_seal(writer, &err), JIHE_BUG);
    jh_writer_free(writer);
    cr_assert_eq(visible(&fix), 1);
    cr_assert(!exists(&fix, "snapshots/2026-01-31/.building-r1"));
    cr_assert_eq(jh_writer_new(&second, fix.workspace, TEST_DAY, 1, documents_schema(), &err), JIHE_CANNOT_CREATE);
    cr_assert_null(second);
    cr_assert_eq(visible(&fix), 1);
    fixture_remove(&fix);
}

Test(snapshot_writer, leaves_nothing_when_given_up)
{
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_writer *writer;

    for (int stage = 0; stage < 3; stage++) {
        must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, documents_schema(), &err));
        if (stage > 0)
            fixture_add(writer, 1, 0, JH_SEGMENT_ROWS + 1);
        if (stage > 1)
            must(jh_writer_seal(writer, &err));
        cr_assert(exists(&fix, "snapshots/2026-01-31/.building-r1"));
        jh_writer_free(writer);
        cr_assert(!exists(&fix, "snapshots/2026-01-31"));
        cr_assert_eq(visible(&fix), 0);
    }
    jh_writer_free(NULL);
    fixture_remove(&fix);
}

/* What a killed process left behind must not get into the next snapshot, nor stop it. */
Test(snapshot_writer, takes_over_what_was_left)
{
    const fixture fix = fixture_make();
    static const char *const names[] = {"snapshots", "snapshots/2026-01-31", "snapshots/2026-01-31/.building-r1"};
    static const char *const files[] = {"data.mdb", "manifest.json", "manifest.json.part"};
    char path[192];
    jh_snapshot *snapshot;
    jihe_error err = {0};

    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", fix.workspace, names[i]);
        cr_assert_eq(mkdir(path, 0700), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", fix.workspace, names[2], files[i]);
        spill(path, (const unsigned char *)"left over", 9);
    }
    cr_assert_eq(visible(&fix), 0);
    fixture_write(&fix, 1, 5, 100);
    must(jh_snapshot_open(&snapshot, fix.workspace, TEST_DAY, 1, &err));
    must(jh_snapshot_verify(snapshot, &err));
    jh_snapshot_close(snapshot);
    cr_assert(!exists(&fix, "snapshots/2026-01-31/r1/manifest.json.part"));
    fixture_remove(&fix);
}

static unsigned mode_of(const fixture *fix, const char *name)
{
    struct stat st;
    char path[160];

    snprintf(path, sizeof path, "%s/%s", fix->workspace, name);
    cr_assert_eq(lstat(path, &st), 0, "%s", path);
    return (unsigned)st.st_mode & 07777;
}

Test(snapshot_writer, private_whatever_the_umask)
{
    static const mode_t masks[] = {0, 0177, 0777};

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        const fixture fix = fixture_make();
        const mode_t was = umask(masks[i]);

        fixture_write(&fix, 1, 1, 10);
        umask(was);
        cr_assert_eq(mode_of(&fix, "snapshots"), 0700);
        cr_assert_eq(mode_of(&fix, "snapshots/2026-01-31"), 0700);
        cr_assert_eq(mode_of(&fix, "snapshots/2026-01-31/r1"), 0700);
        cr_assert_eq(mode_of(&fix, "snapshots/2026-01-31/r1/data.mdb"), 0600);
        cr_assert_eq(mode_of(&fix, "snapshots/2026-01-31/r1/manifest.json"), 0600);
        fixture_remove(&fix);
    }
}

/* The same documents give the same file: as another revision, and with other questions asked in between. */
Test(snapshot_writer, same_rows_same_bytes)
{
    enum { COUNT = 2 * JH_SEGMENT_ROWS + 777 };
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_writer *writer;
    file_bytes first, second;
    char path[192];
    bool found;

    fixture_write(&fix, 1, 9, COUNT);
    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 2, documents_schema(), &err));
    for (uint64_t row = 0; row < COUNT; row += 111) {
        fixture_add(writer, 9, row, row + 111 < COUNT ? row + 111 : COUNT);
        must(jh_writer_has(writer, "DOC-00000300", 12, &found, &err));
        cr_assert_eq(found, row >= 100 || row + 111 > 100);
    }
    must(jh_writer_seal(writer, &err));
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);

    snprintf(path, sizeof path, "%s/data.mdb", fix.sealed);
    first = slurp(path);
    snprintf(path, sizeof path, "%s/snapshots/2026-01-31/r2/data.mdb", fix.workspace);
    second = slurp(path);
    cr_assert_eq(first.len, second.len);
    cr_assert_eq(memcmp(first.at, second.at, first.len), 0);
    free(first.at);
    free(second.at);
    fixture_remove(&fix);
}

Test(snapshot_writer, refuses_what_does_not_fit_and_goes_on)
{
    const fixture fix = fixture_make();
    char *large = calloc(1, JH_SEGMENT_ROWS * 16 + 1), text[32];
    jh_cell cells[3] = {
        {.present = true, .text = text}, {.present = true, .number = INT64_MIN}, {.present = true, .text = large}};
    jh_snapshot *snapshot;
    jh_col_room room = {0};
    jh_col_view view;
    jihe_error err = {0};
    jh_writer *writer;

    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, &schema_of_three, &err));
    set_id(&cells[0], text, 1);
    cells[2].len = (1 << 20) + 1;
    cr_assert_eq(jh_writer_add(writer, cells, &err), JIHE_DATA, "a byte more than 1 MiB");
    cr_assert_not_null(strstr(err.message, "1048577"), "%s", err.message);
    cells[2].len = 1 << 20;
    must(jh_writer_add(writer, cells, &err));
    cells[0].present = false;
    cr_assert_eq(jh_writer_add(writer, cells, &err), JIHE_DATA, "no id");
    cells[0] = (jh_cell){.present = true, .text = text, .len = 0};
    cr_assert_eq(jh_writer_add(writer, cells, &err), JIHE_DATA, "an empty id");
    set_id(&cells[0], text, 2);
    cells[2].len = 0;
    must(jh_writer_add(writer, cells, &err));
    must(jh_writer_seal(writer, &err));
    cr_assert_eq(jh_writer_manifest(writer)->rows, 2);
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);

    must(jh_snapshot_open(&snapshot, fix.workspace, TEST_DAY, 1, &err));
    must(jh_snapshot_verify(snapshot, &err));
    must(jh_snapshot_column(snapshot, 0, 2, &room, &view, &err));
    cr_assert(view.offsets[1] == 1 << 20 && view.offsets[2] == 1 << 20);
    jh_col_room_deinit(&room);
    jh_snapshot_close(snapshot);
    free(large);
    fixture_remove(&fix);
}

Test(snapshot_writer, numbers_out_of_their_type_are_refused)
{
    static const jh_column columns[] = {{.name = "id", .type = JH_ID},
                                        {.name = "f", .type = JH_FLAG},
                                        {.name = "d", .type = JH_DATE},
                                        {.name = "t", .type = JH_TIME}};
    static const jh_schema schema = {columns, 4, 0, SIZE_MAX};
    static const struct {
        size_t column;
        int64_t number;
    } bad[] = {{1, 2}, {1, -1}, {2, 2932897}, {2, -719163}, {3, INT64_MAX}, {3, INT64_MIN}};
    const fixture fix = fixture_make();
    jihe_error err = {0};
    jh_writer *writer;

    must(jh_writer_new(&writer, fix.workspace, TEST_DAY, 1, &schema, &err));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        jh_cell cells[4] = {{.present = true, .text = "a", .len = 1}};

        cells[bad[i].column] = (jh_cell){.present = true, .number = bad[i].number};
        cr_assert_eq(jh_writer_add(writer, cells, &err), JIHE_DATA, "case %zu", i);
    }
    jh_writer_free(writer);
    cr_assert_eq(jh_writer_new(&writer, fix.workspace, 2932897, 1, &schema, &err), JIHE_USAGE);
    cr_assert_eq(jh_writer_new(&writer, fix.workspace, TEST_DAY, 0, &schema, &err), JIHE_USAGE);
    fixture_remove(&fix);
}

/* Many dates at once, as ingest --split has them: a few documents must cost little memory and no open file. */
Test(snapshot_writer, many_dates_at_once)
{
    enum { DATES = 60 };
    const fixture fix = fixture_make();
    static jh_writer *writers[DATES];
    jh_catalogue catalogue;
    jihe_error err = {0};
    int fd;

    for (int32_t i = 0; i < DATES; i++)
        must(jh_writer_new(&writers[i], fix.workspace, TEST_DAY + i, 1, documents_schema(), &err));
    for (uint64_t row = 0; row < 5; row++)
        for (int32_t i = 0; i < DATES; i++)
            fixture_add(writers[i], 3, row, row + 1);
    fd = open("/dev/null", O_RDONLY);
    cr_assert_lt(fd, 32, "descriptor %d: the writers hold files open", fd);
    close(fd);
    for (int32_t i = 0; i < DATES; i++) {
        must(jh_writer_seal(writers[i], &err));
        must(jh_writer_publish(writers[i], &err));
        jh_writer_free(writers[i]);
    }
    must(jh_catalogue_load(&catalogue, fix.workspace, &err));
    cr_assert_eq(catalogue.count, DATES);
    jh_catalogue_deinit(&catalogue);
    fixture_remove(&fix);
}
