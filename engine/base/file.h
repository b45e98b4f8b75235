#ifndef JH_BASE_FILE_H
#define JH_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Files and directories of a workspace. Directories are made 0700 and files 0600 whatever the umask (fchmod). */

jihe_status jh_file_mkdir(const char *path, jihe_error *err);      /* an existing directory is fine */
jihe_status jh_file_sync_dir(const char *path, jihe_error *err);
/* Appends a whole file. JIHE_NO_INPUT when absent or not a file; JIHE_DATA when larger. */
jihe_status jh_file_read(const char *path, size_t max_bytes, jh_buf *out, jihe_error *err);
jihe_status jh_file_remove_tree(const char *path, jihe_error *err); /* one level of plain files and the directory; absent is fine */
jihe_status jh_file_rename(const char *from, const char *to, jihe_error *err); /* then syncs the directory of `to` */
bool        jh_file_exists(const char *path);

/* A buffered output that appears whole or not at all: written beside its place as PATH.part, fsynced, renamed, directory
 * fsynced. A part file left by a killed process is taken over by the next writer; one in use is JIHE_BUSY.
 * JIHE_CANNOT_CREATE: the directory refuses, or something other than a regular file has that name. */
typedef struct jh_outfile jh_outfile;
jihe_status jh_outfile_open(jh_outfile **out, const char *path, jihe_error *err);
void        jh_outfile_put(jh_outfile *file, const void *bytes, size_t len); /* errors are kept for commit */
jihe_status jh_outfile_commit(jh_outfile *file, jihe_error *err);            /* frees in any case */
void        jh_outfile_discard(jh_outfile *file);                            /* NULL accepted */

/* The workspace lock: an OFD write lock, free at once when the process dies. JIHE_BUSY names the holder's pid. */
typedef struct jh_lock {
    int fd; /* -1 when not held */
} jh_lock;
jihe_status jh_lock_take(jh_lock *lock, const char *path, jihe_error *err);
void        jh_lock_drop(jh_lock *lock);

#endif
