#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

/* One snapshot, damaged in every way one byte can be; a signal in any trial ends the test. */
struct target {
    fixture fix;
    char data_path[160], manifest_path[160];
    file_bytes data, manifest;
    uint64_t digest; /* of all that a reader sees */
};

static struct target target_make(uint64_t rows)
{
    struct target target = {.fix = fixture_make()};
    jh_snapshot *snapshot;
    jihe_error err = {0};

    fixture_write(&target.fix, 1, 33, rows);
    snprintf(target.data_path, sizeof target.data_path, "%s/data.mdb", target.fix.sealed);
    snprintf(target.manifest_path, sizeof target.manifest_path, "%s/manifest.json", target.fix.sealed);
    target.data = slurp(target.data_path);
    target.manifest = slurp(target.manifest_path);
    must(jh_snapshot_open(&snapshot, target.fix.workspace, TEST_DAY, 1, &err));
    must(fixture_read(snapshot, &target.digest, &err));
    jh_snapshot_close(snapshot);
    return target;
}

static void target_remove(struct target *target)
{
    free(target->data.at);
    free(target->manifest.at);
    fixture_remove(&target->fix);
}

/* Reads all, as a run would, then verifies. Reading ends in JIHE_CORRUPT or in what was written; *read says which. */
static jihe_status trial(const struct target *target, jihe_status *read, const char *what, size_t at)
{
    jh_snapshot *snapshot;
    jihe_error err = {0};
    uint64_t digest;
    jihe_status st = jh_snapshot_open(&snapshot, target->fix.workspace, TEST_DAY, 0, &err);

    *read = st;
    if (st == JIHE_OK) {
        *read = fixture_read(snapshot, &digest, &err);
        if (*read == JIHE_OK)
            cr_assert_eq(digest, target->digest, "%s %zu: other documents were read", what, at);
        st = jh_snapshot_verify(snapshot, &err);
    }
    cr_assert(*read == JIHE_OK || *read == JIHE_CORRUPT, "%s %zu: %d %s", what, at, (int)*read, err.message);
    cr_assert(st == JIHE_OK || (st == JIHE_CORRUPT && strstr(err.message, "2026-01-31 r1") != NULL), "%s %zu: %d %s",
              what, at, (int)st, err.message);
    jh_snapshot_close(snapshot);
    return st;
}

static void flip_in_data(const struct target *target, FILE *file, size_t at, unsigned char bits,
                         size_t *seen_by_readers)
{
    jihe_status read;

    cr_assert(fseek(file, (long)at, SEEK_SET) == 0 && fputc(target->data.at[at] ^ bits, file) != EOF &&
              fflush(file) == 0);
    cr_assert_eq(trial(target, &read, "byte", at), JIHE_CORRUPT, "byte %zu: not seen by verify", at);
    *seen_by_readers += read == JIHE_CORRUPT;
    cr_assert(fseek(file, (long)at, SEEK_SET) == 0 && fputc(target->data.at[at], file) != EOF && fflush(file) == 0);
}

/* Every byte at the start of each page (LMDB's and our headers, and the whole of its small tree pages' first half), and
 * a sample of the others. */
Test(snapshot_damage, flipped_bytes_of_the_data)
{
    struct target target = target_make(70);
    FILE *file = fopen(target.data_path, "r+b");
    size_t seen = 0, trials = 0;
    jihe_status read;

    cr_assert_not_null(file);
    for (size_t at = 0; at < target.data.len; at += at % 4096 < 112 ? 1 : 13, trials++)
        flip_in_data(&target, file, at, (unsigned char)(1u << at % 8), &seen);
    for (size_t at = 0; at < target.data.len; at += at % 4096 < 32 ? 1 : 509, trials++)
        flip_in_data(&target, file, at, 0xff, &seen);
    fclose(file);
    cr_assert(seen > trials / 4, "readers saw %zu of %zu changes", seen, trials);
    cr_assert_eq(trial(&target, &read, "undamaged", 0), JIHE_OK);
    target_remove(&target);
}

Test(snapshot_damage, flipped_bytes_of_the_manifest)
{
    static const unsigned char bits[] = {1, 2, 4, 8, 16, 32, 64, 128};
    struct target target = target_make(70);
    const char *program = strstr((const char *)target.manifest.at, "\"program\": \"");
    jihe_status read;

    cr_assert_not_null(program);
    for (size_t at = 0; at < target.manifest.len; at++)
        for (size_t i = 0; i < sizeof bits; i++) {
            const bool free_text = at >= (size_t)(program - (const char *)target.manifest.at) + 12;

            target.manifest.at[at] ^= bits[i];
            spill(target.manifest_path, target.manifest.at, target.manifest.len);
            if (trial(&target, &read, "manifest byte", at) == JIHE_OK)
                cr_assert(free_text, "byte %zu: not seen by verify", at); /* who wrote it is for people */
            target.manifest.at[at] ^= bits[i];
        }
    target_remove(&target);
}

