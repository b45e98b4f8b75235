#include <criterion/criterion.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "ledger/anchor.h"
#include "ledger/ledger.h"
#include "store/env.h"

/* A workspace of its own per test (Criterion runs each in its own process). */
static char workspace[64];

static const char *in_ledger(const char *name)
{
    static char paths[8][128];
    static unsigned turn;
    char *path = paths[turn++ % 8];

    snprintf(path, sizeof paths[0], "%s/ledger/%s", workspace, name);
    return path;
}

static void make_workspace(void)
{
    jihe_error err = {0};

    strcpy(workspace, "/tmp/jihe-ledger-XXXXXX");
    cr_assert_not_null(mkdtemp(workspace));
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK, "%s", err.message);
}

static void remove_workspace(void)
{
    jh_file_remove_tree(in_ledger(""), NULL);
    jh_file_remove_tree(workspace, NULL);
}

TestSuite(ledger, .init = make_workspace, .fini = remove_workspace);

static jh_ledger *open_ledger(int write)
{
    jihe_error err = {0};
    jh_ledger *ledger;

    cr_assert_eq(jh_ledger_open(&ledger, workspace, write, &err), JIHE_OK, "%s", err.message);
    return ledger;
}

static jihe_status open_status(int write)
{
    jihe_error err = {0};
    jh_ledger *ledger;
    jihe_status st = jh_ledger_open(&ledger, workspace, write, &err);

    jh_ledger_close(ledger);
    return st;
}

/* One batch of `count` events {"n": number}. */
static jihe_status record(jh_ledger *ledger, uint64_t count, jihe_error *err)
{
    jh_buf body = {0};
    uint8_t hash[32];
    uint64_t number = jh_ledger_head(ledger, hash);
    jihe_status st = jh_ledger_begin(ledger, count * 100, err);

    for (uint64_t i = 0; st == JIHE_OK && i < count; i++) {
        uint64_t sequence = 0;
        number++;
        jh_buf_clear(&body);
        jh_pack_map(&body, 1);
        jh_pack_text(&body, "n");
        jh_pack_u64(&body, number);
        st = jh_ledger_append(ledger, "counted", (int64_t)number * 10, &body, &sequence, err);
        if (st == JIHE_OK && sequence != number)
            st = jh_fail(err, JIHE_BUG, "event %llu became %llu", (unsigned long long)number,
                         (unsigned long long)sequence);
    }
    jh_buf_deinit(&body);
    return st == JIHE_OK ? jh_ledger_commit(ledger, err) : st;
}

static void record_batches(unsigned batches, uint64_t each)
{
    jihe_error err = {0};
    jh_ledger *ledger = open_ledger(1);

    for (unsigned i = 0; i < batches; i++)
        cr_assert_eq(record(ledger, each, &err), JIHE_OK, "%s", err.message);
    jh_ledger_close(ledger);
}

/* The same in a child process, which must not assert: Criterion would go on in two processes. */
static pid_t record_in_child(unsigned batches, uint64_t each)
{
    const pid_t pid = fork();
    jihe_error err = {0};
    jh_ledger *ledger;
    jihe_status st;

    if (pid != 0)
        return pid;
    st = jh_ledger_open(&ledger, workspace, 1, &err);
    for (unsigned i = 0; st == JIHE_OK && i < batches; i++)
        st = record(ledger, each, &err);
    jh_ledger_close(ledger);
    if (st != JIHE_OK)
        fprintf(stderr, "child: %s\n", err.message);
    _exit((int)st);
}

static jihe_status check_event(void *context, const jh_event *event, jihe_error *err)
{
    uint64_t *seen = context;
    jh_unpack in, n;

    (void)err;
    cr_assert_eq(event->sequence, ++*seen);
    cr_assert_str_eq(event->kind, "counted");
    cr_assert_eq(event->at, (int64_t)*seen * 10);
    cr_assert(jh_unpack_begin(&in, event->body, event->body_len));
    cr_assert(jh_unpack_find(&in, "n", &n) && jh_unpack_u64(&n) == *seen);
    return JIHE_OK;
}

