#include <criterion/criterion.h>

#include <malloc.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/parallel.h"
#include "scratch.h"
#include "store/env.h"

TestSuite(build, .fini = scratch_remove);

static void key_of(uint64_t n, uint8_t key[8])
{
    for (int i = 7; i >= 0; i--, n >>= 8)
        key[i] = (uint8_t)n;
}

static uint8_t byte_of(uint64_t n, size_t i)
{
    return (uint8_t)(n * 131 + i * 7 + (i >> 8));
}

static jihe_status put(jh_env *env, uint64_t n, size_t len, jihe_error *err)
{
    uint8_t key[8];
    void *room;
    jihe_status st;

    key_of(n, key);
    st = jh_build_put(env, key, sizeof key, len, &room, err);
    for (size_t i = 0; st == JIHE_OK && i < len; i++)
        ((uint8_t *)room)[i] = byte_of(n, i);
    return st;
}

static bool holds(const void *value, size_t value_len, uint64_t n, size_t len)
{
    const uint8_t *bytes = value;

    for (size_t i = 0; i < value_len && value_len == len; i++)
        if (bytes[i] != byte_of(n, i))
            return false;
    return value_len == len;
}

/* Lengths on both sides of every border LMDB has: inline, one page, several pages; some MiB now and then. */
static size_t length_of(uint64_t n)
{
    static const size_t lengths[] = {0, 1, 8, 100, 2000, 2022, 2023, 2100, 4079, 4080, 4081, 65536, 8175, 8176, 8177};

    return n % 500 == 499 ? (size_t)5 << 20 : lengths[n % (sizeof lengths / sizeof lengths[0])];
}

struct job {
    const char *path;
    uint64_t puts;
    size_t fixed_len; /* 0: length_of */
    int junk;         /* byte that malloc and free fill memory with */
};

static int build(void *context)
{
    const struct job *job = context;
    jh_env *env;
    jihe_error err;
    const void *value;
    size_t len;

    mallopt(M_PERTURB, job->junk);
    if (jh_env_open(&env, job->path, JH_ENV_BUILD, &err) != JIHE_OK)
        return (int)err.status;
    for (uint64_t n = 0; n < job->puts; n++) {
        const size_t want = job->fixed_len != 0 ? job->fixed_len : length_of(n);
        uint8_t key[8];

        if (put(env, n, want, &err) != JIHE_OK)
            return (int)err.status;
        key_of(n / 2, key);
        if (n % 97 == 0 && (jh_build_get(env, key, sizeof key, &value, &len, &err) != JIHE_OK ||
                            !holds(value, len, n / 2, job->fixed_len != 0 ? job->fixed_len : length_of(n / 2))))
            return 99;
    }
    if (jh_build_end(env, &err) != JIHE_OK || jh_env_sync(env, &err) != JIHE_OK)
        return (int)err.status;
    jh_env_close(env);
    return 0;
}

/* Several commits and map growths, with different junk in fresh memory: any uninitialised byte would show. */
Test(build, same_puts_give_the_same_bytes)
{
    struct job a = {scratch("a.mdb"), 6000, 0, 0x55};
    struct job b = {scratch("b.mdb"), 6000, 0, 0xaa};
    jh_buf first = {0}, second = {0};

    cr_assert_eq(in_child(build, &a), 0);
    cr_assert_eq(in_child(build, &b), 0);
    read_file(a.path, &first);
    read_file(b.path, &second);
    cr_assert(first.len > (size_t)48 << 20, "enough for three commits");
    cr_assert(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0);
    jh_buf_deinit(&first);
    jh_buf_deinit(&second);
}

struct expected {
    uint64_t next;
    size_t fixed_len;
};

static jihe_status expect(void *context, const void *key, size_t key_len, const void *value, size_t value_len,
                          jihe_error *err)
{
    struct expected *e = context;
    uint8_t want[8];

    (void)err;
    key_of(e->next, want);
    cr_assert(key_len == 8 && memcmp(key, want, 8) == 0, "key %llu", (unsigned long long)e->next);
    cr_assert(holds(value, value_len, e->next, e->fixed_len != 0 ? e->fixed_len : length_of(e->next)));
    e->next++;
    return JIHE_OK;
}

static void check_sealed(const char *path, uint64_t puts, size_t fixed_len)
{
    struct expected e = {0, fixed_len};
    jihe_error err = {0};
    jh_env *env;
    jh_txn *txn;

    cr_assert_eq(jh_env_open(&env, path, JH_ENV_SEALED, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_txn_begin(&txn, env, 0, 0, &err), JIHE_OK);
    cr_assert_eq(jh_txn_scan(txn, 0, NULL, 0, expect, &e, &err), JIHE_OK);
    cr_assert_eq(e.next, puts);
    jh_txn_abort(txn);
    jh_env_close(env);
}

Test(build, everything_put_is_read_back)
{
    static const struct job jobs[] = {
        {"mixed.mdb", 1200, 0, 0}, {"tiny.mdb", 60000, 3, 0}, {"none.mdb", 0, 1, 0}, {"one.mdb", 1, 40, 0}};

    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        struct job job = jobs[i];
        job.path = scratch(jobs[i].path);
        cr_assert_eq(in_child(build, &job), 0, "row %zu", i);
        check_sealed(job.path, job.puts, job.fixed_len);
    }
}

