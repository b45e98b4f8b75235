#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "store/env_int.h"
#include "store/meta.h"
#include "store/pages.h"

enum { MAX_READERS = 1024 }; /* slots in the lock file, one per open read transaction of any process */

/* Errors */

static jihe_status fail_disk(const jh_env *env, int os_errno, const char *doing, jihe_error *err)
{
    struct statvfs fs;
    unsigned long long room = 0;

    if (statvfs(env->path, &fs) != 0)
        return jh_fail_os(err, JIHE_IO, os_errno, "%s '%s' (is the disk full?)", doing, env->path);
    room = (unsigned long long)fs.f_bavail * fs.f_frsize;
    return jh_fail_os(err, JIHE_IO, os_errno,
                      "%s '%s' (%llu bytes are free on its disk; LMDB reports a full disk this way too; make room "
                      "and run again)",
                      doing, env->path, room);
}

jihe_status jh_env_fail(const jh_env *env, int rc, const char *doing, jihe_error *err)
{
    switch (rc) {
    case MDB_NOTFOUND:
        return jh_fail(err, JIHE_NOT_FOUND, "%s '%s': no such record", doing, env->path);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO: /* a short write; how LMDB reports a full tmpfs */
        return fail_disk(env, rc, doing, err);
    case ENOMEM:
        return jh_fail(err, JIHE_NO_MEMORY, "%s '%s': no memory or address space", doing, env->path);
    case EACCES:
    case EPERM:
    case EROFS:
        return jh_fail_os(err, JIHE_NOT_PERMITTED, rc, "%s '%s'", doing, env->path);
    case MDB_READERS_FULL:
        return jh_fail(err, JIHE_BUSY, "%s '%s': %d readers have it open already; try again", doing, env->path,
                       MAX_READERS);
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        return jh_fail(err, JIHE_CORRUPT, "%s '%s': %s; restore it from a backup", doing, env->path, mdb_strerror(rc));
    case MDB_PANIC:
        return jh_fail(err, JIHE_IO, "%s '%s': an earlier write failed; stop and run again", doing, env->path);
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return jh_fail(err, JIHE_BUG, "%s '%s': more bytes stored than were announced", doing, env->path);
    default:
        if (rc > 0)
            return jh_fail_os(err, JIHE_IO, rc, "%s '%s'", doing, env->path);
        return jh_fail(err, JIHE_BUG, "%s '%s': %s", doing, env->path, mdb_strerror(rc));
    }
}

jihe_status jh_env_usable(const jh_env *env, jihe_error *err)
{
    if (env->broken)
        return jh_fail(err, JIHE_IO, "'%s' is no longer used after an earlier failure; stop and run again", env->path);
    return JIHE_OK;
}

/* The map */

uint64_t jh_env_used(const jh_env *env)
{
    MDB_envinfo info;

    mdb_env_info(env->mdb, &info); /* fails only for a NULL argument */
    return (uint64_t)(info.me_last_pgno + 1) * env->page_bytes;
}

jihe_status jh_env_grow(jh_env *env, uint64_t need, jihe_error *err)
{
    const uint64_t step = JH_MAP_STEP;
    const uint64_t bytes = (need + need / 4 + step) / step * step;
    const int rc = mdb_env_set_mapsize(env->mdb, (size_t)bytes);

    if (rc != 0) {
        env->broken = true; /* LMDB has already taken the old map away */
        return jh_env_fail(env, rc, "mapping more of", err);
    }
    env->map_bytes = bytes;
    return JIHE_OK;
}

/* Files */

static jihe_status make_file(const char *path, jihe_error *err)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int os_errno = fd < 0 ? errno : 0;

    if (fd >= 0) {
        if (fchmod(fd, 0600) != 0) /* whatever the umask */
            os_errno = errno;
        close(fd);
    }
    return os_errno == 0 ? JIHE_OK : jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "making '%s'", path);
}

/* A descriptor of an existing store that nobody else may change. */
static jihe_status open_file(jh_env *env, int flags, jihe_error *err)
{
    /* O_NONBLOCK: opening a named pipe must not wait for a writer. It means nothing for a file. */
    int fd = open(env->path, flags | O_CLOEXEC | O_NONBLOCK);
    int os_errno = errno;
    struct stat st;

    if (fd < 0 && os_errno == EROFS && env->mode == JH_ENV_LEDGER_READ) {
        env->unlocked = true;
        fd = open(env->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        os_errno = errno;
    }
    if (fd < 0 && os_errno == ENOENT)
        return jh_fail(err, JIHE_NOT_FOUND, "there is no store '%s'", env->path);
    if (fd < 0)
        return jh_env_fail(env, os_errno, "opening", err);
    env->fd = fd;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return jh_fail(err, JIHE_CORRUPT, "'%s' is not a file", env->path);
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return jh_fail(err, JIHE_NOT_PERMITTED,
                       "'%s' can be written by others (mode %04o); check it and then run: chmod 600 '%s'", env->path,
                       (unsigned)st.st_mode & 07777, env->path);
    return JIHE_OK;
}

/* LMDB's own locks break when one process opens a file twice: closing the second handle drops the first one's locks. So
 * each process locks the byte numbered like itself, far beyond the end of the data. The lock belongs to the open file
 * description: a second open of the same process is refused, and it is gone when the process dies. (As with LMDB, all
 * users of a file must live in one PID namespace.) */
static struct flock process_byte(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)1 << 62 | getpid(), .l_len = 1};
}

