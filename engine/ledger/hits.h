#ifndef JH_LEDGER_HITS_H
#define JH_LEDGER_HITS_H

#include "base/arena.h"
#include "base/buf.h"
#include "sample/selection.h"

/* The hits of a recorded run: kept beside the ledger's chain in parts, so that lists can be made long after the
 * snapshot is gone. The run's event carries the SHA-256 of all parts in order. Bytes (little-endian):
 *
 *   part 0          MessagePack: per rule an array of strata [label, documents, quota]; then, in layout 2, the
 *                   eligibility patterns: an array of [documents, rule, stratum, rule, stratum, ...]
 *   document parts  u32 "JHD1" ("JHD2"), u32 count, then arrays: f64 p_any, f64 p_random, (u32 pattern,) u32 snapshot,
 *                   u32 segment, u32 row, u32 id offset (count + 1), id bytes. Documents in order of business date,
 *                   then id bytes.
 *   hit parts       u32 "JHH1" ("JHH2"), u32 count, then arrays: u64 draw number, (f64 p,) u32 rule, u32 stratum, u32
 *                   document. Hits in order of rule, stratum, draw number, id, date.
 *
 * What stands in parentheses is of layout 2. Layout 3 says the same in a fifth of the bytes, in the order of the
 * extract: there are no hit parts, and each segment that has documents has one part, u32 "JHD3", u32 count, u32 snapshot,
 * u32 segment, u32 number of probabilities, these as f64, then per document, in order of row, numbers of 7 bits a byte,
 * the lowest first, 0x80 where more follow:
 *
 *   slot, how many bytes the id shares with the last one of that slot (0 to 63, all empty at first), how many follow,
 *   and these bytes
 *   row, as the difference to the one before (0 for the first)
 *   pattern; p_any and p_random as numbers of probabilities
 *   how many hits, and for each in order of rule: rule, stratum, and 1 + number of its probability, or 0 where it is the
 *   stratum's quota / documents. The draw number follows from seed, stream and id.
 *
 * Runs recorded in layouts 1 and 2 stay in them, also when they are replayed. A part holds at most JH_HITS_PER_PART
 * documents or hits. */

enum { JH_HITS_PER_PART = 65536, JH_HITS_LAYOUT = 3 /* of new runs */ };

typedef struct jh_hit_stratum {
    const char *label;
    uint64_t    documents, quota;
} jh_hit_stratum;

typedef struct jh_hit {
    uint64_t number;
    double   p; /* the document's inclusion probability under the rule */
    uint32_t rule, stratum, document;
} jh_hit;

typedef struct jh_hit_document {
    const char *id;
    uint32_t    id_len;
    uint32_t    snapshot; /* index in the run's list of snapshots */
    uint32_t    segment, row;
    double      p_any, p_random;
    uint32_t    pattern; /* index in patterns; UINT32_MAX: not kept (layout 1) */
    size_t      first_hit, hit_count; /* in by_document */
} jh_hit_document;

typedef struct jh_hits {
    jh_arena         arena;
    jh_arena         texts; /* ids of layout 3 */
    jh_hit_stratum **strata; /* per rule */
    uint32_t        *strata_count;
    size_t           rule_count;
    jh_hit_document *documents;
    size_t           document_count;
    jh_hit          *hits; /* in order of rule, stratum, number, id, date; of layout 3 in order of document and rule, until
                              jh_hits_by_rule is asked */
    size_t           hit_count;
    jh_pattern      *patterns; /* none: not kept (layout 1) */
    size_t           pattern_count;
    size_t           hit_room;
    uint32_t        *by_document; /* hit indexes grouped by document, each group in order of rule */
} jh_hits;

/* The parts as bytes, and their digest. */
typedef struct jh_hit_parts {
    jh_buf  *parts;
    size_t   count;
    uint32_t document_parts, hit_parts;
    size_t   documents, hits;
    char     digest[65];
} jh_hit_parts;

jihe_status jh_hits_pack(jh_hit_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                         uint32_t layout, jihe_error *err);
void        jh_hit_parts_deinit(jh_hit_parts *parts);

/* Reads parts whose digest was checked by the caller; still bounds-checked. `keys`: the stream's k of every rule.
 * JIHE_CORRUPT. */
jihe_status jh_hits_unpack(jh_hits *out, const jh_hit_parts *parts, uint32_t layout, size_t rule_count,
                           const uint64_t *keys, size_t snapshot_count, jihe_error *err);
/* Of layout 3: puts the documents and hits of one part in place of those that are there; strata and patterns stay. */
jihe_status jh_hits_turn(jh_hits *hits, const jh_buf *part, const uint64_t *keys, size_t snapshot_count,
                         jihe_error *err);
void        jh_hits_by_rule(jh_hits *hits); /* puts hits in order of rule, stratum, number, id, date */
void        jh_hits_deinit(jh_hits *hits);

jihe_status jh_hit_parts_digest(const jh_hit_parts *parts, char digest[65], jihe_error *err);

#endif
