/* Preloaded into jihe: lets one system call that changes files go wrong. They are counted from 1 in the order in which
 * the process makes them; what stdio writes by itself (messages, standard output) is not seen here.
 *   FAULT_AT    which call; "7+" means the 7th and all after it
 *   FAULT       what becomes of it:
 *     kill      the process dies before the call, as by kill -9 at that instant
 *     tear      half of the bytes are written, then it dies; of another call all is done, then it dies
 *     short     half of the bytes are written and their number is returned; another call is done as it should be
 *     EIO, ENOSPC   nothing is done, this error is returned
 *     none      it is done as it should be and only noted
 *   FAULT_NOTE  a file that gets the call's name, so that the test knows when there was no FAULT_AT-th call
 * The calls go straight to the kernel, so nothing here can call itself. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_ulong calls;
static unsigned long fault_at; /* 0: never */
static bool and_after;
static const char *fault;
static const char *note;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAULT_AT");
    char *end = NULL;

    fault = getenv("FAULT");
    note = getenv("FAULT_NOTE");
    if (at == NULL || fault == NULL || note == NULL)
        return;
    fault_at = strtoul(at, &end, 10);
    and_after = *end == '+';
}

static void write_note(const char *name)
{
    const long fd = syscall(SYS_openat, AT_FDCWD, note, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    syscall(SYS_write, fd, name, strlen(name));
    syscall(SYS_write, fd, "\n", 1ul);
    syscall(SYS_close, fd);
}

/* Counts one call; true when it is the one. With kill this does not return. */
static bool strikes(const char *name)
{
    const unsigned long number = atomic_fetch_add(&calls, 1) + 1;

    if (fault_at == 0 || number < fault_at || (number > fault_at && !and_after))
        return false;
    write_note(name);
    if (strcmp(fault, "kill") == 0)
        raise(SIGKILL);
    return true;
}

static int fault_errno(void)
{
    if (strcmp(fault, "EIO") == 0)
        return EIO;
    return strcmp(fault, "ENOSPC") == 0 ? ENOSPC : 0;
}

/* How much of what should be written is. */
static size_t cut(size_t len)
{
    return strcmp(fault, "none") == 0 ? len : len - len / 2;
}

/* A call without bytes: `number` is its system call. */
static long plain(const char *name, long number, long a, long b, long c, long d, long e)
{
    const bool struck = strikes(name);

    if (struck && fault_errno() != 0) {
        errno = fault_errno();
        return -1;
    }
    const long result = syscall(number, a, b, c, d, e);

    if (struck && strcmp(fault, "tear") == 0)
        raise(SIGKILL);
    return result;
}

/* One write at `offset`, or where the file stands when that is negative. */
static ssize_t put(int fd, const void *bytes, size_t len, off64_t offset)
{
    return offset < 0 ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, offset);
}

static ssize_t writing(const char *name, int fd, const void *bytes, size_t len, off64_t offset)
{
    if (!strikes(name))
        return put(fd, bytes, len, offset);
    if (fault_errno() != 0) {
        errno = fault_errno();
        return -1;
    }
    const ssize_t result = put(fd, bytes, cut(len), offset);

    if (strcmp(fault, "tear") == 0)
        raise(SIGKILL);
    return result;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    return writing("write", fd, bytes, len, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    return writing("pwrite", fd, bytes, len, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    return writing("pwrite64", fd, bytes, len, offset);
}

/* Half of several buffers: the first half of them, and of a single one half its bytes. */
ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (!strikes("writev"))
        return syscall(SYS_writev, fd, parts, count);
    if (fault_errno() != 0) {
        errno = fault_errno();
        return -1;
    }
    const ssize_t result = count > 1 ? syscall(SYS_writev, fd, parts, cut((size_t)count))
                                     : put(fd, parts[0].iov_base, cut(parts[0].iov_len), -1);

    if (strcmp(fault, "tear") == 0)
        raise(SIGKILL);
    return result;
}

int fsync(int fd)
{
    return (int)plain("fsync", SYS_fsync, fd, 0, 0, 0, 0);
}

int fdatasync(int fd)
{
    return (int)plain("fdatasync", SYS_fdatasync, fd, 0, 0, 0, 0);
}

int ftruncate(int fd, off_t len)
{
    return (int)plain("ftruncate", SYS_ftruncate, fd, len, 0, 0, 0);
}

int ftruncate64(int fd, off64_t len)
{
    return (int)plain("ftruncate64", SYS_ftruncate, fd, len, 0, 0, 0);
}

int rename(const char *from, const char *to)
{
    return (int)plain("rename", SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return (int)plain("renameat", SYS_renameat2, from_dir, (long)from, to_dir, (long)to, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return (int)plain("mkdir", SYS_mkdirat, AT_FDCWD, (long)path, (long)mode, 0, 0);
}

int rmdir(const char *path)
{
    return (int)plain("rmdir", SYS_unlinkat, AT_FDCWD, (long)path, AT_REMOVEDIR, 0, 0);
}

int unlink(const char *path)
{
    return (int)plain("unlink", SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
    return (int)plain("unlinkat", SYS_unlinkat, dir, (long)path, flags, 0, 0);
}

int chmod(const char *path, mode_t mode)
{
    return (int)plain("chmod", SYS_fchmodat, AT_FDCWD, (long)path, (long)mode, 0, 0);
}

int fchmod(int fd, mode_t mode)
{
    return (int)plain("fchmod", SYS_fchmod, fd, (long)mode, 0, 0, 0);
}

/* Only an open that may make a file changes anything. */
static int open_any(const char *path, int flags, mode_t mode)
{
    if ((flags & O_CREAT) != 0)
        return (int)plain("open", SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode = 0;

    va_start(args, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(args, mode_t);
    va_end(args);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode = 0;

    va_start(args, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(args, mode_t);
    va_end(args);
    return open_any(path, flags, mode);
}
