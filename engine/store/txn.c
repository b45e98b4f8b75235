#include <stdint.h>
#include <stdlib.h>

#include "store/env.h"
#include "store/env_int.h"

struct jh_txn {
    jh_env *env;
    MDB_txn *mdb;
    bool write;
};

/* Address space beyond what is announced: keys, record headers, half-filled pages, copied paths, the free list. It
 * costs no disk. A page split by rising keys leaves pages half full, and the free list is small. */
static uint64_t room_for(const jh_env *env, uint64_t expected_bytes)
{
    const uint64_t slack = UINT64_C(16) << 20;

    return jh_env_used(env) + 4 * expected_bytes + slack;
}

/* No transaction of this process may be open while its map moves. */
static jihe_status grow(jh_env *env, uint64_t need, jihe_error *err)
{
    if (env->open_txns != 0)
        return jh_fail(err, JIHE_BUSY, "'%s' has grown while %u transactions of this process are open; end them first",
                       env->path, (unsigned)env->open_txns);
    return jh_env_grow(env, need, err);
}

/* Begins, and looks again inside a write transaction whether there is room: only then does no other process add pages.
 */
static jihe_status begin(jh_env *env, bool write, uint64_t expected_bytes, MDB_txn **out, jihe_error *err)
{
    for (;;) {
        const int rc = mdb_txn_begin(env->mdb, NULL, write ? 0 : MDB_RDONLY, out);
        uint64_t need;
        jihe_status st;

        if (rc != 0 && rc != MDB_MAP_RESIZED)
            return jh_env_fail(env, rc, write ? "writing" : "reading", err);
        need = write ? room_for(env, expected_bytes) : jh_env_used(env);
        if (rc == 0 && (!write || need <= env->map_bytes))
            return JIHE_OK;
        if (rc == 0)
            mdb_txn_abort(*out);
        if ((st = grow(env, need, err)) != JIHE_OK)
            return st;
    }
}

static jihe_status check_use(const jh_env *env, bool write, uint64_t expected_bytes, jihe_error *err)
{
    if (write && env->mode != JH_ENV_LEDGER)
        return jh_fail(err, JIHE_BUG, "'%s' is not open for writing", env->path);
    if (!write && env->build != NULL)
        return jh_fail(err, JIHE_BUG, "'%s' is being built: end that before reading", env->path);
    if (expected_bytes > UINT64_C(1) << 44)
        return jh_fail(err, JIHE_BUG, "%llu bytes announced for one transaction on '%s'",
                       (unsigned long long)expected_bytes, env->path);
    return jh_env_usable(env, err);
}

jihe_status jh_txn_begin(jh_txn **out, jh_env *env, int write, uint64_t expected_bytes, jihe_error *err)
{
    jh_txn *txn;
    jihe_status st;

    *out = NULL;
    if ((st = check_use(env, write != 0, expected_bytes, err)) != JIHE_OK)
        return st;
    if (write && atomic_exchange(&env->writing, true)) /* LMDB would wait for itself for ever */
        return jh_fail(err, JIHE_BUG, "a write transaction on '%s' is open already", env->path);
    txn = calloc(1, sizeof *txn);
    st = txn == NULL ? jh_fail(err, JIHE_NO_MEMORY, "no memory for a transaction on '%s'", env->path)
                     : begin(env, write != 0, expected_bytes, &txn->mdb, err);
    if (st != JIHE_OK) {
        free(txn);
        if (write)
            env->writing = false;
        return st;
    }
    txn->env = env;
    txn->write = write != 0;
    env->open_txns++;
    *out = txn;
    return JIHE_OK;
}

/* Frees the transaction's own memory; LMDB's part has ended. */
static void finish(jh_txn *txn)
{
    if (txn->write)
        txn->env->writing = false;
    txn->env->open_txns--;
    free(txn);
}

jihe_status jh_txn_commit(jh_txn *txn, jihe_error *err)
{
    jh_env *env = txn->env;
    const int rc = mdb_txn_commit(txn->mdb);

    finish(txn);
    if (rc == 0)
        return JIHE_OK;
    env->broken = true; /* after a failed sync nobody knows what the disk has: no second try in this process */
    return jh_env_fail(env, rc, "writing", err);
}

void jh_txn_abort(jh_txn *txn)
{
    if (txn == NULL)
        return;
    mdb_txn_abort(txn->mdb);
    finish(txn);
}

