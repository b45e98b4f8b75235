#include "ingest/source_int.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_BYTES = 4 }; /* at the beginning of a file that say how it is compressed */

static jihe_status open_fd(jh_source *source, const char *path, jihe_error *err)
{
    struct stat info;

    if (strcmp(path, "-") == 0) {
        source->fd = STDIN_FILENO;
    } else if ((source->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
        const int os_errno = errno;
        return jh_fail_os(err, os_errno == EACCES ? JIHE_NOT_PERMITTED : JIHE_NO_INPUT, os_errno, "cannot open '%s'",
                          path);
    }
    if (fstat(source->fd, &info) != 0) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_IO, os_errno, "cannot look at '%s'", source->name);
    }
    if (S_ISDIR(info.st_mode))
        return jh_fail(err, JIHE_NO_INPUT, "'%s' is a directory, expected a file", source->name);
    if (S_ISREG(info.st_mode) && info.st_size > 0)
        source->bytes_total = (uint64_t)info.st_size;
    return JIHE_OK;
}

/* One read into `to`; *got 0 only at the end. */
static jihe_status read_some(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    ssize_t n;

    do
        n = read(source->fd, to, room < SSIZE_MAX ? room : SSIZE_MAX);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_IO, os_errno, "cannot read '%s'", source->name);
    }
    source->ended = n == 0;
    source->bytes_read += (uint64_t)n;
    *got = (size_t)n;
    return JIHE_OK;
}

jihe_status jh_source_fill(jh_source *source, size_t least, jihe_error *err)
{
    if (source->at > 0) {
        memmove(source->block, source->block + source->at, source->len - source->at);
        source->len -= source->at;
        source->at = 0;
    }
    while (source->len < least && !source->ended) {
        size_t got = 0;
        jihe_status st = read_some(source, source->block + source->len, source->room - source->len, &got, err);
        if (st != JIHE_OK)
            return st;
        source->len += got;
    }
    return JIHE_OK;
}

/* Compressions say what they are in their first bytes. */
static jihe_status sniff(jh_source *source, jihe_error *err)
{
    const jh_unzip_kind *const kinds[] = {&jh_unzip_gzip, &jh_unzip_zstd};
    jihe_status st = jh_source_fill(source, MAGIC_BYTES, err);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && st == JIHE_OK; i++)
        if (kinds[i]->begins(source->block, source->len))
            source->kind = kinds[i];
    return source->kind != NULL ? source->kind->open(&source->unzip, source, err) : st;
}

jihe_status jh_source_open(jh_source **out, const char *path, size_t block_bytes, jihe_error *err)
{
    jh_source *source = calloc(1, sizeof *source);
    jihe_status st;

    *out = NULL;
    if (source == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    source->fd = -1;
    source->room = block_bytes < MAGIC_BYTES ? MAGIC_BYTES : block_bytes;
    source->block = malloc(source->room);
    source->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
    if (source->block == NULL || source->name == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    else if ((st = open_fd(source, path, err)) == JIHE_OK)
        st = sniff(source, err);
    if (st != JIHE_OK) {
        jh_source_close(source);
        return st;
    }
    *out = source;
    return JIHE_OK;
}

static jihe_status read_plain(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    const size_t held = source->len - source->at;

    *got = held < room ? held : room;
    memcpy(to, source->block + source->at, *got);
    source->at += *got;
    while (*got < room && !source->ended) {
        size_t more = 0;
        jihe_status st = read_some(source, to + *got, room - *got, &more, err);
        if (st != JIHE_OK)
            return st;
        *got += more;
    }
    return JIHE_OK;
}

jihe_status jh_source_broken(const jh_source *source, const char *kind, const char *what, jihe_error *err)
{
    return jh_fail_at(err, JIHE_DATA, source->name, 0, 0,
                      "the %s data %s (near byte %" PRIu64 " of the file); fetch the file again", kind, what,
                      source->bytes_read - (source->len - source->at));
}

jihe_status jh_source_read(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    if (source->kind == NULL)
        return read_plain(source, to, room, got, err);
    return source->kind->read(source->unzip, source, to, room, got, err);
}

uint64_t jh_source_bytes_read(const jh_source *source, uint64_t *total)
{
    *total = source->bytes_total;
    return source->bytes_read;
}

const char *jh_source_name(const jh_source *source)
{
    return source->name;
}

void jh_source_close(jh_source *source)
{
    if (source == NULL)
        return;
    if (source->kind != NULL)
        source->kind->close(source->unzip);
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    free(source->block);
    free(source->name);
    free(source);
}
