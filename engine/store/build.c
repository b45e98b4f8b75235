#include <fcntl.h>
#include <stdint.h>

#include "store/env.h"
#include "store/env_int.h"

/* Building a sealed file. Every decision below depends on the keys and lengths put so far and on nothing else, so that
 * the same puts give the same bytes: commits, map sizes (the meta page keeps the size) and page numbers repeat. */

enum {
    COMMIT_BYTES = 16 << 20, /* LMDB keeps uncommitted values in memory; larger commits were not faster */
    TREE_PAGES = 2,          /* new tree pages per put, amortised: a leaf, and fewer branches than leaves */
    COMMIT_PAGES = 64        /* path copied by the first put, free list written by the commit */
};

/* Larger than any value LMDB can hold beside its page header. */
static const size_t max_value = UINT32_MAX - 65536;

static uint64_t pages_for(const jh_env *env, size_t key_len, size_t value_len)
{
    const uint64_t header = 16;

    return (key_len + value_len + header + env->page_bytes - 1) / env->page_bytes + TREE_PAGES;
}

/* The disk works while the next values are made: the sync at the end then has less to wait for. Only a hint. */
static void begin_writing_out(const jh_env *env)
{
    mdb_filehandle_t file;

    if (mdb_env_get_fd(env->mdb, &file) == 0)
        (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
}

static jihe_status commit(jh_env *env, jihe_error *err)
{
    MDB_txn *txn = env->build;
    int rc;

    if (txn == NULL)
        return JIHE_OK;
    env->build = NULL;
    env->build_bytes = 0;
    rc = mdb_txn_commit(txn); /* frees it in any case */
    if (rc == 0) {
        begin_writing_out(env);
        return JIHE_OK;
    }
    env->broken = true;
    return jh_env_fail(env, rc, "writing", err);
}

static jihe_status begin(jh_env *env, uint64_t pages, jihe_error *err)
{
    jihe_status st;
    int rc;

    env->build_pages = jh_env_used(env) / env->page_bytes + COMMIT_PAGES;
    if ((env->build_pages + pages) * env->page_bytes > env->map_bytes &&
        (st = jh_env_grow(env, (env->build_pages + pages) * env->page_bytes, err)) != JIHE_OK)
        return st;
    rc = mdb_txn_begin(env->mdb, NULL, 0, &env->build);
    if (rc == 0)
        rc = mdb_dbi_open(env->build, NULL, 0, &env->tables[0]); /* sets the key order; cheap after the first time */
    return rc == 0 ? JIHE_OK : jh_env_fail(env, rc, "writing", err);
}

/* An open transaction in which `pages` more fit into the map. Meeting MDB_MAP_FULL instead would lose the values of the
 * transaction. */
static jihe_status make_room(jh_env *env, uint64_t pages, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    if (env->build != NULL &&
        (env->build_bytes >= COMMIT_BYTES || (env->build_pages + pages) * env->page_bytes > env->map_bytes))
        st = commit(env, err);
    if (st == JIHE_OK && env->build == NULL)
        st = begin(env, pages, err);
    return st;
}

jihe_status jh_build_put(jh_env *env, const void *key, size_t key_len, size_t value_len, void **room, jihe_error *err)
{
    MDB_val name = {key_len, (void *)(uintptr_t)key};
    MDB_val value = {value_len, NULL};
    uint64_t pages;
    jihe_status st;
    int rc;

    *room = NULL;
    if (env->mode != JH_ENV_BUILD || value_len > max_value)
        return jh_fail(err, JIHE_BUG, "a value of %zu bytes for '%s': not being built, or too large", value_len,
                       env->path);
    pages = pages_for(env, key_len, value_len);
    if ((st = jh_env_usable(env, err)) != JIHE_OK || (st = make_room(env, pages, err)) != JIHE_OK)
        return st;
    rc = mdb_put(env->build, env->tables[0], &name, &value, MDB_APPEND | MDB_RESERVE);
    if (rc == MDB_KEYEXIST)
        return jh_fail(err, JIHE_BUG, "writing '%s': keys must rise", env->path);
    if (rc != 0)
        return jh_env_fail(env, rc, "writing", err);
    env->build_pages += pages;
    env->build_bytes += key_len + value_len;
    *room = value.mv_data;
    return JIHE_OK;
}

jihe_status jh_build_get(jh_env *env, const void *key, size_t key_len, const void **value, size_t *value_len,
                         jihe_error *err)
{
    MDB_val name = {key_len, (void *)(uintptr_t)key};
    MDB_val found;
    jihe_status st;
    int rc;

    if (env->mode != JH_ENV_BUILD)
        return jh_fail(err, JIHE_BUG, "'%s' is not being built", env->path);
    if ((st = jh_env_usable(env, err)) != JIHE_OK || (env->build == NULL && (st = begin(env, 0, err)) != JIHE_OK))
        return st;
    rc = mdb_get(env->build, env->tables[0], &name, &found);
    if (rc != 0)
        return jh_env_fail(env, rc, "reading", err);
    *value = found.mv_data;
    *value_len = found.mv_size;
    return JIHE_OK;
}

jihe_status jh_build_end(jh_env *env, jihe_error *err)
{
    jihe_status st = jh_env_usable(env, err);

    return st == JIHE_OK ? commit(env, err) : st;
}
