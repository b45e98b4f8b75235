#include "base/file.h"
#include "base/lock_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int jh_lock_open(const char *path, int *os_errno)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) {
        *os_errno = errno;
        return -1;
    }
    if (fcntl(fd, F_OFD_SETLK, &whole) != 0 || fchmod(fd, 0600) != 0) {
        *os_errno = errno == EACCES ? EAGAIN : errno; /* POSIX lets a held lock be reported as either */
        close(fd);
        return -1;
    }
    return fd;
}

/* The holder's process id as it wrote it, "unknown" when it had no time to. For people only. */
static void read_holder(const char *path, char holder[24])
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : read(fd, holder, 20);
    size_t len = 0;

    while (got > 0 && len < (size_t)got && holder[len] >= '0' && holder[len] <= '9')
        len++;
    holder[len] = '\0';
    if (len == 0)
        memcpy(holder, "unknown", sizeof "unknown");
    if (fd >= 0)
        close(fd);
}

static jihe_status write_holder(int fd, const char *path, jihe_error *err)
{
    char text[24];
    const int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) == len)
        return JIHE_OK;
    const int os_errno = errno;
    return jh_fail_os(err, JIHE_IO, os_errno, "writing the lock file '%s'", path);
}

jihe_status jh_lock_take(jh_lock *lock, const char *path, jihe_error *err)
{
    int os_errno = 0;
    jihe_status status;
    char holder[24];

    lock->fd = jh_lock_open(path, &os_errno);
    if (lock->fd < 0 && os_errno == EAGAIN) {
        read_holder(path, holder);
        return jh_fail(err, JIHE_BUSY, "'%s' is held by process %s; try again when it has finished", path, holder);
    }
    if (lock->fd < 0)
        return jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "opening the lock file '%s'", path);
    status = write_holder(lock->fd, path, err);
    if (status != JIHE_OK)
        jh_lock_drop(lock);
    return status;
}

/* The file stays: removing it would let a waiting process lock a name that is gone. */
void jh_lock_drop(jh_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    lock->fd = -1;
}
