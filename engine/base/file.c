#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool jh_file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

jihe_status jh_file_mkdir(const char *path, jihe_error *err)
{
    struct stat st;
    int os_errno;

    if (mkdir(path, 0700) == 0) {
        /* By name: under umask 0777 the new directory could not be opened for fchmod. */
        if (chmod(path, 0700) == 0)
            return JIHE_OK;
        os_errno = errno;
        return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "setting the mode of directory '%s'", path);
    }
    os_errno = errno;
    if (os_errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return JIHE_OK;
    if (os_errno == EEXIST)
        return jh_fail(err, JIHE_CANNOT_CREATE,
                       "'%s' is there and is not a directory; remove it or choose another name", path);
    return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "making directory '%s'", path);
}

jihe_status jh_file_sync_dir(const char *path, jihe_error *err)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int os_errno = fd < 0 ? errno : 0;

    if (fd >= 0) {
        if (fsync(fd) != 0)
            os_errno = errno;
        close(fd);
    }
    return os_errno == 0 ? JIHE_OK : jh_fail_os(err, JIHE_IO, os_errno, "syncing directory '%s'", path);
}

/* Appends what the descriptor gives, one byte beyond max_bytes at most; 0 or an errno. Out of memory is ENOMEM. */
static int append_descriptor(int fd, size_t max_bytes, jh_buf *out)
{
    enum { STEP = 64 * 1024 };
    const size_t begin = out->len;

    while (out->len - begin <= max_bytes) {
        const size_t left = max_bytes - (out->len - begin);
        const size_t want = left < STEP ? left + 1 : STEP;
        ssize_t got;

        if (!jh_buf_reserve(out, want))
            return ENOMEM;
        got = read(fd, out->bytes + out->len, want);
        if (got == 0)
            return 0;
        if (got > 0)
            out->len += (size_t)got;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

static jihe_status read_open_file(int fd, const char *path, size_t max_bytes, jh_buf *out, jihe_error *err)
{
    const size_t begin = out->len;
    struct stat st;
    int os_errno;

    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        return jh_fail(err, JIHE_NO_INPUT, "'%s' is not a file", path);
    os_errno = append_descriptor(fd, max_bytes, out);
    if (os_errno == 0 && out->len - begin <= max_bytes)
        return JIHE_OK;
    out->len = begin;
    if (os_errno == 0)
        return jh_fail(err, JIHE_DATA, "'%s' is larger than the %zu bytes such a file may have", path, max_bytes);
    if (os_errno == ENOMEM)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", path);
    return jh_fail_os(err, JIHE_IO, os_errno, "reading '%s'", path);
}

jihe_status jh_file_read(const char *path, size_t max_bytes, jh_buf *out, jihe_error *err)
{
    /* O_NONBLOCK: opening a named pipe must not wait for a writer. It means nothing for a file. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    jihe_status status;

    if (fd < 0) {
        const int os_errno = errno;
        const bool absent = os_errno == ENOENT || os_errno == ENOTDIR;
        return jh_fail_os(err, absent ? JIHE_NO_INPUT : JIHE_IO, os_errno, "opening '%s'", path);
    }
    status = read_open_file(fd, path, max_bytes, out, err);
    close(fd);
    return status;
}

/* Unlinks every entry of the directory; 0 or an errno. `name` then holds the entry that refused. */
static int empty_directory(DIR *dir, char name[256])
{
    for (;;) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(dir);
        if (entry == NULL)
            return errno;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(dir), entry->d_name, 0) != 0 && errno != ENOENT) {
            const int os_errno = errno;
            memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
            return os_errno;
        }
    }
}

jihe_status jh_file_remove_tree(const char *path, jihe_error *err)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int os_errno = fd < 0 ? errno : 0;
    char name[256] = "";
    DIR *dir;

    if (fd < 0 && os_errno == ENOENT)
        return JIHE_OK;
    dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        os_errno = fd < 0 ? os_errno : errno;
        if (fd >= 0)
            close(fd);
        return jh_fail_os(err, JIHE_IO, os_errno, "opening directory '%s'", path);
    }
    os_errno = empty_directory(dir, name);
    closedir(dir);
    if (os_errno == 0 && rmdir(path) != 0)
        os_errno = errno;
    return os_errno == 0 ? JIHE_OK : jh_fail_os(err, JIHE_IO, os_errno, "removing '%s/%s'", path, name);
}

/* The directory part of a path: "." when it has none. */
static jihe_status sync_parent(const char *path, jihe_error *err)
{
    const char *slash = strrchr(path, '/');
    jh_buf parent = {0};
    jihe_status status;

    if (slash == NULL)
        jh_buf_putc(&parent, '.');
    else
        jh_buf_put(&parent, path, slash == path ? 1 : (size_t)(slash - path));
    jh_buf_text(&parent);
    status = parent.failed ? jh_fail(err, JIHE_NO_MEMORY, "no memory for the path '%s'", path)
                           : jh_file_sync_dir(jh_buf_text(&parent), err);
    jh_buf_deinit(&parent);
    return status;
}

jihe_status jh_file_rename(const char *from, const char *to, jihe_error *err)
{
    if (rename(from, to) != 0) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "renaming '%s' to '%s'", from, to);
    }
    return sync_parent(to, err);
}
