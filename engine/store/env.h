#ifndef JH_STORE_ENV_H
#define JH_STORE_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* LMDB behind one small door: no other folder includes lmdb.h. One file per environment (MDB_NOSUBDIR). */

typedef enum jh_env_mode {
    JH_ENV_BUILD,  /* a new file; NOSYNC|NOLOCK; commits by size; one writer thread at a time; jh_env_sync seals it */
    JH_ENV_SEALED, /* an immutable file; RDONLY|NOLOCK|NORDAHEAD; guarded, see below */
    JH_ENV_LEDGER, /* read and write, default sync, commit returns only when durable; created when absent */
    JH_ENV_LEDGER_READ /* as LEDGER for readers; JIHE_NOT_FOUND when absent */
} jh_env_mode;

typedef struct jh_env jh_env;
typedef struct jh_txn jh_txn;

/* Existing files are looked at before LMDB maps them: both meta pages' magic, version and page size, file size >=
 * (last page + 1) * page size, and then every tree page (pages.h); otherwise JIHE_CORRUPT (LMDB itself would die of a
 * signal). Group- or world-writable files are refused (JIHE_NOT_PERMITTED). Files are made 0600. JIHE_NOT_FOUND when a
 * file to be read is absent.
 *
 * A LEDGER file can be open once in a process (JIHE_BUSY): each process holds an OFD lock on the byte of the data file
 * numbered 2^62 + its pid. Open after fork, never before; all users of a file must live in one PID namespace (LMDB's
 * own rule). After a failed commit or growth the handle refuses everything (JIHE_IO): stop and run again. */
jihe_status jh_env_open(jh_env **out, const char *path, jh_env_mode mode, jihe_error *err);
void        jh_env_close(jh_env *env); /* NULL accepted; every txn must have ended */
jihe_status jh_env_sync(jh_env *env, jihe_error *err);

/* BUILD only: keys in rising order (otherwise JIHE_BUG). Commits every 16 MiB and grows the map by itself, always at
 * the same points for the same puts, so that the same input gives the same file. *room is where the value goes: fill
 * all of it before the next call. Values above about 2,000 bytes start at 16 bytes of a page, smaller ones anywhere
 * even. jh_build_end commits the rest. */
jihe_status jh_build_put(jh_env *env, const void *key, size_t key_len, size_t value_len, void **room, jihe_error *err);
jihe_status jh_build_get(jh_env *env, const void *key, size_t key_len, const void **value, size_t *value_len,
                         jihe_error *err); /* valid until the next put */
jihe_status jh_build_end(jh_env *env, jihe_error *err);

/* Transactions. A write transaction on a LEDGER env (one at a time, otherwise JIHE_BUG): `expected_bytes` of values
 * to come, so that the map is grown first; four times that and 16 MiB fit, more is JIHE_BUG at the put. While another
 * transaction of this process is open the map cannot grow (JIHE_BUSY). `table` 0..3 are the named tables "t0".. of
 * the file; BUILD and SEALED envs have table 0 only (the main table). Several threads may read one SEALED env, each
 * in its own transaction; values of a SEALED env stay valid until it is closed. */
jihe_status jh_txn_begin(jh_txn **out, jh_env *env, int write, uint64_t expected_bytes, jihe_error *err);
jihe_status jh_txn_commit(jh_txn *txn, jihe_error *err); /* frees; on failure stop: the handle refuses more */
void        jh_txn_abort(jh_txn *txn);                   /* NULL accepted */

/* Values point into the map: valid until the transaction ends. JIHE_NOT_FOUND when absent. */
jihe_status jh_txn_get(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void **value,
                       size_t *value_len, jihe_error *err);
jihe_status jh_txn_add(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void *value,
                       size_t value_len, jihe_error *err); /* JIHE_BUG when the key exists */
jihe_status jh_txn_replace(jh_txn *txn, unsigned table, const void *key, size_t key_len, const void *value,
                           size_t value_len, jihe_error *err);

/* In key order from the first key >= `from` (NULL: the first of all). visit returns JIHE_OK to go on; anything else
 * stops and is returned. */
typedef jihe_status (*jh_visit)(void *context, const void *key, size_t key_len, const void *value, size_t value_len,
                                jihe_error *err);
jihe_status jh_txn_scan(jh_txn *txn, unsigned table, const void *from, size_t from_len, jh_visit visit, void *context,
                        jihe_error *err);
jihe_status jh_txn_last(jh_txn *txn, unsigned table, const void **key, size_t *key_len, const void **value,
                        size_t *value_len, jihe_error *err); /* JIHE_NOT_FOUND when empty */

#endif
