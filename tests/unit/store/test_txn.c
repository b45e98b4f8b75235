#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "store/env.h"

TestSuite(txn, .fini = scratch_remove);

static jh_env *open_ledger(const char *path, jh_env_mode mode)
{
    jihe_error err = {0};
    jh_env *env;

    cr_assert_eq(jh_env_open(&env, path, mode, &err), JIHE_OK, "%s", err.message);
    return env;
}

static void add(jh_env *env, unsigned table, uint32_t first, uint32_t count, size_t len)
{
    jihe_error err = {0};
    char *value = calloc(1, len + 1);
    jh_txn *txn;

    cr_assert_eq(jh_txn_begin(&txn, env, 1, count * len, &err), JIHE_OK, "%s", err.message);
    for (uint32_t n = first; n < first + count; n++) {
        char key[9];
        snprintf(key, sizeof key, "%08u", n);
        memset(value, (int)(n % 251), len);
        cr_assert_eq(jh_txn_add(txn, table, key, 8, value, len, &err), JIHE_OK, "%s", err.message);
    }
    cr_assert_eq(jh_txn_commit(txn, &err), JIHE_OK, "%s", err.message);
    free(value);
}

static jihe_status count(void *context, const void *key, size_t key_len, const void *value, size_t len, jihe_error *err)
{
    uint32_t *seen = context;
    char want[9];

    (void)err;
    snprintf(want, sizeof want, "%08u", *seen);
    if (key_len != 8 || memcmp(key, want, 8) != 0 || len == 0 || *(const uint8_t *)value != *seen % 251)
        return JIHE_CORRUPT;
    ++*seen;
    return JIHE_OK;
}

