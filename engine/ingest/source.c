#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct jh_source {
    char *name;
    int fd;
    bool ended; /* the file has no more bytes */
    uint64_t bytes_read, bytes_total;
    uint8_t *block; /* stored bytes not yet given out: block[at..len) */
    size_t at, len, room;
    bool gzip;
    bool between; /* gzip: the last member is complete */
    z_stream z;   /* in use when `gzip` */
};

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

/* At least `least` unread bytes in the block, fewer only at the end. */
static jihe_status fill_block(jh_source *source, size_t least, jihe_error *err)
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

static jihe_status sniff_gzip(jh_source *source, jihe_error *err)
{
    jihe_status st = fill_block(source, 2, err);

    if (st != JIHE_OK || source->len < 2 || source->block[0] != 0x1f || source->block[1] != 0x8b)
        return st;
    if (inflateInit2(&source->z, MAX_WBITS + 16) != Z_OK) /* + 16: gzip wrapper, its CRC checked */
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    source->gzip = true;
    return JIHE_OK;
}

jihe_status jh_source_open(jh_source **out, const char *path, size_t block_bytes, jihe_error *err)
{
    jh_source *source = calloc(1, sizeof *source);
    jihe_status st;

    *out = NULL;
    if (source == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    source->fd = -1;
    source->room = block_bytes < 2 ? 2 : block_bytes;
    source->block = malloc(source->room);
    source->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
    if (source->block == NULL || source->name == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    else if ((st = open_fd(source, path, err)) == JIHE_OK)
        st = sniff_gzip(source, err);
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

static jihe_status gzip_broken(const jh_source *source, const char *what, jihe_error *err)
{
    return jh_fail_at(err, JIHE_DATA, source->name, 0, 0,
                      "the gzip data %s (near byte %" PRIu64 " of the file); fetch the file again", what,
                      source->bytes_read - (source->len - source->at));
}

/* One step of inflate from the bytes at hand. */
static jihe_status inflate_step(jh_source *source, uint8_t *to, size_t room, size_t *made, jihe_error *err)
{
    z_stream *z = &source->z;
    int rc;

    z->next_in = source->block + source->at;
    z->avail_in = (uInt)(source->len - source->at);
    z->next_out = to;
    z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
    rc = inflate(z, Z_NO_FLUSH);
    source->at = source->len - z->avail_in;
    *made = (size_t)(z->next_out - to);
    if (rc == Z_MEM_ERROR)
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
        return gzip_broken(source, z->msg != NULL ? z->msg : "are damaged", err);
    source->between = rc == Z_STREAM_END;
    return JIHE_OK;
}

static jihe_status read_gzip(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    *got = 0;
    while (*got < room) {
        size_t made = 0;
        jihe_status st = source->at == source->len ? fill_block(source, 1, err) : JIHE_OK;
        if (st != JIHE_OK)
            return st;
        if (source->between) {
            if (source->at == source->len)
                return JIHE_OK;
            if (inflateReset(&source->z) != Z_OK)
                return jh_fail(err, JIHE_BUG, "cannot go on to the next gzip member of '%s'", source->name);
        }
        if ((st = inflate_step(source, to + *got, room - *got, &made, err)) != JIHE_OK)
            return st;
        *got += made;
        if (made == 0 && !source->between && source->ended && source->at == source->len)
            return gzip_broken(source, "end too early", err);
    }
    return JIHE_OK;
}

jihe_status jh_source_read(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    return source->gzip ? read_gzip(source, to, room, got, err) : read_plain(source, to, room, got, err);
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
    if (source->gzip)
        inflateEnd(&source->z);
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    free(source->block);
    free(source->name);
    free(source);
}
