#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/colbuf.h"
#include "snapshot/stored.h"
#include "store/env.h"

/* Snapshots whose every checksum fits but whose figures do not follow from their documents: what a faulty writer or a
 * patient forger would leave. Opening and reading cannot see it, jh_snapshot_verify must. */

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

static void replace(file_bytes *text, const char *was, const char *now)
{
    char *at = strstr((char *)text->at, was);
    file_bytes out;

    cr_assert_not_null(at, "%s", was);
    out.len = text->len - strlen(was) + strlen(now);
    out.at = malloc(out.len + 1);
    snprintf((char *)out.at, out.len + 1, "%.*s%s%s", (int)(at - (char *)text->at), (char *)text->at, now,
             at + strlen(was));
    free(text->at);
    *text = out;
}

/* Writes the forged file with a manifest that has its size and digest, and opens it. */
static jihe_status publish(struct forgery *forgery, jh_snapshot **snapshot, jihe_error *err)
{
    char was[80], now[80];
    const file_bytes old = slurp(forgery->data_path);
    uint8_t digest[32];

    snprintf(was, sizeof was, "\"file_bytes\": %zu,", old.len);
    snprintf(now, sizeof now, "\"file_bytes\": %zu,", forgery->data.len);
    replace(&forgery->manifest, was, now);
    cr_assert_eq(jh_sha256_bytes(old.at, old.len, digest, err), JIHE_OK);
    jh_hex(digest, sizeof digest, was);
    cr_assert_eq(jh_sha256_bytes(forgery->data.at, forgery->data.len, digest, err), JIHE_OK);
    jh_hex(digest, sizeof digest, now);
    replace(&forgery->manifest, was, now);
    spill(forgery->data_path, forgery->data.at, forgery->data.len);
    spill(forgery->manifest_path, forgery->manifest.at, forgery->manifest.len);
    free(old.at);
    return jh_snapshot_open(snapshot, forgery->fix.workspace, TEST_DAY, 1, err);
}

static void forgery_remove(struct forgery *forgery)
{
    free(forgery->data.at);
    free(forgery->manifest.at);
    fixture_remove(&forgery->fix);
}

/* Opens and reads without complaint; `words` is what verify says, NULL for nothing. */
static void expect_found(struct forgery *forgery, const char *words)
{
    jh_snapshot *snapshot;
    jihe_error err = {0};
    uint64_t read;

    must(publish(forgery, &snapshot, &err));
    must(fixture_read(snapshot, &read, &err));
    if (words == NULL) {
        must(jh_snapshot_verify(snapshot, &err));
    } else {
        cr_assert_eq(jh_snapshot_verify(snapshot, &err), JIHE_CORRUPT, "not found: %s", words);
        cr_assert_not_null(strstr(err.message, words), "expected '%s': %s", words, err.message);
    }
    jh_snapshot_close(snapshot);
    forgery_remove(forgery);
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
    /* Its columns: documents 2 1, amounts 2 0, lower halves 455 0, upper halves 0 0. */
    forge(JH_SEGMENT_SPECIAL, JH_SLOT_TALLY + 3, 65, 1, "the tally is not the number of documents");
    forge(JH_SEGMENT_SPECIAL, JH_SLOT_TALLY + 3, 129, 1, "the tally is not the sum of the documents' amounts");
    forge(JH_SEGMENT_SPECIAL, JH_SLOT_TALLY + 3, 194, 1, "the tally is not the sum of the documents' amounts");
}

static void forge_codes(const int64_t codes[3], const char *words)
{
    struct forgery forgery = forgery_make();
    jh_colbuf column = {.encoding = JH_ENC_FIXED};
    jh_packer packer = {0};
    jh_buf out = {0};
    jihe_error err = {0};
    uint8_t key[JH_KEY_BYTES];
    unsigned char *value;
    size_t at;

    jh_slots_key(0, 2, key);
    value = value_of(&forgery, key);
    cr_assert(jh_colbuf_grow(&column, 0, 64));
    for (uint32_t row = 0; row < 3; row++)
        jh_colbuf_number(&column, row, codes[row]);
    jh_colbuf_settle(&column, 3);
    must(jh_colbuf_encode(&column, 3, key, &packer, &out, &at, &err));
    memcpy(value, out.bytes, out.len);
    jh_buf_deinit(&out);
    jh_packer_deinit(&packer);
    jh_colbuf_deinit(&column);
    expect_found(&forgery, words);
}

