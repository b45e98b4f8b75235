#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

fixture fixture_make(void)
{
    fixture fix = {.workspace = "/tmp/jihe-snapshot-XXXXXX"};

    cr_assert_not_null(mkdtemp(fix.workspace));
    snprintf(fix.sealed, sizeof fix.sealed, "%s/snapshots/2026-01-31/r1", fix.workspace);
    return fix;
}

void fixture_remove(const fixture *fix)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", fix->workspace);
    cr_assert_eq(system(command), 0);
}

void fixture_add(jh_writer *writer, uint64_t seed, uint64_t from, uint64_t to)
{
    document *doc = malloc(sizeof *doc);
    jihe_error err = {0};

    for (uint64_t row = from; row < to; row++) {
        document_make(seed, row, doc);
        must(jh_writer_add(writer, doc->cells, &err));
    }
    free(doc);
}

void fixture_write(const fixture *fix, uint32_t revision, uint64_t seed, uint64_t rows)
{
    jihe_error err = {0};
    jh_writer *writer;

    must(jh_writer_new(&writer, fix->workspace, TEST_DAY, revision, documents_schema(), &err));
    fixture_add(writer, seed, 0, rows);
    must(jh_writer_seal(writer, &err));
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);
}

static const jh_column three_columns[] = {{.name = "memo", .type = JH_TEXT},
                                          {.name = "id", .type = JH_ID},
                                          {.name = "amount", .type = JH_MONEY, .money = {.scale = 2}},
                                          {.name = "who", .type = JH_CATEGORY, .roles = JH_ROLE_PERSON}};
static const jh_schema three_schema = {three_columns, 4, 1, SIZE_MAX};

void fixture_write_three(const fixture *fix)
{
    static const jh_cell rows[3][4] = {
        {{true, 0, "hi", 2}, {true, 0, "A", 1}, {true, 100, NULL, 0}, {true, 0, "wu", 2}},
        {{true, 0, "", 0}, {true, 0, "BB", 2}, {false, 0, NULL, 0}, {true, 0, "li", 2}},
        {{false, 0, NULL, 0}, {true, 0, "C", 1}, {true, 355, NULL, 0}, {true, 0, "wu", 2}},
    };
    jihe_error err = {0};
    jh_writer *writer;

    must(jh_writer_new(&writer, fix->workspace, TEST_DAY, 1, &three_schema, &err));
    for (int row = 0; row < 3; row++)
        must(jh_writer_add(writer, rows[row], &err));
    must(jh_writer_seal(writer, &err));
    must(jh_writer_publish(writer, &err));
    jh_writer_free(writer);
}

static void add(uint64_t *digest, const void *at, size_t len)
{
    const uint64_t pair[2] = {*digest, len == 0 ? len : jh_hash64(at, len)};

    *digest = jh_hash64(pair, sizeof pair);
}

static void add_column(uint64_t *digest, const jh_col_view *view)
{
    for (uint32_t row = 0; row < view->rows; row++) {
        const int present = jh_col_present(view, row);
        int64_t number;

        add(digest, &present, sizeof present);
        if (!present)
            continue;
        if (view->encoding == JH_ENC_HEAP) {
            add(digest, view->bytes + view->offsets[row], view->offsets[row + 1] - view->offsets[row]);
        } else {
            number = jh_col_number(view, row);
            add(digest, &number, sizeof number);
        }
    }
}

static void add_tally(uint64_t *digest, const jh_figures *tally)
{
    for (uint32_t i = 0; i < jh_figures_columns(tally->money); i++)
        add_column(digest, &tally->figures[i]);
    if (tally->person != NULL) {
        add_column(digest, tally->person);
        add_column(digest, tally->type);
    }
}

static jihe_status read_column(const jh_snapshot *snapshot, uint32_t segment, size_t column, uint64_t *digest,
                               jihe_error *err)
{
    jh_col_room room = {0};
    jh_col_view view;
    const jihe_status st = jh_snapshot_column(snapshot, segment, column, &room, &view, err);

    if (st == JIHE_OK)
        add_column(digest, &view);
    jh_col_room_deinit(&room);
    return st;
}

static void add_manifest(uint64_t *digest, const jh_manifest *manifest)
{
    add(digest, &manifest->date, sizeof manifest->date);
    add(digest, &manifest->revision, sizeof manifest->revision);
    add(digest, &manifest->rows, sizeof manifest->rows);
    for (size_t i = 0; i < manifest->total_count; i++) {
        add(digest, manifest->totals[i].column, strlen(manifest->totals[i].column));
        add(digest, &manifest->totals[i].scale, sizeof manifest->totals[i].scale);
        add(digest, &manifest->totals[i].present, sizeof manifest->totals[i].present);
        add(digest, &manifest->totals[i].minor, sizeof manifest->totals[i].minor);
    }
}

jihe_status fixture_read(const jh_snapshot *snapshot, uint64_t *digest, jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    const uint64_t *numbers;
    jh_dict_view dict;
    jh_figures tally;
    jihe_status st = JIHE_OK;

    *digest = 0;
    add_manifest(digest, jh_snapshot_manifest(snapshot));
    for (size_t c = 0; c < schema->count; c++) {
        add(digest, schema->columns[c].name, strlen(schema->columns[c].name));
        if (schema->columns[c].type == JH_CATEGORY) {
            if ((st = jh_snapshot_dict(snapshot, c, &dict, err)) != JIHE_OK)
                return st;
            add(digest, dict.offsets, (dict.count + 1) * sizeof *dict.offsets);
            add(digest, dict.bytes, dict.offsets[dict.count]);
            for (int cross = 0; cross < 2; cross++)
                if ((cross ? jh_snapshot_cross : jh_snapshot_tally)(snapshot, c, &tally, NULL) == JIHE_OK)
                    add_tally(digest, &tally);
        }
    }
    for (uint32_t s = 0; s < jh_snapshot_segments(snapshot); s++) {
        if ((st = jh_snapshot_id_hash(snapshot, s, &numbers, err)) != JIHE_OK)
            return st;
        add(digest, numbers, jh_snapshot_segment_rows(snapshot, s) * sizeof *numbers);
        for (size_t c = 0; c < schema->count && st == JIHE_OK; c++)
            st = read_column(snapshot, s, c, digest, err);
    }
    return st;
}

file_bytes slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    file_bytes out = {0};
    long len;

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    len = ftell(file);
    cr_assert_geq(len, 0);
    rewind(file);
    out.len = (size_t)len;
    out.at = malloc(out.len + 1);
    cr_assert_eq(fread(out.at, 1, out.len, file), out.len);
    out.at[out.len] = '\0';
    fclose(file);
    return out;
}

/* Without O_TRUNC: some file systems flush a file that was cut and written again, which thousands of trials cannot
 * afford. */
void spill(const char *path, const unsigned char *at, size_t len)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    cr_assert_geq(fd, 0, "%s", path);
    cr_assert_eq(pwrite(fd, at, len, 0), (ssize_t)len);
    cr_assert_eq(ftruncate(fd, (off_t)len), 0);
    cr_assert_eq(close(fd), 0);
}
