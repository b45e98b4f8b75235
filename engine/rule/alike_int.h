#ifndef JH_RULE_ALIKE_INT_H
#define JH_RULE_ALIKE_INT_H

#include "rule/alike.h"
#include "rule/alike_spread.h"

/* Shared by alike*.c only. */

enum { JH_ALIKE_BLOCK = 2048 /* rows whose fingerprints are made at a time */ };

typedef struct jh_alike_worker {
    jh_same_look look;
    uint64_t wanted[JH_SEGMENT_ROWS / 64]; /* rows of the segment at hand */
    uint64_t prints[JH_ALIKE_BLOCK];
    jh_buf records, spare, filter; /* of the partition at hand */
    jh_buf texts;                  /* of the batch: length (4 bytes) and bytes of each value */
    jh_buf documents, values, order; /* of the group at hand */
} jh_alike_worker;

typedef struct jh_alike_found { /* documents of one partition whose fingerprint is not alone, by fingerprint */
    uint64_t *records;
    size_t count;
    size_t slot; /* of the first in the batch */
} jh_alike_found;

/* Values that fit together into a record are its fingerprint, mixed so that it can be undone: then documents of one
 * fingerprint have the same values, and nothing is fetched to compare. */
typedef struct jh_alike_packing {
    bool exact;
    uint32_t bits[JH_MAX_SAME]; /* of each key column */
    uint64_t least[JH_MAX_SAME];
    uint32_t sum; /* of bits */
} jh_alike_packing;

typedef struct jh_alike {
    const jh_alike_input *in;
    jh_alike_visit visit;
    void *context;
    jh_same same; /* key columns, then value columns */
    uint32_t width; /* columns */
    size_t words;   /* of a bitmap over the pass */
    uint64_t range, ranges;
    uint32_t document_bits;
    jh_alike_packing packing;
    jh_spread spread;
    jh_alike_worker *workers;
    uint32_t first; /* partition of the batch */
    jh_alike_found *found; /* of its partitions */
    uint64_t *marks;  /* documents of the batch */
    uint32_t *ranks;  /* per word of marks: documents before it */
    uint32_t *slots;  /* per document of the batch, in order of number: where its values are */
    uint64_t *cells;  /* values: `width` words per slot */
} jh_alike;

/* Decides whether the keys can be packed: looks at the least and largest values of every segment. */
jihe_status jh_alike_plan(jh_alike *alike, uint32_t partition_bits, jihe_error *err);
/* The fingerprints of a block from values packed. */
void jh_alike_pack(const jh_alike_packing *packing, const jh_same_look *look, size_t columns, uint32_t from, uint32_t count,
                   uint64_t *prints);

/* Finds and visits the groups of the partitions first .. last. */
jihe_status jh_alike_batch(jh_alike *alike, uint32_t first, uint32_t last, jihe_error *err);
jihe_status jh_alike_no_memory(const jh_alike *alike, jihe_error *err);

#endif