Test(snapshot_verify, finds_codes_that_a_writer_would_not_give)
{
    forge_codes((const int64_t[]){0, 1, 0}, NULL);
    forge_codes((const int64_t[]){1, 0, 1}, "code 1 appears before code 0");
    forge_codes((const int64_t[]){0, 0, 0}, "1 of 2 dictionary entries are used");
    forge_codes((const int64_t[]){0, 1, 1}, "the tally is not the number of documents");
}

/* A copy of data.mdb made by LMDB itself, with one value left out, or one more. */
struct copy {
    jh_env *to;
    int next, leave_out;
    const uint8_t *add_before_special; /* a key, or NULL */
};

static void copy_one(struct copy *copy, const void *key, const void *value, size_t len)
{
    jihe_error err = {0};
    void *room;

    must(jh_build_put(copy->to, key, JH_KEY_BYTES, len, &room, &err));
    memcpy(room, value, len);
}

static jihe_status visit(void *context, const void *key, size_t key_len, const void *value, size_t len, jihe_error *err)
{
    struct copy *copy = context;

    (void)key_len, (void)err;
    if (copy->add_before_special != NULL && memcmp(copy->add_before_special, key, JH_KEY_BYTES) < 0) {
        copy_one(copy, copy->add_before_special, value, len);
        copy->add_before_special = NULL;
    }
    if (copy->next++ != copy->leave_out)
        copy_one(copy, key, value, len);
    return JIHE_OK;
}

static jihe_status open_copy(int leave_out, const uint8_t *add, int *values)
{
    struct forgery forgery = forgery_make();
    struct copy copy = {.leave_out = leave_out, .add_before_special = add};
    char path[160];
    jh_snapshot *snapshot;
    jihe_error err = {0};
    jihe_status st;
    jh_env *from;
    jh_txn *txn;

    snprintf(path, sizeof path, "%s/copy.mdb", forgery.fix.workspace);
    must(jh_env_open(&from, forgery.data_path, JH_ENV_SEALED, &err));
    must(jh_env_open(&copy.to, path, JH_ENV_BUILD, &err));
    must(jh_txn_begin(&txn, from, 0, 0, &err));
    must(jh_txn_scan(txn, 0, NULL, 0, visit, &copy, &err));
    must(jh_build_end(copy.to, &err));
    jh_txn_abort(txn);
    jh_env_close(copy.to);
    jh_env_close(from);
    *values = copy.next;
    free(forgery.data.at);
    forgery.data = slurp(path);
    st = publish(&forgery, &snapshot, &err);
    jh_snapshot_close(snapshot);
    forgery_remove(&forgery);
    return st;
}

Test(snapshot_verify, every_value_is_needed_and_no_other)
{
    static const uint8_t second_segment[] = {0, 0, 0, 1, 0, 0}, sixth_slot[] = {0, 0, 0, 0, 0, 5},
                         more_special[] = {255, 255, 255, 255, 0, 2};
    int values;

    cr_assert_eq(open_copy(-1, NULL, &values), JIHE_OK, "a faithful copy");
    cr_assert_eq(values, 9);
    for (int i = 0; i < 9; i++)
        cr_assert_eq(open_copy(i, NULL, &values), JIHE_CORRUPT, "without value %d", i);
    cr_assert_eq(open_copy(-1, second_segment, &values), JIHE_CORRUPT);
    cr_assert_eq(open_copy(-1, sixth_slot, &values), JIHE_CORRUPT);
    cr_assert_eq(open_copy(-1, more_special, &values), JIHE_OK, "left to later versions");
}