static uint64_t count_events(jh_ledger *ledger)
{
    jihe_error err = {0};
    uint64_t seen = 0;

    cr_assert_eq(jh_ledger_each(ledger, NULL, check_event, &seen, &err), JIHE_OK, "%s", err.message);
    return seen;
}

/* Opens for reading and checks everything: the number of events. */
static uint64_t verified_events(void)
{
    jihe_error err = {0};
    uint8_t hash[32];
    jh_ledger *ledger = open_ledger(0);
    const uint64_t seen = count_events(ledger);

    cr_assert_eq(jh_ledger_head(ledger, hash), seen);
    cr_assert_eq(jh_ledger_verify(ledger, &err), JIHE_OK, "%s", err.message);
    jh_ledger_close(ledger);
    return seen;
}

Test(ledger, events_come_back_in_order)
{
    cr_assert_eq(verified_events(), 0);
    record_batches(3, 1);
    record_batches(2, 1000);
    cr_assert_eq(verified_events(), 2003);
}

/* {"kind": "counted", "at": 10, "body": {"n": 1}} */
enum { PAYLOAD = 27, PAYLOAD_AT = 17 };
static const char first_payload[] = "\x83\xa4kind\xa7"
                                    "counted\xa2"
                                    "at\x0a\xa4"
                                    "body\x81\xa1n\x01";

/* The hash of the first two events, computed here from the description in ledger.h and from nothing else. */
Test(ledger, the_chain_is_as_described)
{
    uint8_t hash[32] = {0}, head[32];
    char hex[65], line[128];
    jh_buf anchor = {0};
    jihe_error err = {0};
    jh_ledger *ledger = open_ledger(1);

    cr_assert_eq(record(ledger, 2, &err), JIHE_OK);
    for (uint8_t n = 0; n < 2; n++) {
        uint8_t bytes[32 + 8 + PAYLOAD] = {0};
        memcpy(bytes, hash, 32);
        bytes[39] = (uint8_t)(n + 1);
        memcpy(bytes + 40, first_payload, PAYLOAD);
        bytes[40 + PAYLOAD_AT] = (uint8_t)(10 * (n + 1));
        bytes[40 + PAYLOAD - 1] = (uint8_t)(n + 1);
        cr_assert_eq(jh_sha256_bytes(bytes, sizeof bytes, hash, &err), JIHE_OK);
    }
    cr_assert_eq(jh_ledger_head(ledger, head), 2);
    cr_assert(memcmp(head, hash, 32) == 0);
    jh_ledger_close(ledger);
    jh_hex(hash, 32, hex);
    snprintf(line, sizeof line, "2 %s\n", hex);
    cr_assert_eq(jh_file_read(in_ledger("anchor"), 1000, &anchor, &err), JIHE_OK);
    cr_assert_str_eq(jh_buf_text(&anchor), line);
    jh_buf_deinit(&anchor);
}

