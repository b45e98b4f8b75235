#ifndef JH_STORE_META_H
#define JH_STORE_META_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* LMDB's two meta pages, read with pread before anything is mapped. Layout of LMDB 0.9 (data version 1) on a 64-bit
 * machine, in the machine's byte order; a file from a machine of the other order has a foreign magic number. */

/* The root of one B+ tree. */
typedef struct jh_tree {
    uint16_t flags; /* 0; the free list's own: MDB_INTEGERKEY and the environment's flags */
    uint16_t depth; /* levels, 0 when empty */
    uint64_t branch_pages, leaf_pages, overflow_pages;
    uint64_t entries;
    uint64_t root; /* page number, UINT64_MAX when empty */
} jh_tree;

enum { JH_TREE_BYTES = 48 }; /* stored size of a jh_tree */

typedef struct jh_meta {
    uint32_t page_bytes; /* a power of two, 512..32768 */
    uint64_t pages;      /* last page in use + 1; the file has at least these */
    uint64_t commit;     /* number of the last commit */
    jh_tree free_list, main;
} jh_meta;

/* Reads and checks both meta pages and the file's size; *out is the later one. JIHE_CORRUPT when LMDB could not use the
 * file, or would die of SIGBUS or an assertion in it. */
jihe_status jh_meta_read(int fd, const char *path, jh_meta *out, jihe_error *err);

jh_tree jh_tree_decode(const uint8_t bytes[JH_TREE_BYTES]);

/* Exactly len bytes at `offset`; JIHE_CORRUPT at the end of the file. */
jihe_status jh_meta_pread(int fd, const char *path, void *out, size_t len, uint64_t offset, jihe_error *err);

#endif
