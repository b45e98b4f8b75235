#ifndef JH_RULE_ALIKE_SPREAD_H
#define JH_RULE_ALIKE_SPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fingerprints of documents spread over partitions: 8 bytes a document, written 64 bytes at a time, into chunks of 4 KiB.
 * Shared by alike*.c only. */

typedef struct jh_spread_lane jh_spread_lane; /* what one worker has spread */

typedef struct jh_spread {
    jh_spread_lane *lanes;
    uint32_t        lane_count;
    uint32_t        bits;   /* partitions: 2 to the power of this, 0..9 */
    uint32_t        document_bits; /* of a record, the lower ones, hold the document's number: 1..32 */
    void           *memory; /* of all chunks: `pieces` of 2 MiB, handed out one by one */
    uint64_t        pieces, pieces_used;
} jh_spread;

/* `bits` for about so many documents. */
uint32_t jh_spread_bits(uint64_t expected);
/* For about so many documents, and never more than `most`. False: no memory. */
bool jh_spread_init(jh_spread *spread, uint64_t expected, uint64_t most, uint32_t document_bits, uint32_t workers);
void jh_spread_deinit(jh_spread *spread); /* a zeroed one is fine */

/* The documents of a block, from `first` on, a multiple of 64: those whose bit is set. `prints`: evenly distributed 64
 * bits each. The upper ones choose the partition, as many of the next as a
 * record has room for are kept beside the document. False: no memory. */
bool jh_spread_put(jh_spread *spread, uint32_t worker, const uint64_t *prints, const uint64_t *wanted, size_t words,
                   uint32_t first);
bool jh_spread_flush(jh_spread *spread, uint32_t worker); /* once, after the last put; false: no memory */

/* Of one partition, from all workers: how many, and all of them, in no order: the bits of the print above, the document's number
 * below. */
size_t jh_spread_count(const jh_spread *spread, uint32_t partition);
void   jh_spread_get(const jh_spread *spread, uint32_t partition, uint64_t *records);

#endif