/* The manifest is made to agree with the shorter file, so that what lies behind the size check is reached. */
static void cut_data(const struct target *target, size_t len)
{
    char now[48], was[48];
    jihe_status read;
    const char *at;
    jh_buf text = {0};

    snprintf(was, sizeof was, "\"file_bytes\": %zu,", target->data.len);
    snprintf(now, sizeof now, "\"file_bytes\": %zu,", len);
    at = strstr((const char *)target->manifest.at, was);
    cr_assert_not_null(at);
    jh_buf_put(&text, target->manifest.at, (size_t)(at - (const char *)target->manifest.at));
    jh_buf_puts(&text, now);
    jh_buf_puts(&text, at + strlen(was));
    cr_assert_eq(truncate(target->data_path, (off_t)len), 0);
    cr_assert_eq(trial(target, &read, "cut at", len), JIHE_CORRUPT);
    spill(target->manifest_path, text.bytes, text.len);
    cr_assert_eq(trial(target, &read, "cut at", len), JIHE_CORRUPT);
    spill(target->manifest_path, target->manifest.at, target->manifest.len);
    jh_buf_deinit(&text);
}

Test(snapshot_damage, truncated_files)
{
    struct target target = target_make(70);
    jihe_status read;

    for (size_t len = target.data.len - 1; len > 0; len -= len % 4096 <= 1 || len % 4096 == 4095 ? 1 : len % 4096 - 1)
        cut_data(&target, len);
    cut_data(&target, 0);
    spill(target.data_path, target.data.at, target.data.len);
    for (size_t len = 0; len < target.manifest.len; len++) {
        spill(target.manifest_path, target.manifest.at, len);
        cr_assert_eq(trial(&target, &read, "manifest cut at", len), JIHE_CORRUPT);
    }
    spill(target.manifest_path, target.manifest.at, target.manifest.len);
    cr_assert_eq(unlink(target.data_path), 0);
    cr_assert_eq(trial(&target, &read, "without data", 0), JIHE_CORRUPT);
    spill(target.data_path, target.data.at, target.data.len);
    cr_assert_eq(unlink(target.manifest_path), 0);
    cr_assert_eq(trial(&target, &read, "without manifest", 0), JIHE_CORRUPT);
    target_remove(&target);
}

/* A zeroed or repeated page is what a failing disk leaves. */
Test(snapshot_damage, exchanged_pages)
{
    struct target target = target_make(JH_SEGMENT_ROWS / 64);
    unsigned char *copy = malloc(target.data.len);
    const size_t pages = target.data.len / 4096;
    jihe_status read;

    for (size_t page = 0; page < pages; page++)
        for (size_t from = 0; from < 4; from++) {
            memcpy(copy, target.data.at, target.data.len);
            if (from == 0)
                memset(copy + page * 4096, 0, 4096);
            else
                memmove(copy + page * 4096, copy + (page + from) % pages * 4096, 4096);
            if (memcmp(copy, target.data.at, target.data.len) == 0)
                continue;
            spill(target.data_path, copy, target.data.len);
            cr_assert_eq(trial(&target, &read, "page", page), JIHE_CORRUPT);
        }
    free(copy);
    target_remove(&target);
}

/* The snapshot of another date under this name, and another format. */
Test(snapshot_damage, another_snapshots_files)
{
    struct target target = target_make(70);
    jh_snapshot *snapshot;
    jihe_error err = {0};
    char path[160], *format;

    fixture_write(&target.fix, 2, 34, 70);
    snprintf(path, sizeof path, "%s/snapshots/2026-01-31/r2/manifest.json", target.fix.workspace);
    spill(path, target.manifest.at, target.manifest.len);
    cr_assert_eq(jh_snapshot_open(&snapshot, target.fix.workspace, TEST_DAY, 2, &err), JIHE_CORRUPT);
    cr_assert_not_null(strstr(err.message, "another snapshot"), "%s", err.message);

    format = strstr((char *)target.manifest.at, "\"format\": 3");
    format[10] = '4';
    spill(target.manifest_path, target.manifest.at, target.manifest.len);
    cr_assert_eq(jh_snapshot_open(&snapshot, target.fix.workspace, TEST_DAY, 1, &err), JIHE_CORRUPT);
    cr_assert_not_null(strstr(err.message, "data format 4, this program reads formats 1 to 3"), "%s", err.message);
    format[10] = '1';
    spill(target.manifest_path, target.manifest.at, target.manifest.len);
    cr_assert_eq(jh_snapshot_open(&snapshot, target.fix.workspace, TEST_DAY, 1, &err), JIHE_CORRUPT);
    cr_assert_not_null(strstr(err.message, "of format 3, manifest.json of 1"), "%s", err.message);
    target_remove(&target);
}
