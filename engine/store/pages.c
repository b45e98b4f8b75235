#include "store/pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

enum {
    PAGE_NUMBER = 0, /* offsets in a page header */
    PAGE_FLAGS = 10,
    PAGE_LOWER = 12, /* end of the node offsets */
    PAGE_UPPER = 14, /* start of the nodes */
    PAGE_HEADER = 16,
    FLAG_BRANCH = 0x01,
    FLAG_LEAF = 0x02,

    NODE_LOW = 0, /* offsets in a node: 48 bits of page number, or 32 bits of value length */
    NODE_FLAGS = 4,
    NODE_KEY_LEN = 6,
    NODE_KEY = 8,
    FLAG_BIG = 0x01,   /* the value is on pages of its own; the node has the first one's number */
    FLAG_TABLE = 0x02, /* the value is the root of a named table */

    KEY_MAX = 511, /* LMDB's default */
    DEPTH_MAX = 20 /* LMDB's cursors hold 32; pages of 4 KiB reach 2^48 bytes in 9 */
};

/* One walk over one file. */
struct walk {
    int fd;
    const char *path;
    const jh_meta *meta;
    uint64_t *used; /* bit per page: belongs to something already. Ends a walk in circles; a page used twice, or used
                        and free, would be overwritten by the next commit */
    uint8_t *page[DEPTH_MAX]; /* of each level, allocated when reached */
};

/* One tree under check, counted against what its root says. */
struct tally {
    jh_tree tree;
    uint64_t branch_pages, leaf_pages, entries;
    bool main; /* values may be roots of named tables */
    bool free_list;
};

static jihe_status check_tree(struct walk *walk, struct tally *tally, jihe_error *err);

static uint16_t u16(const uint8_t *at)
{
    uint16_t n;

    memcpy(&n, at, sizeof n);
    return n;
}

static uint64_t u64(const uint8_t *at)
{
    uint64_t n;

    memcpy(&n, at, sizeof n);
    return n;
}

static jihe_status damaged(const struct walk *walk, uint64_t page, const char *what, jihe_error *err)
{
    return jh_fail(err, JIHE_CORRUPT, "'%s' is damaged: page %llu %s; restore it from a backup", walk->path,
                   (unsigned long long)page, what);
}

/* False when one of the pages is not in the file, or is claimed already. */
static bool claim(struct walk *walk, uint64_t first, uint64_t count)
{
    if (first < 2 || first >= walk->meta->pages || count > walk->meta->pages - first)
        return false;
    for (uint64_t page = first; page < first + count; page++) {
        if (jh_bits_test(walk->used, page))
            return false;
        jh_bits_set(walk->used, page);
    }
    return true;
}

static size_t key_count(const uint8_t *page)
{
    return (size_t)(u16(page + PAGE_LOWER) - PAGE_HEADER) / 2;
}

static const uint8_t *node_at(const uint8_t *page, size_t i)
{
    return page + u16(page + PAGE_HEADER + 2 * i);
}

static uint32_t value_len(const uint8_t *node)
{
    return u16(node) | (uint32_t)u16(node + 2) << 16;
}

static uint64_t child_page(const uint8_t *node)
{
    return value_len(node) | (uint64_t)u16(node + NODE_FLAGS) << 32;
}

