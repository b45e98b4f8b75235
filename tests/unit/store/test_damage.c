#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "store/env.h"

/* Damaged files: each is opened and read through in a child, which must end with a status and never by a signal. */

TestSuite(damage, .fini = scratch_remove);

enum { PAGE = 4096, RECORDS = 400 };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void make_sealed(const char *path)
{
    jihe_error err = {0};
    jh_env *env;
    void *room;

    cr_assert_eq(jh_env_open(&env, path, JH_ENV_BUILD, &err), JIHE_OK);
    for (unsigned n = 0; n < RECORDS; n++) {
        char key[16];
        snprintf(key, sizeof key, "%08u", n);
        cr_assert_eq(jh_build_put(env, key, 8, n % 10 == 0 ? 2100 : 60, &room, &err), JIHE_OK);
        memset(room, (int)n, n % 10 == 0 ? 2100 : 60);
    }
    cr_assert_eq(jh_build_end(env, &err), JIHE_OK);
    cr_assert_eq(jh_env_sync(env, &err), JIHE_OK);
    jh_env_close(env);
}

static void make_ledger(const char *path)
{
    jihe_error err = {0};
    char value[2100] = {0};
    jh_env *env;
    jh_txn *txn;

    cr_assert_eq(jh_env_open(&env, path, JH_ENV_LEDGER, &err), JIHE_OK);
    for (unsigned n = 0; n < RECORDS; n++) {
        char key[16];
        snprintf(key, sizeof key, "%08u", n);
        if (n % 10 == 0) /* many commits: a free list */
            cr_assert_eq(jh_txn_begin(&txn, env, 1, 10 * sizeof value, &err), JIHE_OK);
        cr_assert_eq(jh_txn_add(txn, n % 3, key, 8, value, n % 10 == 0 ? 2100 : 60, &err), JIHE_OK);
        if (n % 10 == 9)
            cr_assert_eq(jh_txn_commit(txn, &err), JIHE_OK);
    }
    jh_env_close(env);
}

struct trial {
    const char *path;
    jh_env_mode mode;
    unsigned records; /* read in full */
    unsigned sum;
};

/* Touches every byte of every value. */
static jihe_status touch(void *context, const void *key, size_t key_len, const void *value, size_t len, jihe_error *err)
{
    struct trial *t = context;

    (void)err;
    for (size_t i = 0; i < key_len; i++)
        t->sum += ((const volatile uint8_t *)key)[i];
    for (size_t i = 0; i < len; i++)
        t->sum += ((const volatile uint8_t *)value)[i];
    t->records++;
    return JIHE_OK;
}

/* 0: all records read; 1: opened, and some are missing; else the status. */
static int read_through(void *context)
{
    struct trial *t = context;
    jihe_error err = {0};
    jh_env *env;
    jh_txn *txn;
    jihe_status st = jh_env_open(&env, t->path, t->mode, &err);

    if (st != JIHE_OK)
        return (int)st;
    st = jh_txn_begin(&txn, env, 0, 0, &err);
    for (unsigned table = 0; st == JIHE_OK && table < (t->mode == JH_ENV_SEALED ? 1 : 3); table++)
        st = jh_txn_scan(txn, table, NULL, 0, touch, t, &err);
    if (st == JIHE_OK)
        jh_txn_abort(txn);
    if (st == JIHE_OK && t->mode == JH_ENV_LEDGER) { /* a writer uses the free list too */
        char value[20000] = {0};
        st = jh_txn_begin(&txn, env, 1, sizeof value, &err);
        for (unsigned i = 0; st == JIHE_OK && i < 3; i++)
            st = jh_txn_replace(txn, i, "~", 1, value, sizeof value, &err);
        if (st == JIHE_OK)
            st = jh_txn_commit(txn, &err);
    }
    if (st != JIHE_OK)
        return (int)st;
    jh_env_close(env);
    return t->records == RECORDS ? 0 : 1;
}

static int run_trial(jh_env_mode mode, const void *bytes, size_t len)
{
    struct trial t = {.path = scratch("damaged.mdb"), .mode = mode};

    unlink(scratch("damaged.mdb-lock"));
    write_file(t.path, bytes, len);
    return in_child(read_through, &t);
}

struct kind {
    const char *name;
    jh_env_mode mode;
    void (*make)(const char *path);
};

static const struct kind kinds[] = {
    {"sealed", JH_ENV_SEALED, make_sealed},
    {"ledger", JH_ENV_LEDGER, make_ledger},
};

static void load(const struct kind *kind, jh_buf *file)
{
    kind->make(scratch(kind->name));
    read_file(scratch(kind->name), file);
    cr_assert_eq(run_trial(kind->mode, file->bytes, file->len), 0, "the whole %s file", kind->name);
}

