#include "store/meta.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    META_MAGIC = 0, /* offsets in a meta page, behind the page header */
    META_VERSION = 4,
    META_FREE = 24,
    META_MAIN = 72,
    META_LAST_PAGE = 120,
    META_COMMIT = 128,
    META_BYTES = 136,

    PAGE_FLAGS = 10, /* in a page header */
    PAGE_HEADER = 16,
    FLAG_META = 0x08,

    FREE_FLAGS = 0x08,          /* MDB_INTEGERKEY */
    FREE_FLAGS_IGNORED = 0x4000 /* MDB_NOSUBDIR, the only environment flag of ours that LMDB stores */
};

_Static_assert(sizeof(size_t) == 8, "the layout of LMDB files read here is that of 64-bit machines");

static const uint32_t magic = 0xBEEFC0DE;
static const uint32_t version = 1;

static uint16_t u16(const uint8_t *at)
{
    uint16_t n;

    memcpy(&n, at, sizeof n);
    return n;
}

static uint32_t u32(const uint8_t *at)
{
    uint32_t n;

    memcpy(&n, at, sizeof n);
    return n;
}

static uint64_t u64(const uint8_t *at)
{
    uint64_t n;

    memcpy(&n, at, sizeof n);
    return n;
}

jh_tree jh_tree_decode(const uint8_t bytes[JH_TREE_BYTES])
{
    return (jh_tree){
        .flags = u16(bytes + 4),
        .depth = u16(bytes + 6),
        .branch_pages = u64(bytes + 8),
        .leaf_pages = u64(bytes + 16),
        .overflow_pages = u64(bytes + 24),
        .entries = u64(bytes + 32),
        .root = u64(bytes + 40),
    };
}

jihe_status jh_meta_pread(int fd, const char *path, void *out, size_t len, uint64_t offset, jihe_error *err)
{
    size_t done = 0;

    while (done < len) {
        const ssize_t got = pread(fd, (char *)out + done, len - done, (off_t)(offset + done));
        const int os_errno = errno;

        if (got < 0 && os_errno == EINTR)
            continue;
        if (got < 0)
            return jh_fail_os(err, JIHE_IO, os_errno, "reading '%s'", path);
        if (got == 0)
            return jh_fail(err, JIHE_CORRUPT, "'%s' is cut short: it ends before byte %llu; restore it from a backup",
                           path, (unsigned long long)(offset + len));
        done += (size_t)got;
    }
    return JIHE_OK;
}

static jihe_status damaged(const char *path, int number, const char *what, uint64_t found, jihe_error *err)
{
    return jh_fail(
        err, JIHE_CORRUPT,
        "'%s' is not a store of this program or is damaged: %s of meta page %d is %llu; restore it from a backup", path,
        what, number, (unsigned long long)found);
}

/* `bytes`: one meta page from its beginning. */
static jihe_status decode(const uint8_t bytes[PAGE_HEADER + META_BYTES], const char *path, int number, jh_meta *out,
                          jihe_error *err)
{
    const uint8_t *meta = bytes + PAGE_HEADER;

    if ((u16(bytes + PAGE_FLAGS) & FLAG_META) == 0)
        return damaged(path, number, "page type", u16(bytes + PAGE_FLAGS), err);
    if (u32(meta + META_MAGIC) != magic)
        return damaged(path, number, "magic number", u32(meta + META_MAGIC), err);
    if (u32(meta + META_VERSION) != version)
        return damaged(path, number, "format version", u32(meta + META_VERSION), err);
    out->page_bytes = u32(meta + META_FREE); /* LMDB keeps it in a padding field of the free list */
    if (out->page_bytes < 512 || out->page_bytes > 32768 || (out->page_bytes & (out->page_bytes - 1)) != 0)
        return damaged(path, number, "page size", out->page_bytes, err);
    out->free_list = jh_tree_decode(meta + META_FREE);
    out->main = jh_tree_decode(meta + META_MAIN);
    if ((out->free_list.flags & ~FREE_FLAGS_IGNORED) != FREE_FLAGS)
        return damaged(path, number, "kind of the free list", out->free_list.flags, err);
    if (out->main.flags != 0)
        return damaged(path, number, "kind of the main table", out->main.flags, err);
    out->pages = u64(meta + META_LAST_PAGE) + 1;
    out->commit = u64(meta + META_COMMIT);
    if (out->pages < 2)
        return damaged(path, number, "last page", out->pages - 1, err);
    return JIHE_OK;
}

static jihe_status check_size(int fd, const char *path, const jh_meta *meta, jihe_error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        const int os_errno = errno;
        return jh_fail_os(err, JIHE_IO, os_errno, "looking at '%s'", path);
    }
    if ((uint64_t)st.st_size / meta->page_bytes < meta->pages)
        return jh_fail(err, JIHE_CORRUPT,
                       "'%s' is cut short: it has %lld bytes, its own page count says %llu pages of %u bytes; "
                       "restore it from a backup",
                       path, (long long)st.st_size, (unsigned long long)meta->pages, meta->page_bytes);
    return JIHE_OK;
}

jihe_status jh_meta_read(int fd, const char *path, jh_meta *out, jihe_error *err)
{
    uint8_t bytes[PAGE_HEADER + META_BYTES];
    jh_meta both[2];
    jihe_status st;

    for (int i = 0; i < 2; i++) {
        const uint64_t offset = i == 0 ? 0 : both[0].page_bytes;

        if ((st = jh_meta_pread(fd, path, bytes, sizeof bytes, offset, err)) != JIHE_OK ||
            (st = decode(bytes, path, i, &both[i], err)) != JIHE_OK)
            return st;
    }
    if (both[0].page_bytes != both[1].page_bytes)
        return damaged(path, 1, "page size", both[1].page_bytes, err);
    *out = both[0].commit < both[1].commit ? both[1] : both[0];
    return check_size(fd, path, out, err); /* after the metas: a file being written only grows */
}