Test(build, a_tiny_store_is_a_tiny_file)
{
    struct job job = {scratch("tiny.mdb"), 3, 40, 0};
    struct stat st;

    cr_assert_eq(in_child(build, &job), 0);
    cr_assert_eq(stat(job.path, &st), 0);
    cr_assert_eq(st.st_size, 3 * 4096);
    cr_assert_eq(st.st_mode & 0777, 0600);
}

Test(build, keys_must_rise)
{
    jihe_error err;
    jh_env *env;
    void *room;

    cr_assert_eq(jh_env_open(&env, scratch("x.mdb"), JH_ENV_BUILD, &err), JIHE_OK);
    cr_assert_eq(jh_build_put(env, "b", 1, 4, &room, &err), JIHE_OK);
    cr_assert_eq(jh_build_put(env, "b", 1, 4, &room, &err), JIHE_BUG);
    cr_assert_eq(jh_build_put(env, "a", 1, 4, &room, &err), JIHE_BUG);
    cr_assert_eq(jh_build_put(env, "", 0, 4, &room, &err), JIHE_BUG);
    jh_env_close(env);
    cr_assert_eq(jh_env_open(&env, scratch("x.mdb"), JH_ENV_BUILD, &err), JIHE_CANNOT_CREATE, "not a new file");
}

Test(build, umask_does_not_matter)
{
    struct job job = {scratch("umask.mdb"), 5, 40, 0};
    struct stat st;

    umask(0777);
    cr_assert_eq(in_child(build, &job), 0);
    umask(0);
    cr_assert_eq(stat(job.path, &st), 0);
    cr_assert_eq(st.st_mode & 0777, 0600);
}

/* A map that cannot grow (a bound on address space) is a status, and the handle then refuses everything. */
static int build_in_little_space(void *context)
{
    const struct rlimit limit = {(rlim_t)400 << 20, (rlim_t)400 << 20};
    jihe_error err = {0};
    jh_env *env;
    jihe_status st = jh_env_open(&env, context, JH_ENV_BUILD, &err);

    setrlimit(RLIMIT_AS, &limit);
    for (uint64_t n = 0; st == JIHE_OK && n < 600; n++)
        st = put(env, n, 1 << 20, &err);
    if (st != JIHE_NO_MEMORY || put(env, 1000, 1, &err) != JIHE_IO)
        return 1;
    jh_env_close(env);
    return 0;
}

#if defined(__SANITIZE_ADDRESS__)
#define BOUND_SPACE false /* its shadow needs terabytes of address space */
#else
#define BOUND_SPACE true
#endif

Test(build, no_address_space_is_a_status, .disabled = !BOUND_SPACE)
{
    char *path = strdup(scratch("small.mdb"));

    cr_assert_eq(in_child(build_in_little_space, path), 0);
    free(path);
}

/* Several threads on one sealed file, each with transactions of its own; a value stays valid until the file is closed.
 */
struct sealed {
    jh_env *env;
    const void *first[4]; /* per worker */
};

static jihe_status read_all(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct sealed *s = context;
    const uint64_t n = index % 1200;
    const void *value;
    size_t len;
    uint8_t key[8];
    jh_txn *txn;
    jihe_status st = jh_txn_begin(&txn, s->env, 0, 0, err);

    if (st != JIHE_OK)
        return st;
    key_of(n, key);
    st = jh_txn_get(txn, 0, key, sizeof key, &value, &len, err);
    if (st == JIHE_OK && !holds(value, len, n, length_of(n)))
        st = JIHE_CORRUPT;
    if (n % 15 == 11)
        s->first[worker] = value;
    jh_txn_abort(txn);
    return st;
}

Test(build, threads_read_a_sealed_file)
{
    struct job job = {scratch("mixed.mdb"), 1200, 0, 0};
    struct sealed s = {0};
    jihe_error err = {0};

    cr_assert_eq(in_child(build, &job), 0);
    cr_assert_eq(jh_env_open(&s.env, job.path, JH_ENV_SEALED, &err), JIHE_OK);
    cr_assert_eq(jh_parallel(4, 6000, read_all, &s, &err), JIHE_OK, "%s", err.message);
    for (int i = 0; i < 4; i++)
        cr_assert(s.first[i] == NULL || *(const volatile uint8_t *)s.first[i] <= 255);
    jh_env_close(s.env);
}