static jihe_status lock_once(const jh_env *env, jihe_error *err)
{
    struct flock lock = process_byte(F_WRLCK);
    int os_errno;

    if (env->unlocked || fcntl(env->fd, F_OFD_SETLK, &lock) == 0)
        return JIHE_OK;
    os_errno = errno;
    if (os_errno == EAGAIN || os_errno == EACCES)
        return jh_fail(err, JIHE_BUSY, "'%s' is already open in this process; close the other handle first", env->path);
    return jh_fail_os(err, JIHE_IO, os_errno, "locking '%s'", env->path);
}

static void close_file(jh_env *env)
{
    struct flock lock = process_byte(F_UNLCK);

    if (env->fd < 0)
        return;
    fcntl(env->fd, F_OFD_SETLK, &lock); /* a child of this process may still have the descriptor */
    close(env->fd);
    env->fd = -1;
}

/* LMDB environments */

static jihe_status start(jh_env *env, uint64_t map_bytes, unsigned flags, jihe_error *err)
{
    MDB_stat stat;
    int rc = mdb_env_create(&env->mdb);

    if (rc == 0)
        rc = mdb_env_set_mapsize(env->mdb, (size_t)map_bytes);
    if (rc == 0 && (flags & MDB_NOLOCK) == 0)
        rc = mdb_env_set_maxreaders(env->mdb, MAX_READERS);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(env->mdb, JH_ENV_TABLES);
    if (rc == 0)
        rc = mdb_env_open(env->mdb, env->path, flags | MDB_NOSUBDIR | MDB_NOTLS, 0600);
    if (rc == 0)
        rc = mdb_env_stat(env->mdb, &stat);
    if (rc != 0)
        return jh_env_fail(env, rc, "opening", err);
    env->page_bytes = stat.ms_psize;
    env->map_bytes = map_bytes;
    return JIHE_OK;
}

static int open_tables(MDB_txn *txn, MDB_dbi tables[JH_ENV_TABLES], unsigned flags)
{
    static const char *const names[JH_ENV_TABLES] = {"t0", "t1", "t2", "t3"};
    int rc = 0;

    for (size_t i = 0; i < JH_ENV_TABLES && rc == 0; i++)
        rc = mdb_dbi_open(txn, names[i], flags, &tables[i]);
    return rc;
}

/* Looks at every tree page and opens the tables, both in one read transaction so that no page changes meanwhile. */
static jihe_status check_and_bind(jh_env *env, jihe_error *err)
{
    const bool ledger = env->mode == JH_ENV_LEDGER || env->mode == JH_ENV_LEDGER_READ;
    jh_meta meta;
    MDB_txn *txn;
    jihe_status st;
    int rc = mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, &txn);

    if (rc != 0)
        return jh_env_fail(env, rc, "reading", err);
    if ((st = jh_meta_read(env->fd, env->path, &meta, err)) != JIHE_OK ||
        (st = jh_pages_check(env->fd, env->path, &meta, err)) != JIHE_OK) {
        mdb_txn_abort(txn);
        return st;
    }
    rc = ledger ? open_tables(txn, env->tables, 0) : mdb_dbi_open(txn, NULL, 0, &env->tables[0]);
    if (rc != 0) {
        mdb_txn_abort(txn);
        return rc == MDB_NOTFOUND
                   ? jh_fail(err, JIHE_CORRUPT, "'%s' lacks a table; restore it from a backup", env->path)
                   : jh_env_fail(env, rc, "reading", err);
    }
    rc = mdb_txn_commit(txn); /* keeps the table handles */
    return rc == 0 ? JIHE_OK : jh_env_fail(env, rc, "reading", err);
}

/* The guard, then a map of what the file has now; never of what it says it had, which a flipped bit could make
 * anything. */
static jihe_status open_existing(jh_env *env, unsigned flags, jihe_error *err)
{
    jh_meta meta;
    jihe_status st;
    uint64_t bytes;

    if ((st = jh_meta_read(env->fd, env->path, &meta, err)) != JIHE_OK)
        return st;
    bytes = meta.pages * meta.page_bytes;
    if ((flags & MDB_RDONLY) == 0 || (flags & MDB_NOLOCK) == 0)
        bytes = (bytes + 2 * JH_MAP_STEP - 1) / JH_MAP_STEP * JH_MAP_STEP; /* it grows while we look */
    if ((st = start(env, bytes, flags, err)) != JIHE_OK)
        return st;
    return check_and_bind(env, err);
}

