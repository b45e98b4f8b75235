#ifndef JH_RULE_ALIKE_H
#define JH_RULE_ALIKE_H

#include "rule/pass.h"
#include "rule/same_values.h"

/* Documents that have the same values in some columns, among those of a pass, over all its snapshots.
 *
 * Each document gets a 64-bit fingerprint of its values. Fingerprints are spread over partitions that fit a core's cache,
 * there those that occur once are dropped, and of the others the values themselves are fetched and compared: two
 * documents are together exactly where all values are the same. The groups depend neither on `threads`, nor on `room`,
 * nor on the fingerprints.
 *
 * Memory: 8 bytes for each of at most `room` documents at a time (with more, the columns are read again for each range of
 * fingerprints); 1.5 bits per document of the pass; and for documents whose fingerprint is not alone 12 bytes and 8 per
 * column, of JH_ALIKE_BATCH documents at a time (or of all that share a partition, where values repeat more than that),
 * with their texts. */

enum {
    JH_ALIKE_ROOM = 1 << 24,  /* 128 MiB */
    JH_ALIKE_BATCH = 1 << 21, /* documents of the partitions looked at together */
    JH_ALIKE_VALUES = 2
};

typedef struct jh_alike_input {
    const jh_pass        *pass;  /* parts in order of date; superseded documents take no part */
    const uint64_t       *bits;  /* who takes part, laid out as the frames of the pass */
    const jh_same_column *keys;  /* columns compared, at least one */
    size_t                key_count;
    const char *const    *values; /* number columns (not decimals of different scale) handed to the visitor */
    size_t                value_count; /* at most JH_ALIKE_VALUES */
    int64_t               least, most; /* of the first value: documents beyond take no part; INT64_MIN, INT64_MAX: all do */
    uint64_t             *undecided; /* NULL, or gets the bits of documents that lack one of the columns; all 0 before */
    uint64_t              room;      /* JH_ALIKE_ROOM; tests make it small */
    uint32_t              print_bits; /* of the fingerprint in use: 64; tests make them meet */
    uint32_t              threads;
} jh_alike_input;

/* Two documents or more with the same values. */
typedef struct jh_alike_group {
    const uint32_t *documents; /* rising: by date, then as they lie in the snapshot; see jh_alike_place */
    const int64_t  *values;    /* value_count for each document */
    size_t          count;
} jh_alike_group;

/* Called once for each group, in no particular order, by several threads at once. */
typedef jihe_status (*jh_alike_visit)(void *context, uint32_t worker, const jh_alike_group *group, jihe_error *err);

jihe_status jh_alike_find(const jh_alike_input *input, jh_alike_visit visit, void *context, jihe_error *err);

/* A document's number is where its bit lies in the frames. */
void jh_alike_place(const jh_pass *pass, uint32_t document, uint64_t *segment, uint32_t *row);

#endif
