#ifndef JH_RULE_PASS_H
#define JH_RULE_PASS_H

#include "base/arena.h"
#include "rule/rulefile.h"
#include "snapshot/snapshot.h"

/* All rules of a run over all segments of its snapshots, in parallel, into one bitmap of frame documents per rule. A
 * handle, no process-wide state: the same pass over one shard's snapshots gives bitmaps and counts that add up. */

typedef struct jh_pass_segment { /* one segment of one snapshot, in the order of the pass */
    uint32_t part;    /* index of the snapshot */
    uint32_t segment; /* its number in the snapshot */
    uint32_t rows;
    uint64_t word;    /* where its bits begin in every frame bitmap */
} jh_pass_segment;

typedef struct jh_frame { /* one rule's answer */
    uint64_t *bits;      /* frame documents: where is true; a flag then leaves those of flagged groups (flag.h) */
    uint64_t  documents; /* bits set */
    uint64_t  undecided; /* where is neither true nor false */
} jh_frame;

typedef struct jh_pass {
    jh_snapshot *const *parts; /* borrowed */
    size_t              part_count;
    jh_pass_segment    *segments;
    uint64_t            segment_count;
    jh_frame           *frames; /* one per rule */
    size_t              rule_count;
    uint64_t *superseded; /* documents that a later snapshot has again (latest.h); NULL: none are looked for */
    uint64_t            superseded_count;
} jh_pass;

/* Checks a rule against a schema without documents: expression, strata columns, flag. What of the facts it asks is
 * added to *used, which may be NULL. */
jihe_status jh_rule_check(const jh_rule *rule, const jh_schema *schema, const jh_facts *facts, jh_facts_used *used,
                          jihe_error *err);

typedef struct jh_pass_dates { /* of a run, for the rules' windows */
    int32_t from, to;
} jh_pass_dates;

/* A rule looks at the parts from the beginning of its window in `period` on. `latest`: of the documents that several
 * snapshots hold only the latest version is looked at; the parts are in order of date. Memory: one bit per document and
 * rule, and what latest.h says. */
jihe_status jh_pass_run(jh_pass *pass, const jh_rule *const *rules, size_t rule_count, jh_snapshot *const *parts,
                        size_t part_count, jh_pass_dates period, bool latest, const jh_facts *facts, uint32_t threads,
                        jihe_error *err);
void        jh_pass_deinit(jh_pass *pass); /* a zeroed one is fine */

/* The id of a document. Borrowed from its snapshot or from `room`, until that is used again. */
jihe_status jh_pass_id(const jh_pass *pass, uint64_t segment, uint32_t row, jh_col_room *room, const char **id,
                       uint32_t *len, jihe_error *err);

/* The code of a category row: reads a FIXED view of width 0, 1, 2 or 4. The row must be present. */
uint32_t jh_pass_code(const jh_col_view *view, uint32_t row);

#endif