Test(ledger, a_batch_is_all_or_nothing)
{
    jihe_error err = {0};
    jh_buf body = {0}, blob = {0};
    uint64_t sequence, seen = 0;
    jh_ledger *ledger = open_ledger(1);

    cr_assert_eq(record(ledger, 2, &err), JIHE_OK);
    jh_pack_map(&body, 1);
    jh_pack_text(&body, "n");
    jh_pack_u64(&body, 3);
    cr_assert_eq(jh_ledger_begin(ledger, 1000, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_append(ledger, "counted", 30, &body, &sequence, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence, 0, "xyz", 3, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_each(ledger, NULL, check_event, &seen, &err), JIHE_OK, "inside the batch");
    cr_assert_eq(seen, 3);
    cr_assert_eq(jh_ledger_blob(ledger, 3, 0, &blob, &err), JIHE_OK);
    jh_ledger_rollback(ledger);
    cr_assert_eq(count_events(ledger), 2);
    cr_assert_eq(jh_ledger_blob(ledger, 3, 0, &blob, &err), JIHE_NOT_FOUND);

    cr_assert_eq(jh_ledger_begin(ledger, 1000, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_append(ledger, "counted", 30, &body, NULL, &err), JIHE_OK);
    jh_ledger_close(ledger); /* without commit */
    cr_assert_eq(verified_events(), 2);
    jh_buf_deinit(&body);
    jh_buf_deinit(&blob);
}

Test(ledger, blobs)
{
    jihe_error err = {0};
    jh_buf body = {0}, out = {0};
    const size_t large = (size_t)3 << 20;
    char *bytes = malloc(large);
    uint64_t sequence;
    jh_ledger *ledger = open_ledger(1);

    memset(bytes, 'h', large);
    jh_pack_nil(&body);
    cr_assert_eq(jh_ledger_begin(ledger, 2 * large, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_append(ledger, "run", 1, &body, &sequence, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence, 0, bytes, large, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence, 70000, "", 0, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence, 0, "again", 5, &err), JIHE_BUG);
    cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_ledger_blob(ledger, sequence, 0, &out, &err), JIHE_OK);
    cr_assert(out.len == large && memcmp(out.bytes, bytes, large) == 0);
    jh_buf_clear(&out);
    cr_assert_eq(jh_ledger_blob(ledger, sequence, 70000, &out, &err), JIHE_OK);
    cr_assert_eq(out.len, 0);
    cr_assert_eq(jh_ledger_blob(ledger, sequence, 1, &out, &err), JIHE_NOT_FOUND);

    cr_assert_eq(jh_ledger_begin(ledger, 100, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence, 2, "late", 4, &err), JIHE_BUG, "the event is recorded");
    cr_assert_eq(jh_ledger_put_blob(ledger, sequence + 1, 0, "x", 1, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_BUG, "without its event");
    cr_assert_eq(jh_ledger_blob(ledger, sequence + 1, 0, &out, &err), JIHE_NOT_FOUND);
    jh_ledger_close(ledger);
    free(bytes);
    jh_buf_deinit(&body);
    jh_buf_deinit(&out);
}

Test(ledger, misuse_is_a_bug)
{
    jihe_error err = {0};
    jh_buf good = {0}, bad = {0};
    char kind[80] = {0};
    jh_ledger *ledger = open_ledger(1);
    jh_ledger *other;

    memset(kind, 'k', 65);
    jh_pack_nil(&good);
    jh_pack_nil(&bad);
    jh_pack_nil(&bad);
    cr_assert_eq(jh_ledger_open(&other, workspace, 0, &err), JIHE_BUSY, "open in this process");
    cr_assert_eq(jh_ledger_append(ledger, "x", 1, &good, NULL, &err), JIHE_BUG);
    cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_BUG);
    cr_assert_eq(jh_ledger_begin(ledger, 0, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_begin(ledger, 0, &err), JIHE_BUG);
    cr_assert_eq(jh_ledger_append(ledger, "x", 1, &bad, NULL, &err), JIHE_BUG, "two values");
    cr_assert_eq(jh_ledger_append(ledger, kind, 1, &good, NULL, &err), JIHE_BUG, "65 bytes of kind");
    cr_assert_eq(jh_ledger_append(ledger, "", 1, &good, NULL, &err), JIHE_BUG);
    kind[64] = '\0';
    cr_assert_eq(jh_ledger_append(ledger, kind, INT64_MIN, &good, NULL, &err), JIHE_OK);
    cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_OK);
    jh_ledger_close(ledger);
    ledger = open_ledger(0);
    cr_assert_eq(jh_ledger_begin(ledger, 0, &err), JIHE_BUG, "open for reading");
    jh_ledger_close(ledger);
    jh_buf_deinit(&good);
    jh_buf_deinit(&bad);
}

Test(ledger, none_at_all)
{
    remove_workspace();
    cr_assert_eq(open_status(0), JIHE_NOT_FOUND);
    cr_assert_eq(open_status(1), JIHE_NOT_FOUND);
}

Test(ledger, creating_again_changes_nothing)
{
    jihe_error err = {0};

    record_batches(1, 5);
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(verified_events(), 5);
}

Test(ledger, a_crash_while_creating_is_finished_by_the_next)
{
    jihe_error err = {0};

    unlink(in_ledger("ledger.mdb")); /* the anchor comes first */
    cr_assert_eq(open_status(0), JIHE_NOT_FOUND);
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK);
    record_batches(1, 1);
    cr_assert_eq(verified_events(), 1);
}

Test(ledger, files_are_private)
{
    static const char *const names[] = {"anchor", "ledger.mdb", "ledger.mdb-lock"};
    jihe_error err = {0};
    struct stat st;

    remove_workspace();
    umask(0);
    cr_assert_eq(mkdir(workspace, 0700), 0);
    umask(0777);
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK, "%s", err.message);
    umask(0);
    for (size_t i = 0; i < 3; i++)
        cr_assert(stat(in_ledger(names[i]), &st) == 0 && (st.st_mode & 07777) == 0600, "%s", names[i]);
    cr_assert(stat(in_ledger(""), &st) == 0 && (st.st_mode & 07777) == 0700);
}

/* A reader's handle shows what was there when it was opened, and stays valid while another process records. */
Test(ledger, a_reader_beside_a_writer)
{
    jh_ledger *ledger;
    jihe_error err = {0};
    uint8_t hash[32];
    pid_t pid;
    int status;

    record_batches(1, 10);
    ledger = open_ledger(0);
    pid = record_in_child(200, 50); /* outgrows the reader's map */
    for (int i = 0; i < 20; i++) {
        cr_assert_eq(count_events(ledger), 10);
        cr_assert_eq(jh_ledger_verify(ledger, &err), JIHE_OK, "%s", err.message);
    }
    waitpid(pid, &status, 0);
    cr_assert_eq(status, 0);
    cr_assert_eq(jh_ledger_head(ledger, hash), 10);
    cr_assert_eq(jh_ledger_verify(ledger, &err), JIHE_OK, "%s", err.message);
    jh_ledger_close(ledger);
    cr_assert_eq(verified_events(), 10010);
}

/* Opening while another process commits: never a false alarm. */
Test(ledger, opening_beside_a_writer)
{
    const pid_t pid = record_in_child(300, 1);
    int status = -1, opened = 0;

    while (waitpid(pid, &status, WNOHANG) == 0) {
        jh_ledger_close(open_ledger(0));
        opened++;
    }
    cr_assert_eq(status, 0);
    cr_assert(opened > 5, "%d", opened);
    cr_assert_eq(verified_events(), 300);
}

Test(ledger, two_writers_do_not_mix)
{
    jihe_error err = {0};
    jh_ledger *ledger;
    pid_t pid;
    int status;

    record_batches(1, 1);
    ledger = open_ledger(1);
    pid = record_in_child(1, 3);
    waitpid(pid, &status, 0);
    cr_assert_eq(status, 0);
    cr_assert_eq(jh_ledger_begin(ledger, 0, &err), JIHE_BUSY, "head has moved: %s", err.message);
    jh_ledger_close(ledger);
    cr_assert_eq(verified_events(), 4);
}

/* Tampering */

static void copy_file(const char *from, const char *to)
{
    jihe_error err = {0};
    jh_buf bytes = {0};
    int fd;

    cr_assert_eq(jh_file_read(from, (size_t)1 << 28, &bytes, &err), JIHE_OK, "%s", err.message);
    fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, bytes.bytes, bytes.len), (ssize_t)bytes.len);
    close(fd);
    jh_buf_deinit(&bytes);
}