static uint32_t count_table(jh_env *env, unsigned table)
{
    jihe_error err = {0};
    uint32_t seen = 0;
    jh_txn *txn;

    cr_assert_eq(jh_txn_begin(&txn, env, 0, 0, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_txn_scan(txn, table, NULL, 0, count, &seen, &err), JIHE_OK);
    jh_txn_abort(txn);
    return seen;
}

/* Grows from nothing to tens of MiB, several levels of pages, in four tables; the tree check at each opening agrees. */
Test(txn, tables_keep_what_was_committed)
{
    const char *path = scratch("l.mdb");

    for (uint32_t round = 0; round < 4; round++) {
        jh_env *env = open_ledger(path, JH_ENV_LEDGER);

        for (unsigned table = 0; table < 4; table++) {
            add(env, table, round * 3000, 3000, 10 + 300 * table);
            cr_assert_eq(count_table(env, table), (round + 1) * 3000);
        }
        jh_env_close(env);
    }
    jh_env *env = open_ledger(path, JH_ENV_LEDGER_READ);
    for (unsigned table = 0; table < 4; table++)
        cr_assert_eq(count_table(env, table), 12000);
    jh_env_close(env);
}

/* Freed pages and a free list of some length: many small commits that replace, while the tree check must stay content.
 */
Test(txn, replacing_and_reopening)
{
    const char *path = scratch("r.mdb");
    uint64_t state = 5;
    jihe_error err = {0};

    for (int round = 0; round < 20; round++) {
        jh_env *env = open_ledger(path, JH_ENV_LEDGER);

        for (int k = 0; k < 10; k++) {
            char *value = calloc(1, 30000);
            jh_txn *txn;

            cr_assert_eq(jh_txn_begin(&txn, env, 1, 300000, &err), JIHE_OK, "%s", err.message);
            for (int i = 0; i < 20; i++) {
                char key[16];
                state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
                snprintf(key, sizeof key, "%llu", (unsigned long long)(state >> 54));
                cr_assert_eq(jh_txn_replace(txn, 1, key, strlen(key), value, state >> 33 & 0x3fff, &err), JIHE_OK);
            }
            cr_assert_eq(jh_txn_commit(txn, &err), JIHE_OK);
            free(value);
        }
        jh_env_close(env);
    }
}

Test(txn, get_add_last_scan)
{
    jh_env *env = open_ledger(scratch("g.mdb"), JH_ENV_LEDGER);
    const void *key, *value;
    size_t key_len, len;
    uint32_t seen = 90;
    jihe_error err = {0};
    jh_txn *txn;

    cr_assert_eq(jh_txn_begin(&txn, env, 1, 100, &err), JIHE_OK);
    cr_assert_eq(jh_txn_last(txn, 0, &key, &key_len, &value, &len, &err), JIHE_NOT_FOUND);
    cr_assert_eq(jh_txn_scan(txn, 0, NULL, 0, count, &seen, &err), JIHE_OK);
    cr_assert_eq(jh_txn_add(txn, 0, "k", 1, "v", 1, &err), JIHE_OK);
    cr_assert_eq(jh_txn_add(txn, 0, "k", 1, "w", 1, &err), JIHE_BUG, "the key exists");
    cr_assert_eq(jh_txn_add(txn, 4, "k", 1, "w", 1, &err), JIHE_BUG, "no such table");
    cr_assert_eq(jh_txn_replace(txn, 0, "k", 1, "x", 1, &err), JIHE_OK);
    cr_assert_eq(jh_txn_get(txn, 1, "k", 1, &value, &len, &err), JIHE_NOT_FOUND);
    jh_txn_abort(txn);
    cr_assert_eq(jh_txn_begin(&txn, env, 0, 0, &err), JIHE_OK);
    cr_assert_eq(jh_txn_get(txn, 0, "k", 1, &value, &len, &err), JIHE_NOT_FOUND, "aborted");
    cr_assert_eq(jh_txn_add(txn, 0, "k", 1, "w", 1, &err), JIHE_BUG, "a read transaction");
    jh_txn_abort(txn);

    add(env, 0, 0, 100, 5);
    cr_assert_eq(jh_txn_begin(&txn, env, 0, 0, &err), JIHE_OK);
    cr_assert_eq(jh_txn_last(txn, 0, &key, &key_len, &value, &len, &err), JIHE_OK);
    cr_assert(key_len == 8 && memcmp(key, "00000099", 8) == 0 && len == 5);
    cr_assert_eq(jh_txn_scan(txn, 0, "0000009", 7, count, &seen, &err), JIHE_OK);
    cr_assert_eq(seen, 100, "from the first key that is not less");
    seen = 7;
    cr_assert_eq(jh_txn_scan(txn, 0, NULL, 0, count, &seen, &err), JIHE_CORRUPT, "what visit returns");
    jh_txn_abort(txn);
    jh_env_close(env);
}

Test(txn, one_handle_per_process_and_one_writer)
{
    const char *path = scratch("o.mdb");
    jh_env *env = open_ledger(path, JH_ENV_LEDGER);
    jh_env *other;
    jh_txn *txn, *second;
    jihe_error err = {0};

    cr_assert_eq(jh_env_open(&other, path, JH_ENV_LEDGER, &err), JIHE_BUSY);
    cr_assert_eq(jh_env_open(&other, path, JH_ENV_LEDGER_READ, &err), JIHE_BUSY);
    cr_assert_eq(jh_txn_begin(&txn, env, 1, 0, &err), JIHE_OK);
    cr_assert_eq(jh_txn_begin(&second, env, 1, 0, &err), JIHE_BUG, "would wait for itself");
    jh_txn_abort(txn);
    jh_env_close(env);
    env = open_ledger(path, JH_ENV_LEDGER_READ);
    cr_assert_eq(jh_txn_begin(&txn, env, 1, 0, &err), JIHE_BUG, "open for reading");
    jh_env_close(env);
}

/* Another process opens the same file, reads, and reads again after the writer's map has outgrown its own
 * (MDB_MAP_RESIZED). Children do not assert: Criterion would go on in two processes. */
struct pipes {
    const char *path;
    int in, out; /* the reader's ends */
};

static bool reader_sees(jh_env *env, uint32_t records)
{
    uint32_t seen = 0;
    jh_txn *txn;
    bool ok = jh_txn_begin(&txn, env, 0, 0, NULL) == JIHE_OK;

    if (ok && jh_txn_scan(txn, 0, NULL, 0, count, &seen, NULL) != JIHE_OK)
        ok = false;
    jh_txn_abort(txn);
    return ok && seen == records;
}

static int reader(void *context)
{
    const struct pipes *p = context;
    jh_env *env;
    char c = 'r';

    if (jh_env_open(&env, p->path, JH_ENV_LEDGER_READ, NULL) != JIHE_OK || !reader_sees(env, 10))
        return 1;
    if (write(p->out, &c, 1) != 1 || read(p->in, &c, 1) != 1 || !reader_sees(env, 40010))
        return 2;
    jh_env_close(env);
    return 0;
}

Test(txn, a_reader_follows_a_growing_map)
{
    struct pipes p = {.path = scratch("f.mdb")};
    int down[2], up[2], status;
    jh_env *env = open_ledger(p.path, JH_ENV_LEDGER);
    pid_t pid;
    char c;

    add(env, 0, 0, 10, 100);
    jh_env_close(env);
    cr_assert(pipe(down) == 0 && pipe(up) == 0);
    p.in = down[0];
    p.out = up[1];
    pid = fork();
    if (pid == 0)
        _exit(reader(&p));
    cr_assert_eq(read(up[0], &c, 1), 1);
    env = open_ledger(p.path, JH_ENV_LEDGER);
    add(env, 0, 10, 40000, 1000);
    cr_assert_eq(write(down[1], &c, 1), 1);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(status, 0);
    jh_env_close(env);
}

Test(txn, more_than_announced_is_a_bug_and_not_a_crash)
{
    jh_env *env = open_ledger(scratch("m.mdb"), JH_ENV_LEDGER);
    char *value = calloc(1, (size_t)40 << 20);
    jihe_error err = {0};
    jh_txn *txn;

    cr_assert_eq(jh_txn_begin(&txn, env, 1, 0, &err), JIHE_OK);
    cr_assert_eq(jh_txn_add(txn, 0, "k", 1, value, (size_t)40 << 20, &err), JIHE_BUG);
    jh_txn_abort(txn);
    cr_assert_eq(jh_txn_begin(&txn, env, 1, (uint64_t)40 << 20, &err), JIHE_OK);
    cr_assert_eq(jh_txn_add(txn, 0, "k", 1, value, (size_t)40 << 20, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_txn_commit(txn, &err), JIHE_OK);
    cr_assert_eq(jh_txn_begin(&txn, env, 1, UINT64_MAX, &err), JIHE_BUG);
    jh_env_close(env);
    free(value);
}

Test(txn, files_are_private)
{
    const char *path = scratch("p.mdb");
    struct stat st;
    jihe_error err = {0};
    jh_env *env;

    umask(0777);
    jh_env_close(open_ledger(path, JH_ENV_LEDGER));
    umask(0);
    cr_assert(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
    cr_assert(stat(scratch("p.mdb-lock"), &st) == 0 && (st.st_mode & 07777) == 0600);
    cr_assert_neq(access(scratch("p.mdb.new"), F_OK), 0);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(chmod(path, i == 0 ? 0620 : 0602), 0);
        cr_assert_eq(jh_env_open(&env, path, JH_ENV_LEDGER, &err), JIHE_NOT_PERMITTED);
        cr_assert_eq(jh_env_open(&env, path, JH_ENV_SEALED, &err), JIHE_NOT_PERMITTED);
    }
}

Test(txn, absent_files)
{
    jihe_error err = {0};
    jh_env *env;

    cr_assert_eq(jh_env_open(&env, scratch("none.mdb"), JH_ENV_LEDGER_READ, &err), JIHE_NOT_FOUND);
    cr_assert_eq(jh_env_open(&env, scratch("none.mdb"), JH_ENV_SEALED, &err), JIHE_NOT_FOUND);
    cr_assert_null(env);
    cr_assert_neq(access(scratch("none.mdb"), F_OK), 0, "looking makes nothing");
}

/* A full disk (a small tmpfs; needs root): a status with the free space, what was committed stays, no second try. */
Test(txn, full_disk)
{
    char *where = strdup(scratch("mnt"));
    char path[160];
    char value[4000] = {1};
    jihe_error err = {0};
    jh_env *env;
    jihe_status st = JIHE_OK;
    uint32_t kept = 0;

    cr_assert_eq(mkdir(where, 0700), 0);
    if (mount("tmpfs", where, "tmpfs", 0, "size=256k,mode=0700") != 0)
        cr_skip_test("no tmpfs here (%s)", strerror(errno));
    snprintf(path, sizeof path, "%s/l.mdb", where);
    env = open_ledger(path, JH_ENV_LEDGER);
    while (st == JIHE_OK && kept < 1000) {
        char key[9];
        jh_txn *txn;

        snprintf(key, sizeof key, "%08u", kept);
        memset(value, (int)(kept % 251), sizeof value);
        cr_assert_eq(jh_txn_begin(&txn, env, 1, 10000, &err), JIHE_OK);
        st = jh_txn_add(txn, 0, key, 8, value, sizeof value, &err);
        cr_assert_eq(st, JIHE_OK);
        st = jh_txn_commit(txn, &err);
        kept += st == JIHE_OK;
    }
    cr_assert_eq(st, JIHE_IO, "%u kept", kept);
    cr_assert(strstr(err.message, "bytes are free") != NULL, "%s", err.message);
    cr_assert(err.os_errno == EIO || err.os_errno == ENOSPC);
    jh_txn *txn;
    cr_assert_eq(jh_txn_begin(&txn, env, 1, 10, &err), JIHE_IO, "refused after a failed commit");
    jh_env_close(env);
    env = open_ledger(path, JH_ENV_LEDGER_READ);
    cr_assert_eq(count_table(env, 0), kept);
    jh_env_close(env);

    cr_assert_eq(mount("tmpfs", where, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=256k"), 0);
    env = open_ledger(path, JH_ENV_LEDGER_READ);
    cr_assert_eq(count_table(env, 0), kept, "a read-only disk can be read");
    jh_env_close(env);
    cr_assert_eq(jh_env_open(&env, path, JH_ENV_LEDGER, &err), JIHE_NOT_PERMITTED);
    cr_assert_eq(umount(where), 0);
    rmdir(where);
    free(where);
}