ParameterizedTestParameters(damage, truncation)
{
    static size_t row[] = {0, 1};
    return cr_make_param_array(size_t, row, 2);
}

ParameterizedTest(size_t *row, damage, truncation, .fini = scratch_remove)
{
    const struct kind *kind = &kinds[*row];
    uint64_t state = 7;
    jh_buf file = {0};

    load(kind, &file);
    for (size_t pages = 0; pages < file.len / PAGE; pages++) /* every whole number of pages, and odd sizes */
        cr_assert_eq(run_trial(kind->mode, file.bytes, pages * PAGE), JIHE_CORRUPT, "%s, %zu pages", kind->name, pages);
    for (int i = 0; i < 150; i++) {
        const size_t len = next(&state) % file.len;
        cr_assert_eq(run_trial(kind->mode, file.bytes, len), JIHE_CORRUPT, "%s, %zu bytes", kind->name, len);
    }
    jh_buf_deinit(&file);
}

ParameterizedTestParameters(damage, flips)
{
    static size_t row[] = {0, 1};
    return cr_make_param_array(size_t, row, 2);
}

/* One or two bits of each byte of both meta pages (all of them passed once too; starting at 1 meets the
 * one that frees a page in use); bytes of any page, one at a time and sixteen; whole pages of zeros. */
ParameterizedTest(size_t *row, damage, flips, .fini = scratch_remove)
{
    const struct kind *kind = &kinds[*row];
    uint64_t state = 11;
    jh_buf file = {0};
    uint8_t *copy;
    unsigned refused = 0;

    load(kind, &file);
    copy = malloc(file.len);
    for (size_t bit = 1; bit < 2 * 8 * 152; bit += 5) {
        const size_t at = bit / 8 < 152 ? bit / 8 : PAGE + bit / 8 - 152;
        memcpy(copy, file.bytes, file.len);
        copy[at] ^= (uint8_t)(1u << bit % 8);
        const int rc = run_trial(kind->mode, copy, file.len);
        cr_assert(rc >= 0, "%s: signal %d, bit %zu of byte %zu", kind->name, -rc, bit % 8, at);
        refused += rc == JIHE_CORRUPT;
    }
    cr_assert(refused > 120, "only %u refused", refused);
    for (int i = 0; i < 600; i++) {
        const size_t page = next(&state) % (file.len / PAGE) * PAGE;
        const int how = i % 3;
        memcpy(copy, file.bytes, file.len);
        for (int k = 0; k < (how == 0 ? 1 : 16) && how < 2; k++)
            copy[page + next(&state) % (how == 0 ? 64 : PAGE)] ^= (uint8_t)(1 + next(&state) % 255);
        if (how == 2)
            memset(copy + page, 0, PAGE);
        const int rc = run_trial(kind->mode, copy, file.len);
        cr_assert(rc >= 0, "%s: signal %d, trial %d, page %zu", kind->name, -rc, i, page / PAGE);
    }
    free(copy);
    jh_buf_deinit(&file);
}

Test(damage, files_of_another_kind)
{
    static const char text[9000] = "this is no store at all";
    jihe_error err = {0};
    jh_env *env;

    cr_assert_eq(run_trial(JH_ENV_SEALED, text, sizeof text), JIHE_CORRUPT);
    cr_assert_eq(run_trial(JH_ENV_LEDGER, text, sizeof text), JIHE_CORRUPT);
    cr_assert_eq(run_trial(JH_ENV_LEDGER, "", 0), JIHE_CORRUPT, "an empty file is not a new ledger");
    cr_assert_neq(jh_env_open(&env, "/tmp", JH_ENV_SEALED, &err), JIHE_OK);
    cr_assert_neq(jh_env_open(&env, "/dev/null", JH_ENV_SEALED, &err), JIHE_OK);
}

/* A value on the last pages is never read by the tree check: only the size tells that it is cut. */
Test(damage, a_value_at_the_end_cut_short)
{
    jihe_error err = {0};
    jh_buf file = {0};
    jh_env *env;
    void *room;

    cr_assert_eq(jh_env_open(&env, scratch("v.mdb"), JH_ENV_BUILD, &err), JIHE_OK);
    cr_assert_eq(jh_build_put(env, "k", 1, 3 * PAGE, &room, &err), JIHE_OK);
    memset(room, 'v', 3 * PAGE);
    cr_assert_eq(jh_build_end(env, &err), JIHE_OK);
    jh_env_close(env);
    read_file(scratch("v.mdb"), &file);
    cr_assert_eq(file.bytes[file.len - PAGE], 'v', "the value comes last");
    for (size_t cut = 1; cut <= 2; cut++)
        cr_assert_eq(run_trial(JH_ENV_SEALED, file.bytes, file.len - cut * PAGE / 2), JIHE_CORRUPT);
    jh_buf_deinit(&file);
}
