#ifndef JH_STORE_ENV_INT_H
#define JH_STORE_ENV_INT_H

/* Shared by the .c files of engine/store only. Others use store/env.h. */

#include <stdatomic.h>
#include <stdbool.h>

#include <lmdb.h>

#include "store/env.h"

enum {
    JH_ENV_TABLES = 4,
    JH_MAP_STEP = 1 << 20 /* maps grow in whole MiB; the first map of a new file is one */
};

struct jh_env {
    MDB_env *mdb;
    MDB_dbi tables[JH_ENV_TABLES]; /* BUILD and SEALED: only [0], the main table */
    jh_env_mode mode;
    char *path;
    int fd;        /* LEDGER: holds the once-per-process lock; otherwise -1 */
    bool unlocked; /* LEDGER_READ on a read-only disk: nobody can write, LMDB makes no lock file either */
    size_t page_bytes;
    uint64_t map_bytes;
    atomic_uint open_txns; /* the map must not move under them */
    atomic_bool writing;   /* a write transaction is open */
    atomic_bool broken;    /* a commit or a new map failed: nothing more is done through this handle */

    /* BUILD */
    MDB_txn *build;       /* NULL between commits */
    uint64_t build_pages; /* upper bound of the file's pages once `build` is committed */
    uint64_t build_bytes; /* put since the last commit */
};

/* Turns LMDB's answer into a status and a message "cannot <doing> <path> ...". */
jihe_status jh_env_fail(const jh_env *env, int rc, const char *doing, jihe_error *err);

/* JIHE_OK, or what to say when an earlier failure has broken the handle. */
jihe_status jh_env_usable(const jh_env *env, jihe_error *err);

/* A map of at least `need` bytes plus a quarter. No transaction may be open in this process. */
jihe_status jh_env_grow(jh_env *env, uint64_t need, jihe_error *err);

/* Bytes of the file in use by the last commit. */
uint64_t jh_env_used(const jh_env *env);

#endif
