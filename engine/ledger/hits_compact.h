#ifndef JH_LEDGER_HITS_COMPACT_H
#define JH_LEDGER_HITS_COMPACT_H

#include "ledger/hits.h"

/* Layout 3 of the hits of a run (hits.h). For engine/ledger. */

/* All parts but the first, which stays empty. Parts are made in parallel, by segment. */
jihe_status jh_hits_compact(jh_hit_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                            jihe_error *err);

/* The documents that a part says it has; 0 for what is no part. */
size_t jh_hits_part_documents(const jh_buf *part);

/* The documents and hits of one part, behind those that are there. False: not what jh_hits_compact writes, or no memory
 * (errno). `out` has room for the part's documents. `keys`: the stream's k of every rule. */
bool jh_hits_expand(jh_hits *out, const jh_buf *part, const uint64_t *keys, size_t snapshot_count);

#endif