/* The status of opening, reading all and verifying; opening for writing must not hide it either. */
static jihe_status inspect(void)
{
    jihe_error err = {0};
    jh_ledger *ledger;
    jihe_status st = JIHE_OK;

    for (int write = 0; write < 2 && st == JIHE_OK; write++) {
        st = jh_ledger_open(&ledger, workspace, write, &err);
        if (st == JIHE_OK)
            st = jh_ledger_verify(ledger, &err);
        jh_ledger_close(ledger);
    }
    return st;
}

static void overwrite(const char *path, off_t at, const void *bytes, size_t len)
{
    const int fd = open(path, O_WRONLY);

    cr_assert(fd >= 0);
    cr_assert_eq(pwrite(fd, bytes, len, at), (ssize_t)len);
    close(fd);
}

/* Each occurrence of an event's bytes in the file (old copies of its page too) with one bit turned. */
Test(ledger, a_changed_payload_is_found)
{
    jh_buf file = {0};
    jihe_error err = {0};
    unsigned found = 0;

    record_batches(3, 4);
    cr_assert_eq(inspect(), JIHE_OK);
    cr_assert_eq(jh_file_read(in_ledger("ledger.mdb"), (size_t)1 << 28, &file, &err), JIHE_OK);
    for (uint8_t event = 1; event <= 12; event++) {
        const uint8_t body[] = {0xa4, 'b', 'o', 'd', 'y', 0x81, 0xa1, 'n', event};
        const uint8_t *at = file.bytes;
        const uint8_t *end = file.bytes + file.len;

        while ((at = memmem(at, (size_t)(end - at), body, sizeof body)) != NULL) {
            const uint8_t changed = event ^ 0x40;
            overwrite(in_ledger("ledger.mdb"), at - file.bytes + 8, &changed, 1);
            at++;
            found++;
        }
        cr_assert_eq(inspect(), JIHE_CORRUPT, "event %u", event);
        overwrite(in_ledger("ledger.mdb"), 0, file.bytes, file.len);
        cr_assert_eq(inspect(), JIHE_OK);
    }
    cr_assert(found >= 12);
    jh_buf_deinit(&file);
}

