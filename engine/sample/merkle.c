#include "sample/merkle.h"

#include <string.h>

#include "base/hash.h"

struct walk {
    jh_merkle_leaf leaf;
    void *context;
    uint64_t from, to;  /* leaves inside */
    jh_buf *made;       /* proving: where the hashes beside them go */
    const jh_buf *rest; /* checking: where they come from */
    size_t used;
    jihe_error *err;
};

static jihe_status hash(uint8_t kind, const void *bytes, size_t len, uint8_t out[JH_MERKLE_BYTES], jihe_error *err)
{
    jh_sha256 sha;
    const jihe_status st = jh_sha256_begin(&sha, err);

    if (st != JIHE_OK)
        return st;
    jh_sha256_add(&sha, &kind, 1);
    jh_sha256_add(&sha, bytes, len);
    jh_sha256_end(&sha, out);
    return JIHE_OK;
}

jihe_status jh_merkle_text(const void *text, size_t len, uint8_t out[JH_MERKLE_BYTES], jihe_error *err)
{
    return hash(0x00, text, len, out, err);
}

static jihe_status take(struct walk *walk, uint8_t out[JH_MERKLE_BYTES])
{
    if (walk->rest->len - walk->used < JH_MERKLE_BYTES)
        return jh_fail(walk->err, JIHE_DIFFERS, "hashes of the tree are missing");
    memcpy(out, walk->rest->bytes + walk->used, JH_MERKLE_BYTES);
    walk->used += JH_MERKLE_BYTES;
    return JIHE_OK;
}

/* The hash of leaves low..high-1. Recursion is as deep as a 64-bit number has digits. `beside`: the subtree is part of
 * one that is handed over as a whole. */
static jihe_status node(struct walk *walk, uint64_t low, uint64_t high, int beside, uint8_t out[JH_MERKLE_BYTES])
{
    const int outside = !beside && (high <= walk->from || low >= walk->to);
    uint8_t both[2 * JH_MERKLE_BYTES];
    jihe_status st;

    if (outside && walk->rest != NULL)
        return take(walk, out);
    if (high - low == 1)
        st = walk->leaf(walk->context, low, out, walk->err);
    else {
        uint64_t half = 1;

        while (half * 2 < high - low)
            half *= 2;
        if ((st = node(walk, low, low + half, beside || outside, both)) == JIHE_OK &&
            (st = node(walk, low + half, high, beside || outside, both + JH_MERKLE_BYTES)) == JIHE_OK)
            st = hash(0x01, both, sizeof both, out, walk->err);
    }
    if (st == JIHE_OK && outside)
        jh_buf_put(walk->made, out, JH_MERKLE_BYTES);
    return st;
}

jihe_status jh_merkle_prove(uint8_t root[JH_MERKLE_BYTES], jh_buf *rest, jh_merkle_leaf leaf, void *context,
                            uint64_t count, uint64_t from, uint64_t to, jihe_error *err)
{
    struct walk walk = {.leaf = leaf, .context = context, .from = from, .to = to, .made = rest, .err = err};
    const jihe_status st = node(&walk, 0, count, 0, root);

    return st == JIHE_OK && rest->failed ? jh_fail(err, JIHE_NO_MEMORY, "a proof") : st;
}

jihe_status jh_merkle_root(uint8_t root[JH_MERKLE_BYTES], const jh_buf *rest, jh_merkle_leaf leaf, void *context,
                           uint64_t count, uint64_t from, uint64_t to, jihe_error *err)
{
    struct walk walk = {.leaf = leaf, .context = context, .from = from, .to = to, .rest = rest, .err = err};
    const jihe_status st = node(&walk, 0, count, 0, root);

    return st == JIHE_OK && walk.used != rest->len ? jh_fail(err, JIHE_DIFFERS, "there are hashes too many") : st;
}