static jihe_status check_table(const jh_txn *txn, unsigned table, jihe_error *err)
{
    const bool ledger = txn->env->mode == JH_ENV_LEDGER || txn->env->mode == JH_ENV_LEDGER_READ;
    const unsigned tables = ledger ? JH_ENV_TABLES : 1;

    if (table < tables)
        return JIHE_OK;
    return jh_fail(err, JIHE_BUG, "table %u of '%s', which has %u", table, txn->env->path, tables);
}

jihe_status jh_txn_get(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void **value,
                       size_t *value_len, jihe_error *err)
{
    MDB_val name = {key_len, (void *)(uintptr_t)key};
    MDB_val found;
    jihe_status st = check_table(txn, table, err);
    int rc;

    if (st != JIHE_OK)
        return st;
    rc = mdb_get(txn->mdb, txn->env->tables[table], &name, &found);
    if (rc != 0)
        return jh_env_fail(txn->env, rc, "reading", err);
    *value = found.mv_data;
    *value_len = found.mv_size;
    return JIHE_OK;
}

static jihe_status put(jh_txn *txn, unsigned table, MDB_val key, MDB_val value, unsigned flags, jihe_error *err)
{
    jihe_status st = check_table(txn, table, err);
    int rc;

    if (st != JIHE_OK)
        return st;
    if (!txn->write)
        return jh_fail(err, JIHE_BUG, "writing '%s' in a read transaction", txn->env->path);
    rc = mdb_put(txn->mdb, txn->env->tables[table], &key, &value, flags);
    if (rc == MDB_KEYEXIST)
        return jh_fail(err, JIHE_BUG, "writing '%s': the key exists", txn->env->path);
    return rc == 0 ? JIHE_OK : jh_env_fail(txn->env, rc, "writing", err);
}

jihe_status jh_txn_add(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void *value,
                       size_t value_len, jihe_error *err)
{
    return put(txn, table, (MDB_val){key_len, (void *)(uintptr_t)key}, (MDB_val){value_len, (void *)(uintptr_t)value},
               MDB_NOOVERWRITE, err);
}

jihe_status jh_txn_replace(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void *value,
                           size_t value_len, jihe_error *err)
{
    return put(txn, table, (MDB_val){key_len, (void *)(uintptr_t)key}, (MDB_val){value_len, (void *)(uintptr_t)value},
               0, err);
}

jihe_status jh_txn_scan(jh_txn *txn, unsigned table, const void *from, size_t from_len, jh_visit visit, void *context,
                        jihe_error *err)
{
    MDB_val key = {from_len, (void *)(uintptr_t)from};
    MDB_val value;
    MDB_cursor *cursor;
    jihe_status st = check_table(txn, table, err);
    int rc;

    if (st != JIHE_OK)
        return st;
    rc = mdb_cursor_open(txn->mdb, txn->env->tables[table], &cursor);
    if (rc != 0)
        return jh_env_fail(txn->env, rc, "reading", err);
    rc = mdb_cursor_get(cursor, &key, &value, from == NULL ? MDB_FIRST : MDB_SET_RANGE);
    while (rc == 0 && st == JIHE_OK) {
        st = visit(context, key.mv_data, key.mv_size, value.mv_data, value.mv_size, err);
        if (st == JIHE_OK)
            rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    if (rc != 0 && rc != MDB_NOTFOUND)
        return jh_env_fail(txn->env, rc, "reading", err);
    return st;
}

jihe_status jh_txn_last(jh_txn *txn, unsigned table, const void **key, size_t *key_len, const void **value,
                        size_t *value_len, jihe_error *err)
{
    MDB_val name;
    MDB_val found;
    MDB_cursor *cursor;
    jihe_status st = check_table(txn, table, err);
    int rc;

    if (st != JIHE_OK)
        return st;
    rc = mdb_cursor_open(txn->mdb, txn->env->tables[table], &cursor);
    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &name, &found, MDB_LAST);
        mdb_cursor_close(cursor);
    }
    if (rc != 0)
        return jh_env_fail(txn->env, rc, "reading", err);
    *key = name.mv_data;
    *key_len = name.mv_size;
    *value = found.mv_data;
    *value_len = found.mv_size;
    return JIHE_OK;
}