/* A rebuilt store of fewer events, made by the program itself, under the old anchor. */
Test(ledger, a_cut_tail_is_found)
{
    record_batches(6, 1);
    copy_file(in_ledger("anchor"), in_ledger("kept"));
    unlink(in_ledger("ledger.mdb"));
    unlink(in_ledger("anchor"));
    jihe_error err = {0};
    cr_assert_eq(jh_ledger_create(workspace, &err), JIHE_OK);
    record_batches(5, 1);
    cr_assert_eq(inspect(), JIHE_OK);
    copy_file(in_ledger("kept"), in_ledger("anchor"));
    cr_assert_eq(inspect(), JIHE_CORRUPT);
}

Test(ledger, an_older_copy_is_found)
{
    for (unsigned batches = 1; batches <= 3; batches++) {
        record_batches(1, 2);
        copy_file(in_ledger("ledger.mdb"), in_ledger("old"));
        record_batches(batches, 3);
        copy_file(in_ledger("ledger.mdb"), in_ledger("new"));
        copy_file(in_ledger("old"), in_ledger("ledger.mdb"));
        cr_assert_eq(inspect(), JIHE_CORRUPT);
        copy_file(in_ledger("new"), in_ledger("ledger.mdb"));
        cr_assert_eq(inspect(), JIHE_OK);
    }
}

