#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/colbuf.h"
#include "snapshot/stored.h"

/* Snapshots whose every checksum fits but whose figures do not follow from their documents: what a faulty writer or a patient
 * forger would leave. Opening and reading cannot see it, jh_snapshot_verify must. */

struct forgery {
    fixture fix;
    char data_path[160], manifest_path[160];
    file_bytes data, manifest;
};

static struct forgery forgery_make(void)
{
    struct forgery forgery = {.fix = fixture_make()};

    fixture_write_three(&forgery.fix);
    snprintf(forgery.data_path, sizeof forgery.data_path, "%s/data.mdb", forgery.fix.sealed);
    snprintf(forgery.manifest_path, sizeof forgery.manifest_path, "%s/manifest.json", forgery.fix.sealed);
    forgery.data = slurp(forgery.data_path);
    forgery.manifest = slurp(forgery.manifest_path);
    return forgery;
}

/* A value of the file, by its key: the one whose checksum fits that key. */
static unsigned char *value_of(const struct forgery *forgery, const uint8_t key[JH_KEY_BYTES])
{
    for (size_t at = 4096 + 16; at + JH_STORED_MIN <= forgery->data.len; at += 4096) {
        unsigned char copy[JH_STORED_MIN];

        memcpy(copy, forgery->data.at + at, sizeof copy);
        if (((jh_stored *)(void *)copy)->payload > JH_STORED_MIN - 48)
            continue;
        jh_stored_finish(copy, key);
        if (memcmp(copy, forgery->data.at + at, sizeof copy) == 0)
            return forgery->data.at + at;
    }
    cr_assert_fail("no value of this key");
    return NULL;
}

/* Writes the forged file with a manifest that has its digest, and says what verify finds. */
static void expect_found(struct forgery *forgery, const char *words)
{
    jh_snapshot *snapshot;
    jihe_error err = {0};
    uint8_t digest[32];
    char hex[65], *at = strstr((char *)forgery->manifest.at, "\"sha256\": \"");
    uint64_t read;

    must(jh_sha256_bytes(forgery->data.at, forgery->data.len, digest, &err));
    jh_hex(digest, sizeof digest, hex);
    memcpy(at + 11, hex, 64);
    spill(forgery->data_path, forgery->data.at, forgery->data.len);
    spill(forgery->manifest_path, forgery->manifest.at, forgery->manifest.len);

    must(jh_snapshot_open(&snapshot, forgery->fix.workspace, TEST_DAY, 1, &err));
    must(fixture_read(snapshot, &read, &err));
    if (words == NULL) {
        must(jh_snapshot_verify(snapshot, &err));
    } else {
        cr_assert_eq(jh_snapshot_verify(snapshot, &err), JIHE_CORRUPT, "not found: %s", words);
        cr_assert_not_null(strstr(err.message, words), "expected '%s': %s", words, err.message);
    }
    jh_snapshot_close(snapshot);
    free(forgery->data.at);
    free(forgery->manifest.at);
    fixture_remove(&forgery->fix);
}

/* One byte of one value, with its checksum made to fit. */
static void forge(uint32_t segment, uint32_t slot, size_t at, unsigned char byte, const char *words)
{
    struct forgery forgery = forgery_make();
    uint8_t key[JH_KEY_BYTES];
    unsigned char *value;

    jh_slots_key(segment, slot, key);
    value = value_of(&forgery, key);
    cr_assert(words == NULL || value[48 + at] != byte);
    value[48 + at] = byte;
    jh_stored_finish(value, key);
    expect_found(&forgery, words);
}

Test(snapshot_verify, finds_figures_that_do_not_follow)
{
    forge(0, 1, 0, 0, NULL); /* nothing changed: the forger's tools work */
    forge(0, 1, 0, 1, "2 amounts of 456 minor units in all, the manifest says 2 of 455");
    forge(0, 3, 17, 'X', "the stored hash is not that of the id"); /* BB becomes XB */
    forge(JH_SEGMENT_SPECIAL, JH_SLOT_TALLY + 3, 0, 1, "the tally is not the number of documents per person");
    forge(JH_SEGMENT_SPECIAL, JH_SLOT_TALLY + 3, 8, 2, "the tally is not the number of documents per person");
}

static void forge_codes(const int64_t codes[3], const char *words)
{
    struct forgery forgery = forgery_make();
    jh_colbuf column = {.encoding = JH_ENC_FIXED};
    uint8_t key[JH_KEY_BYTES];
    unsigned char *value;

    jh_slots_key(0, 2, key);
    value = value_of(&forgery, key);
    cr_assert(jh_colbuf_grow(&column, 0, 64));
    for (uint32_t row = 0; row < 3; row++)
        jh_colbuf_number(&column, row, codes[row]);
    jh_colbuf_encode(&column, 3, value);
    jh_stored_finish(value, key);
    jh_colbuf_deinit(&column);
    expect_found(&forgery, words);
}

Test(snapshot_verify, finds_codes_that_a_writer_would_not_give)
{
    forge_codes((const int64_t[]){0, 1, 0}, NULL);
    forge_codes((const int64_t[]){1, 0, 1}, "code 1 appears before code 0");
    forge_codes((const int64_t[]){0, 0, 0}, "1 of 2 dictionary entries are used");
    forge_codes((const int64_t[]){0, 1, 1}, "the tally is not the number of documents per person");
}