static jihe_status open_build(jh_env *env, jihe_error *err)
{
    jihe_status st = make_file(env->path, err);

    if (st == JIHE_OK)
        st = start(env, JH_MAP_STEP, MDB_NOSYNC | MDB_NOLOCK, err);
    return st;
}

static jihe_status open_sealed(jh_env *env, jihe_error *err)
{
    jihe_status st = open_file(env, O_RDONLY, err);

    if (st == JIHE_OK)
        st = open_existing(env, MDB_RDONLY | MDB_NOLOCK | MDB_NORDAHEAD, err);
    return st;
}

/* The four empty tables, durable. */
static jihe_status fill_new_ledger(jh_env *env, jihe_error *err)
{
    MDB_txn *txn;
    jihe_status st;
    int rc;

    if ((st = open_build(env, err)) != JIHE_OK)
        return st;
    if ((rc = mdb_txn_begin(env->mdb, NULL, 0, &txn)) != 0)
        return jh_env_fail(env, rc, "preparing", err);
    if ((rc = open_tables(txn, env->tables, MDB_CREATE)) != 0) {
        mdb_txn_abort(txn);
        return jh_env_fail(env, rc, "preparing", err);
    }
    rc = mdb_txn_commit(txn);
    return rc == 0 ? jh_env_sync(env, err) : jh_env_fail(env, rc, "preparing", err);
}

/* Made under another name, so that a crash leaves either no ledger or a whole one. */
static jihe_status create_ledger(const char *path, jihe_error *err)
{
    const size_t size = strlen(path) + sizeof ".new";
    jh_env env = {.mode = JH_ENV_BUILD, .fd = -1, .path = malloc(size)};
    jihe_status st;

    if (env.path == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to make '%s'", path);
    memcpy(env.path, path, strlen(path));
    memcpy(env.path + strlen(path), ".new", sizeof ".new");
    unlink(env.path); /* left by a crash */
    st = fill_new_ledger(&env, err);
    mdb_env_close(env.mdb);
    if (st == JIHE_OK)
        st = jh_file_rename(env.path, path, err);
    else
        unlink(env.path);
    free(env.path);
    return st;
}

/* LMDB would make its lock file with the umask's mode, which may be one it cannot open again. */
static jihe_status make_lock_file(const jh_env *env, jihe_error *err)
{
    const size_t len = strlen(env->path);
    char *path = malloc(len + sizeof "-lock");
    jihe_status st = JIHE_OK;

    if (path == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to open '%s'", env->path);
    memcpy(path, env->path, len);
    memcpy(path + len, "-lock", sizeof "-lock");
    if (!env->unlocked && !jh_file_exists(path)) {
        st = make_file(path, err);
        if (st != JIHE_OK && jh_file_exists(path)) /* another process was faster */
            st = JIHE_OK;
    }
    free(path);
    return st;
}

static jihe_status open_ledger(jh_env *env, jihe_error *err)
{
    const bool write = env->mode == JH_ENV_LEDGER;
    jihe_status st = JIHE_OK;

    if (write && !jh_file_exists(env->path))
        st = create_ledger(env->path, err);
    if (st == JIHE_OK)
        st = open_file(env, O_RDWR, err); /* readers write too: the lock file, and the lock below */
    if (st == JIHE_OK)
        st = lock_once(env, err);
    if (st == JIHE_OK)
        st = make_lock_file(env, err);
    if (st == JIHE_OK)
        st = open_existing(env, write ? 0 : MDB_RDONLY, err);
    if (st == JIHE_OK)
        mdb_reader_check(env->mdb, NULL); /* frees the slots of readers that were killed */
    return st;
}

/* The door */

jihe_status jh_env_open(jh_env **out, const char *path, jh_env_mode mode, jihe_error *err)
{
    jh_env *env = calloc(1, sizeof *env);
    jihe_status st = JIHE_OK;

    *out = NULL;
    if (env == NULL || (env->path = strdup(path)) == NULL) {
        free(env);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to open '%s'", path);
    }
    env->mode = mode;
    env->fd = -1;
    switch (mode) {
    case JH_ENV_BUILD:
        st = open_build(env, err);
        break;
    case JH_ENV_SEALED:
        st = open_sealed(env, err);
        break;
    case JH_ENV_LEDGER:
    case JH_ENV_LEDGER_READ:
        st = open_ledger(env, err);
        break;
    }
    if (st != JIHE_OK) {
        jh_env_close(env);
        return st;
    }
    *out = env;
    return JIHE_OK;
}

void jh_env_close(jh_env *env)
{
    if (env == NULL)
        return;
    if (env->build != NULL)
        mdb_txn_abort(env->build);
    mdb_env_close(env->mdb); /* NULL accepted */
    close_file(env);
    free(env->path);
    free(env);
}

jihe_status jh_env_sync(jh_env *env, jihe_error *err)
{
    const int rc = mdb_env_sync(env->mdb, 1);

    return rc == 0 ? JIHE_OK : jh_env_fail(env, rc, "syncing", err);
}
