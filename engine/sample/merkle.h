#ifndef JH_SAMPLE_MERKLE_H
#define JH_SAMPLE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* The Merkle tree of RFC 9162, section 2.1, with SHA-256: a leaf is SHA-256(0x00, text), a node SHA-256(0x01, left,
 * right), and a list is cut at the largest power of two below its length. A run of neighbouring leaves proves itself
 * against the root together with the hashes of the subtrees beside it, given in order from left to right. */

enum { JH_MERKLE_BYTES = 32 };

/* The hash of leaf `index`. */
typedef jihe_status (*jh_merkle_leaf)(void *context, uint64_t index, uint8_t out[JH_MERKLE_BYTES], jihe_error *err);

jihe_status jh_merkle_text(const void *text, size_t len, uint8_t out[JH_MERKLE_BYTES], jihe_error *err);

/* The root of `count` (1 or more) leaves; the subtrees beside leaves from..to-1 are appended to *rest. */
jihe_status jh_merkle_prove(uint8_t root[JH_MERKLE_BYTES], jh_buf *rest, jh_merkle_leaf leaf, void *context,
                            uint64_t count, uint64_t from, uint64_t to, jihe_error *err);

/* The root that leaves from..to-1 and the hashes beside them come to. JIHE_DIFFERS when there are too few or too many of
 * those. */
jihe_status jh_merkle_root(uint8_t root[JH_MERKLE_BYTES], const jh_buf *rest, jh_merkle_leaf leaf, void *context,
                           uint64_t count, uint64_t from, uint64_t to, jihe_error *err);

#endif