static jihe_status load(struct walk *walk, uint64_t number, unsigned level, unsigned depth, jihe_error *err)
{
    const size_t bytes = walk->meta->page_bytes;
    const uint16_t want = level + 1 == depth ? FLAG_LEAF : FLAG_BRANCH;
    uint8_t *page;
    jihe_status st;

    if (!claim(walk, number, 1))
        return damaged(walk, number, "is linked but not in the file, or linked twice", err);
    if (walk->page[level] == NULL && (walk->page[level] = malloc(bytes)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to check '%s'", walk->path);
    page = walk->page[level];
    if ((st = jh_meta_pread(walk->fd, walk->path, page, bytes, number * bytes, err)) != JIHE_OK)
        return st;
    if (u64(page + PAGE_NUMBER) != number)
        return damaged(walk, number, "carries another page's number", err);
    if (u16(page + PAGE_FLAGS) != want)
        return damaged(walk, number, "is not of the kind its place in the tree needs", err);
    if (u16(page + PAGE_LOWER) < PAGE_HEADER + 2 || u16(page + PAGE_LOWER) % 2 != 0 ||
        u16(page + PAGE_LOWER) > u16(page + PAGE_UPPER) || u16(page + PAGE_UPPER) > bytes)
        return damaged(walk, number, "has impossible borders", err);
    if (want == FLAG_BRANCH && key_count(page) < 2)
        return damaged(walk, number, "is a branch of fewer than two", err);
    return JIHE_OK;
}

/* The node and its key lie inside the page; `fixed` bytes follow the key at least. */
static bool node_inside(const struct walk *walk, const uint8_t *page, size_t i, size_t fixed)
{
    const size_t bytes = walk->meta->page_bytes;
    const size_t at = u16(page + PAGE_HEADER + 2 * i);

    if (at < u16(page + PAGE_UPPER) || at % 2 != 0 || at + NODE_KEY > bytes)
        return false;
    return u16(page + at + NODE_KEY_LEN) <= KEY_MAX && at + NODE_KEY + u16(page + at + NODE_KEY_LEN) + fixed <= bytes;
}

/* A record of the free list: a count and that many page numbers. */
static jihe_status claim_free(struct walk *walk, uint64_t number, const uint8_t *record, uint32_t len, jihe_error *err)
{
    const uint64_t count = u64(record);

    if (count > len / 8 - 1)
        return damaged(walk, number, "holds a free list longer than its record", err);
    for (uint64_t i = 1; i <= count; i++)
        if (!claim(walk, u64(record + 8 * i), 1))
            return damaged(walk, number, "says that a page is free which is not", err);
    return JIHE_OK;
}

static jihe_status check_free(struct walk *walk, uint64_t number, const uint8_t *node, jihe_error *err)
{
    const uint8_t *data = node + NODE_KEY + u16(node + NODE_KEY_LEN);
    const uint32_t len = value_len(node);
    uint8_t *copy;
    jihe_status st;

    if (u16(node + NODE_KEY_LEN) != 8 || len < 8)
        return damaged(walk, number, "holds a broken free list", err);
    if ((u16(node + NODE_FLAGS) & FLAG_BIG) == 0)
        return claim_free(walk, number, data, len, err);
    copy = malloc(len); /* no more than the file has: the value's pages are claimed */
    if (copy == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to check '%s'", walk->path);
    st = jh_meta_pread(walk->fd, walk->path, copy, len, u64(data) * walk->meta->page_bytes + PAGE_HEADER, err);
    if (st == JIHE_OK)
        st = claim_free(walk, number, copy, len, err);
    free(copy);
    return st;
}

static jihe_status check_table(struct walk *walk, uint64_t number, const uint8_t *node, jihe_error *err)
{
    struct tally table = {0};
    struct walk inner = {.fd = walk->fd, .path = walk->path, .meta = walk->meta, .used = walk->used};

    if (value_len(node) != JH_TREE_BYTES)
        return damaged(walk, number, "holds a broken table root", err);
    table.tree = jh_tree_decode(node + NODE_KEY + u16(node + NODE_KEY_LEN));
    if (table.tree.flags != 0)
        return damaged(walk, number, "holds a table of an unknown kind", err);
    return check_tree(&inner, &table, err);
}

static jihe_status check_leaf_node(struct walk *walk, const struct tally *tally, const uint8_t *page, size_t i,
                                   jihe_error *err)
{
    const uint64_t number = u64(page + PAGE_NUMBER);
    const uint8_t *node = node_at(page, i);
    const uint64_t bytes = walk->meta->page_bytes;
    uint16_t flags;

    if (!node_inside(walk, page, i, 0))
        return damaged(walk, number, "has a record outside its borders", err);
    flags = u16(node + NODE_FLAGS);
    if (!node_inside(walk, page, i, flags == FLAG_BIG ? 8 : value_len(node)))
        return damaged(walk, number, "has a value outside its borders", err);
    if (flags == FLAG_BIG && !claim(walk, u64(node + NODE_KEY + u16(node + NODE_KEY_LEN)),
                                    (value_len(node) + PAGE_HEADER + bytes - 1) / bytes))
        return damaged(walk, number, "has a value on pages outside the file or in use", err);
    if (flags == FLAG_TABLE && tally->main)
        return check_table(walk, number, node, err);
    if (flags != 0 && flags != FLAG_BIG)
        return damaged(walk, number, "has a record of an unknown kind", err);
    return tally->free_list ? check_free(walk, number, node, err) : JIHE_OK;
}

static jihe_status check_page(struct walk *walk, struct tally *tally, uint64_t number, unsigned level, jihe_error *err)
{
    const unsigned depth = tally->tree.depth;
    const uint8_t *page;
    jihe_status st;
    size_t keys;

    if ((st = load(walk, number, level, depth, err)) != JIHE_OK)
        return st;
    page = walk->page[level];
    keys = key_count(page);
    if (level + 1 == depth) {
        tally->leaf_pages++;
        tally->entries += keys;
    } else {
        tally->branch_pages++;
    }
    for (size_t i = 0; i < keys && st == JIHE_OK; i++) {
        if (level + 1 == depth)
            st = check_leaf_node(walk, tally, page, i, err);
        else if (!node_inside(walk, page, i, 0))
            st = damaged(walk, number, "has a link outside its borders", err);
        else
            st = check_page(walk, tally, child_page(node_at(page, i)), level + 1, err); /* depth <= DEPTH_MAX */
    }
    return st;
}

static jihe_status check_tree(struct walk *walk, struct tally *tally, jihe_error *err)
{
    const jh_tree *tree = &tally->tree;
    jihe_status st = JIHE_OK;

    if (tree->depth > DEPTH_MAX || (tree->depth == 0) != (tree->root == UINT64_MAX))
        return damaged(walk, tree->root, "is the root of a tree of impossible depth", err);
    if (tree->depth > 0)
        st = check_page(walk, tally, tree->root, 0, err);
    if (st == JIHE_OK && (tally->branch_pages != tree->branch_pages || tally->leaf_pages != tree->leaf_pages ||
                          tally->entries != tree->entries))
        st = damaged(walk, tree->root, "is the root of a tree that has lost records", err);
    for (size_t i = 0; i < DEPTH_MAX; i++) {
        free(walk->page[i]);
        walk->page[i] = NULL;
    }
    return st;
}

jihe_status jh_pages_check(int fd, const char *path, const jh_meta *meta, jihe_error *err)
{
    struct walk walk = {.fd = fd, .path = path, .meta = meta};
    struct tally free_list = {.tree = meta->free_list, .free_list = true};
    struct tally main = {.tree = meta->main, .main = true};
    jihe_status st;

    walk.used = calloc(jh_bits_words(meta->pages), sizeof *walk.used);
    if (walk.used == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to check '%s'", path);
    st = check_tree(&walk, &free_list, err);
    if (st == JIHE_OK)
        st = check_tree(&walk, &main, err);
    free(walk.used);
    return st;
}
