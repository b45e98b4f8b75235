#include "ledger/anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/num.h"

enum {
    HASH_DIGITS = 64,
    LINE_MAX_BYTES = 20 + 1 + HASH_DIGITS + 1, /* the longest line with its end */
    BLOCK = 16 * 1024
};

static jihe_status fail_line(const char *path, uint64_t offset, const char *what, jihe_error *err)
{
    return jh_fail(err, JIHE_CORRUPT, "'%s' is damaged: byte %llu %s; restore it from a backup", path,
                   (unsigned long long)offset, what);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `len` without the line's end. */
static bool parse_line(const char *line, size_t len, jh_head *head)
{
    const char *space = memchr(line, ' ', len);
    const char *hex;

    if (space == NULL || len != (size_t)(space - line) + 1 + HASH_DIGITS || line[0] == '0' ||
        !jh_num_u64(line, (size_t)(space - line), &head->sequence))
        return false;
    hex = space + 1;
    for (size_t i = 0; i < sizeof head->hash; i++) {
        const int high = hex_digit(hex[2 * i]);
        const int low = hex_digit(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        head->hash[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static jihe_status open_anchor(const char *path, int flags, int *out, uint64_t *bytes, jihe_error *err)
{
    const int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);
    const int os_errno = errno;
    struct stat st;

    if (fd < 0 && os_errno == ENOENT)
        return jh_fail(err, JIHE_CORRUPT,
                       "'%s' is missing: without it nobody can tell whether events were removed; "
                       "restore it from a backup",
                       path);
    if (fd < 0)
        return jh_fail_os(err, os_errno == EACCES || os_errno == EROFS ? JIHE_NOT_PERMITTED : JIHE_IO, os_errno,
                          "opening '%s'", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return jh_fail(err, JIHE_CORRUPT, "'%s' is not a file", path);
    }
    *out = fd;
    *bytes = (uint64_t)st.st_size;
    return JIHE_OK;
}

/* Up to `want` bytes at `offset`; *got is less only at the end of the file. */
static jihe_status read_at(int fd, const char *path, char *out, size_t want, uint64_t offset, size_t *got,
                           jihe_error *err)
{
    *got = 0;
    while (*got < want) {
        const ssize_t n = pread(fd, out + *got, want - *got, (off_t)(offset + *got));
        const int os_errno = errno;

        if (n == 0)
            break;
        if (n > 0)
            *got += (size_t)n;
        else if (os_errno != EINTR)
            return jh_fail_os(err, JIHE_IO, os_errno, "reading '%s'", path);
    }
    return JIHE_OK;
}

/* The last whole line among the file's `bytes`; *whole is where it ends. The tail alone is read: two lines' length
 * holds a torn line and the whole one before it. */
static jihe_status find_last(int fd, const char *path, uint64_t bytes, jh_head *last, uint64_t *whole, jihe_error *err)
{
    char tail[2 * LINE_MAX_BYTES];
    const size_t want = bytes < sizeof tail ? (size_t)bytes : sizeof tail;
    const uint64_t start = bytes - want;
    const char *end;
    const char *before;
    size_t got;
    jihe_status st;

    *last = (jh_head){0};
    *whole = 0;
    if ((st = read_at(fd, path, tail, want, start, &got, err)) != JIHE_OK)
        return st;
    end = memrchr(tail, '\n', got);
    if (end == NULL)
        return got < LINE_MAX_BYTES ? JIHE_OK : fail_line(path, start, "begins no line", err);
    before = memrchr(tail, '\n', (size_t)(end - tail));
    before = before == NULL ? tail : before + 1;
    *whole = start + (uint64_t)(end + 1 - tail);
    if (!parse_line(before, (size_t)(end - before), last) || bytes - *whole >= LINE_MAX_BYTES)
        return fail_line(path, start + (uint64_t)(before - tail), "begins no line \"number hash\"", err);
    return JIHE_OK;
}

jihe_status jh_anchor_create(const char *path, jihe_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int os_errno = fd < 0 ? errno : 0;

    if (os_errno == EEXIST)
        return JIHE_OK;
    if (fd >= 0) {
        if (fchmod(fd, 0600) != 0 || fsync(fd) != 0)
            os_errno = errno;
        close(fd);
    }
    return os_errno == 0 ? JIHE_OK : jh_fail_os(err, JIHE_CANNOT_CREATE, os_errno, "making '%s'", path);
}

jihe_status jh_anchor_last(const char *path, jh_head *last, jihe_error *err)
{
    uint64_t bytes = 0, whole = 0;
    int fd = -1;
    jihe_status st = open_anchor(path, O_RDONLY, &fd, &bytes, err);

    if (st != JIHE_OK)
        return st;
    st = find_last(fd, path, bytes, last, &whole, err);
    close(fd);
    return st;
}

static jihe_status write_line(int fd, const char *path, const jh_head *head, jihe_error *err)
{
    char hex[HASH_DIGITS + 1];
    char line[LINE_MAX_BYTES + 1];
    int len;
    ssize_t written;
    int os_errno;

    jh_hex(head->hash, sizeof head->hash, hex);
    len = snprintf(line, sizeof line, "%llu %s\n", (unsigned long long)head->sequence, hex);
    do {
        written = write(fd, line, (size_t)len);
        os_errno = written < 0 ? errno : ENOSPC; /* a short write is a full disk; the next append cuts it off */
    } while (written < 0 && os_errno == EINTR);
    if (written == len && fdatasync(fd) == 0)
        return JIHE_OK;
    if (written == len)
        os_errno = errno;
    return jh_fail_os(err, JIHE_IO, os_errno, "appending to '%s'", path);
}

jihe_status jh_anchor_append(const char *path, const jh_head *head, jihe_error *err)
{
    uint64_t bytes, whole;
    jh_head last;
    int fd;
    jihe_status st = open_anchor(path, O_RDWR | O_APPEND, &fd, &bytes, err);

    if (st != JIHE_OK)
        return st;
    st = find_last(fd, path, bytes, &last, &whole, err);
    if (st == JIHE_OK && whole < bytes && ftruncate(fd, (off_t)whole) != 0) {
        const int os_errno = errno;
        st = jh_fail_os(err, JIHE_IO, os_errno, "cutting the torn last line off '%s'", path);
    }
    if (st == JIHE_OK && head->sequence <= last.sequence)
        st = jh_fail(err, JIHE_CORRUPT,
                     "'%s' ends at event %llu already, event %llu was to follow; "
                     "another process wrote to it",
                     path, (unsigned long long)last.sequence, (unsigned long long)head->sequence);
    if (st == JIHE_OK)
        st = write_line(fd, path, head, err);
    close(fd);
    return st;
}

/* The whole lines of one block, each shown to visit; *used is their length. */
static jihe_status visit_lines(const char *path, const char *block, size_t len, uint64_t offset, jh_head *last,
                               jh_head_visit visit, void *context, size_t *used, jihe_error *err)
{
    const char *end;

    for (*used = 0; (end = memchr(block + *used, '\n', len - *used)) != NULL; *used = (size_t)(end + 1 - block)) {
        const char *line = block + *used;
        jh_head head;
        jihe_status st;

        if (!parse_line(line, (size_t)(end - line), &head) || head.sequence <= last->sequence)
            return fail_line(path, offset + *used, "begins no line \"number hash\" with a risen number", err);
        if ((st = visit(context, &head, err)) != JIHE_OK)
            return st;
        *last = head;
    }
    return JIHE_OK;
}

jihe_status jh_anchor_each(const char *path, jh_head_visit visit, void *context, jihe_error *err)
{
    char block[BLOCK];
    jh_head last = {0};
    uint64_t bytes, offset = 0;
    size_t got = 0, used = 1;
    int fd;
    jihe_status st = open_anchor(path, O_RDONLY, &fd, &bytes, err);

    if (st != JIHE_OK)
        return st;
    for (; st == JIHE_OK && used > 0; offset += used) { /* a block without a whole line is the end */
        st = read_at(fd, path, block, sizeof block, offset, &got, err);
        if (st == JIHE_OK)
            st = visit_lines(path, block, got, offset, &last, visit, context, &used, err);
    }
    close(fd);
    if (st == JIHE_OK && got >= LINE_MAX_BYTES)
        return fail_line(path, offset, "begins no line", err);
    return st;
}
