#ifndef JH_SNAPSHOT_TALLIER_H
#define JH_SNAPSHOT_TALLIER_H

#include "base/buf.h"
#include "snapshot/probe.h"
#include "snapshot/slots.h"
#include "snapshot/figures.h"
#include "store/env.h"

/* Computes the tallies of a snapshot that is being sealed, from the columns in its file. Shared by engine/snapshot
 * only. */

/* Figures by number, 1 up: of a code (+ 1), or of a pair. Number 0 takes what has no code, and is dropped. */
typedef struct jh_tallied {
    uint32_t count, room;
    uint64_t *documents;
    struct jh_tallied_amounts {
        jh_i128 sum;
        uint64_t absent; /* documents without an amount */
    } *amounts;      /* per number, one for each money column */
    uint64_t *pairs; /* cross tally: person code << 32 | type code */
    uint32_t *dense; /* cross tally of few pairs: their numbers, by person code * types + type code; 0: not met yet */
    uint32_t types;  /* codes of the column with the role `type` */
    jh_probe index;  /* cross tally of many: hash of a pair to its number - 1 */
} jh_tallied;

typedef struct jh_tallier {
    const jh_schema *schema;
    uint32_t money;
    jh_tallied *tallies; /* by schema column: of categories */
    jh_tallied *crosses; /* by schema column: of persons, where a column has the role `type` */
} jh_tallier;

/* `codes[c]`: entries of the dictionary of category column c. */
jihe_status jh_tallier_make(jh_tallier *sums, const jh_schema *schema, const uint32_t *codes, jihe_error *err);
void        jh_tallier_deinit(jh_tallier *sums); /* a zeroed one is fine */

/* Adds the documents of all segments; a column is counted by one thread. */
jihe_status jh_tallier_count(jh_tallier *sums, jh_env *env, const jh_slots *slots, uint32_t segments, uint32_t threads,
                             jihe_error *err);

/* The finished value of one tally, or cross tally: all of `out`, which is cleared first. */
jihe_status jh_tallier_encode(const jh_tallier *sums, const jh_tallied *sum, const uint8_t key[JH_KEY_BYTES],
                                 jh_buf *out, jihe_error *err);

#endif