/* An event put in place of another, with a right hash of its own: the next one does not follow. */
Test(ledger, a_replaced_event_is_found)
{
    jihe_error err = {0};
    uint8_t bytes[32 + 8 + PAYLOAD] = {0}, event[32 + 32 + PAYLOAD] = {0};
    static const uint8_t key[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    jh_env *env;
    jh_txn *txn;

    record_batches(1, 3); /* one anchor line, of the third event */
    bytes[39] = 1;
    memcpy(bytes + 40, first_payload, PAYLOAD);
    bytes[40 + PAYLOAD - 1] = 7;
    cr_assert_eq(jh_sha256_bytes(bytes, sizeof bytes, event + 32, &err), JIHE_OK);
    memcpy(event + 64, bytes + 40, PAYLOAD);
    cr_assert_eq(jh_env_open(&env, in_ledger("ledger.mdb"), JH_ENV_LEDGER, &err), JIHE_OK);
    cr_assert_eq(jh_txn_begin(&txn, env, 1, 100, &err), JIHE_OK);
    cr_assert_eq(jh_txn_replace(txn, 0, key, 8, event, sizeof event, &err), JIHE_OK);
    cr_assert_eq(jh_txn_commit(txn, &err), JIHE_OK);
    jh_env_close(env);
    cr_assert_eq(inspect(), JIHE_CORRUPT);
}

/* The anchor: one character of each line changed, lines taken out, doubled or swapped, garbage behind it, gone. */
Test(ledger, an_edited_anchor_is_found)
{
    jh_buf anchor = {0};
    jihe_error err = {0};
    size_t line;

    record_batches(5, 1);
    cr_assert_eq(jh_file_read(in_ledger("anchor"), 10000, &anchor, &err), JIHE_OK);
    line = anchor.len / 5;
    for (size_t i = 0; i < 5; i++) {
        static const size_t places[] = {0, 1, 2, 30, 65};
        for (size_t k = 0; k < 5; k++) {
            const size_t at = i * line + places[k];
            const char changed = anchor.bytes[at] == '3' ? '4' : '3';
            overwrite(in_ledger("anchor"), (off_t)at, &changed, 1);
            cr_assert_eq(inspect(), JIHE_CORRUPT, "line %zu, place %zu", i, places[k]);
            overwrite(in_ledger("anchor"), 0, anchor.bytes, anchor.len);
        }
    }
    overwrite(in_ledger("anchor"), (off_t)line, anchor.bytes, line);
    cr_assert_eq(inspect(), JIHE_CORRUPT, "the first line twice");
    overwrite(in_ledger("anchor"), 0, anchor.bytes, anchor.len);
    cr_assert_eq(truncate(in_ledger("anchor"), (off_t)(3 * line)), 0);
    cr_assert_eq(inspect(), JIHE_CORRUPT, "two lines less");
    cr_assert_eq(truncate(in_ledger("anchor"), 0), 0);
    cr_assert_eq(inspect(), JIHE_CORRUPT, "empty");
    unlink(in_ledger("anchor"));
    cr_assert_eq(inspect(), JIHE_CORRUPT, "gone");
    copy_file(in_ledger("ledger.mdb"), in_ledger("anchor"));
    cr_assert_eq(inspect(), JIHE_CORRUPT, "a store");
    jh_buf_deinit(&anchor);
}

Test(ledger, a_lost_store_is_found)
{
    record_batches(2, 1);
    unlink(in_ledger("ledger.mdb"));
    cr_assert_eq(inspect(), JIHE_CORRUPT);
}

/* What a crash leaves of the last line, at every length: accepted, and whole after the next opening for writing. */
Test(ledger, a_torn_anchor_line_is_repaired)
{
    jh_buf anchor = {0}, again = {0};
    jihe_error err = {0};
    size_t line;

    record_batches(12, 1); /* lines of different length */
    cr_assert_eq(jh_file_read(in_ledger("anchor"), 10000, &anchor, &err), JIHE_OK);
    line = (size_t)(anchor.bytes + anchor.len - 1 - (uint8_t *)memrchr(anchor.bytes, '\n', anchor.len - 1));
    cr_assert_eq(line, 68);
    for (size_t cut = 1; cut <= line; cut++) {
        cr_assert_eq(truncate(in_ledger("anchor"), (off_t)(anchor.len - cut)), 0);
        cr_assert_eq(open_status(0), JIHE_OK, "%zu bytes missing", cut);
        cr_assert_eq(open_status(1), JIHE_OK);
        jh_buf_clear(&again);
        cr_assert_eq(jh_file_read(in_ledger("anchor"), 10000, &again, &err), JIHE_OK);
        cr_assert(again.len == anchor.len && memcmp(again.bytes, anchor.bytes, again.len) == 0, "%zu", cut);
    }
    cr_assert_eq(truncate(in_ledger("anchor"), (off_t)(anchor.len - 5)), 0);
    cr_assert_eq(truncate(in_ledger("anchor"), (off_t)anchor.len), 0); /* zeros, as after a power cut */
    record_batches(1, 1);
    cr_assert_eq(verified_events(), 13);
    jh_buf_deinit(&anchor);
    jh_buf_deinit(&again);
}

/* Crashes */

/* Records for ever, in batches of 1 to 7, and says the head's number after each commit. */
static void record_until_killed(int acknowledge)
{
    jihe_error err = {0};
    jh_ledger *ledger;
    uint8_t hash[32];

    if (jh_ledger_open(&ledger, workspace, 1, &err) != JIHE_OK)
        _exit(9);
    for (uint64_t batch = 0;; batch++) {
        uint64_t head;
        if (record(ledger, 1 + batch % 7, &err) != JIHE_OK)
            _exit(8);
        head = jh_ledger_head(ledger, hash);
        if (write(acknowledge, &head, sizeof head) != sizeof head)
            _exit(7);
    }
}

/* Kills a recording child after `us` microseconds: the last number it acknowledged. */
static uint64_t crash_after(unsigned us)
{
    const struct timespec wait = {0, (long)us * 1000};
    uint64_t head, last = 0;
    int ends[2], status;
    pid_t pid;

    cr_assert_eq(pipe(ends), 0);
    pid = fork();
    if (pid == 0)
        record_until_killed(ends[1]);
    close(ends[1]);
    nanosleep(&wait, NULL);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    cr_assert(WIFSIGNALED(status), "the child ended by itself: %d", WEXITSTATUS(status));
    while (read(ends[0], &head, sizeof head) == (ssize_t)sizeof head)
        last = head;
    close(ends[0]);
    return last;
}

Test(ledger, kill_9_loses_nothing_acknowledged)
{
    uint64_t state = 3, acknowledged = 0;
    unsigned working = 0, reach_us = 40000;

    for (int round = 0; round < 60; round++) {
        uint64_t last, stored;
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        last = crash_after(500 + (unsigned)(state >> 40) % reach_us);
        working += last > 0;
        if (last == 0 && reach_us < 400000) /* a slow machine or a sanitizer: give the next child more time */
            reach_us += reach_us / 8;
        if (last > acknowledged)
            acknowledged = last;
        stored = verified_events();
        cr_assert(stored >= acknowledged, "round %d: %llu acknowledged, %llu there", round,
                  (unsigned long long)acknowledged, (unsigned long long)stored);
        acknowledged = stored;
    }
    cr_assert(working > 20, "only %u rounds got as far as one commit", working);
    cr_assert_eq(inspect(), JIHE_OK);
}

static bool traced(pid_t pid)
{
    char path[64], text[4096];
    FILE *status;
    size_t got;

    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    status = fopen(path, "r");
    cr_assert_not_null(status);
    got = fread(text, 1, sizeof text - 1, status);
    fclose(status);
    text[got] = '\0';
    return strstr(text, "TracerPid:\t0\n") == NULL;
}

/* strace on a running child, which it kills at its n-th call of one kind. */
static pid_t trace(pid_t pid, const char *call, int n)
{
    char inject[64], attach[16];
    pid_t tracer;

    snprintf(inject, sizeof inject, "inject=%s:signal=KILL:when=%d", call, n);
    snprintf(attach, sizeof attach, "%ld", (long)pid);
    tracer = fork();
    if (tracer == 0) {
        execl("/usr/bin/strace", "strace", "-q", "-o", "/dev/null", "-e", "trace=pwrite64,write,writev,fdatasync", "-e",
              inject, "-p", attach, (char *)NULL);
        _exit(5);
    }
    for (int i = 0; i < 2000 && !traced(pid); i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    return tracer;
}

/* The last number acknowledged by a recording child that dies at its n-th call. */
static uint64_t crash_at(const char *call, int n)
{
    uint64_t head, last = 0;
    int go[2], ends[2], status;
    pid_t pid, tracer;
    char c = 0;

    cr_assert(pipe(go) == 0 && pipe(ends) == 0);
    pid = fork();
    if (pid == 0) {
        if (read(go[0], &c, 1) != 1)
            _exit(6);
        record_until_killed(ends[1]);
    }
    close(ends[1]);
    tracer = trace(pid, call, n);
    if (!traced(pid)) { /* not allowed here */
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        waitpid(tracer, NULL, 0);
        cr_skip_test("strace cannot attach");
    }
    cr_assert_eq(write(go[1], &c, 1), 1);
    waitpid(pid, &status, 0);
    waitpid(tracer, NULL, 0);
    cr_assert(WIFSIGNALED(status), "%s %d: exit %d", call, n, WEXITSTATUS(status));
    while (read(ends[0], &head, sizeof head) == (ssize_t)sizeof head)
        last = head;
    close(ends[0]);
    close(go[0]);
    close(go[1]);
    return last;
}

/* A kill at exactly the n-th write or sync, where strace is installed and may attach. */
Test(ledger, kill_at_every_write_call)
{
    static const char *const calls[] = {"pwrite64", "write", "writev", "fdatasync"};

    if (access("/usr/bin/strace", X_OK) != 0)
        cr_skip_test("strace is not installed");
    for (size_t call = 0; call < sizeof calls / sizeof calls[0]; call++) {
        for (int n = 1; n <= 8; n++) {
            const uint64_t before = verified_events();
            const uint64_t last = crash_at(calls[call], n);
            const uint64_t stored = verified_events();

            cr_assert(stored >= last && stored >= before, "%s %d: %llu acknowledged, %llu there", calls[call], n,
                      (unsigned long long)last, (unsigned long long)stored);
        }
    }
}

static jihe_status count_kind(void *context, const jh_event *event, jihe_error *err)
{
    (void)err;
    cr_assert_str_eq(event->kind, "rare");
    ++*(unsigned *)context;
    return JIHE_OK;
}

/* Asked for one kind, a reader sees that kind and no kind that begins like it; the chain is checked all the same. */
Test(ledger, one_kind)
{
    static const char *const kinds[] = {"common", "rare", "rarer", "rar", "common", "rare"};
    jihe_error err = {0};
    jh_ledger *ledger = NULL;
    unsigned seen = 0;

    cr_assert_eq(jh_ledger_open(&ledger, workspace, 1, &err), JIHE_OK, "%s", err.message);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        jh_buf body = {0};

        jh_pack_nil(&body);
        cr_assert_eq(jh_ledger_begin(ledger, 64, &err), JIHE_OK, "%s", err.message);
        cr_assert_eq(jh_ledger_append(ledger, kinds[i], 1, &body, NULL, &err), JIHE_OK, "%s", err.message);
        cr_assert_eq(jh_ledger_commit(ledger, &err), JIHE_OK, "%s", err.message);
        jh_buf_deinit(&body);
    }
    cr_assert_eq(jh_ledger_each(ledger, "rare", count_kind, &seen, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(seen, 2);
    cr_assert_eq(jh_ledger_each(ledger, "absent", count_kind, &seen, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(seen, 2);
    jh_ledger_close(ledger);
}
