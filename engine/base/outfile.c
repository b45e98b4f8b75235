#include "base/file.h"
#include "base/lock_int.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024 };

/* The temporary name is the same every time, PATH.part, so that a killed process leaves one file which the next writer
 * takes over; a lock on it keeps two live writers apart. */
struct jh_outfile {
    int fd;       /* -1 before the part file is open */
    int os_errno; /* of the first failed write, 0 for none */
    size_t used;
    char *path;
    char *part; /* PATH.part */
    uint8_t *buffer;
};

static void outfile_free(jh_outfile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    free(file->path);
    free(file->part);
    free(file->buffer);
    free(file);
}

static jh_outfile *outfile_new(const char *path)
{
    const size_t len = strlen(path);
    jh_outfile *file = calloc(1, sizeof *file);

    if (file == NULL)
        return NULL;
    file->fd = -1;
    file->path = malloc(len + 1);
    file->part = malloc(len + sizeof ".part");
    file->buffer = malloc(BUFFER);
    if (file->path == NULL || file->part == NULL || file->buffer == NULL) {
        outfile_free(file);
        return NULL;
    }
    memcpy(file->path, path, len + 1);
    memcpy(file->part, path, len);
    memcpy(file->part + len, ".part", sizeof ".part");
    return file;
}

/* Between our open and our lock the former holder may have renamed or removed the file: then the descriptor is not what
 * the name says, and writing to it could overwrite a finished file. */
static bool still_named(int fd, const char *path)
{
    struct stat open_file, named;

    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 && open_file.st_dev == named.st_dev &&
           open_file.st_ino == named.st_ino;
}

static jihe_status open_part(jh_outfile *file, jihe_error *err)
{
    int os_errno = 0;

    do {
        if (file->fd >= 0)
            close(file->fd);
        file->fd = jh_lock_open(file->part, &os_errno);
        if (file->fd < 0 && os_errno == EAGAIN)
            return jh_fail(err, JIHE_BUSY, "'%s' is being written by another process; try again when it has finished",
                           file->path);
        if (file->fd < 0)
            return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "creating '%s'", file->part);
    } while (!still_named(file->fd, file->part));
    if (ftruncate(file->fd, 0) == 0)
        return JIHE_OK;
    os_errno = errno;
    return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "emptying '%s'", file->part);
}

/* A rename onto a link or a device would replace the thing itself. */
static jihe_status check_place(const char *path, jihe_error *err)
{
    struct stat info;

    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return jh_fail(err, JIHE_CANNOT_CREATE, "'%s' is there already and not a regular file; name another file",
                       path);
    return JIHE_OK;
}

jihe_status jh_outfile_open(jh_outfile **out, const char *path, jihe_error *err)
{
    jh_outfile *file;
    jihe_status status = check_place(path, err);

    *out = NULL;
    if (status != JIHE_OK)
        return status;
    file = outfile_new(path);
    if (file == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to write '%s'", path);
    status = open_part(file, err);
    if (status != JIHE_OK) {
        outfile_free(file);
        return status;
    }
    *out = file;
    return JIHE_OK;
}

static void write_all(jh_outfile *file, const uint8_t *bytes, size_t len)
{
    while (len != 0 && file->os_errno == 0) {
        const ssize_t done = write(file->fd, bytes, len);
        if (done >= 0) {
            bytes += done;
            len -= (size_t)done;
        } else if (errno != EINTR) {
            file->os_errno = errno;
        }
    }
}

void jh_outfile_put(jh_outfile *file, const void *bytes, size_t len)
{
    if (len > BUFFER - file->used) {
        write_all(file, file->buffer, file->used);
        file->used = 0;
    }
    if (len > BUFFER)
        write_all(file, bytes, len);
    else if (len != 0) {
        memcpy(file->buffer + file->used, bytes, len);
        file->used += len;
    }
}

/* The lock is held over the rename: whoever waits for the name then sees that it is another file. */
jihe_status jh_outfile_commit(jh_outfile *file, jihe_error *err)
{
    jihe_status status = JIHE_OK;

    write_all(file, file->buffer, file->used);
    if (file->os_errno == 0 && fsync(file->fd) != 0)
        file->os_errno = errno;
    if (file->os_errno != 0)
        status = jh_fail_os(err, JIHE_IO, file->os_errno, "writing '%s'", file->path);
    else
        status = jh_file_rename(file->part, file->path, err);
    if (status != JIHE_OK && still_named(file->fd, file->part)) /* not so when only the directory's sync failed */
        unlink(file->part);
    outfile_free(file);
    return status;
}

void jh_outfile_discard(jh_outfile *file)
{
    if (file == NULL)
        return;
    unlink(file->part);
    outfile_free(file);
}
