#ifndef JH_LEDGER_FLAG_PARTS_H
#define JH_LEDGER_FLAG_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "sample/selection.h"

/* What the flags of a recorded run found: kept beside the ledger's chain, after the run's hits, so that lists and
 * explanations need neither snapshots nor history. The run's event carries the number of parts and their digest. A part
 * is MessagePack:
 *
 *   [rule, [group, ...], bytes]
 *   group = [label, verdict, reason, note, documents, [figure, ...], [[date, id], ...]]
 *
 * with figures as decimal texts (jh_flag_figure_text), nil where there is none, and empty texts as nil. The bytes are u32
 * little-endian numbers: for each document that the rule selected, in order of segment and row, as in layout 3 of the
 * hits, the index of its group. A rule's groups and bytes go on from one part to the next; a part ends with
 * JH_FLAG_GROUPS_PER_PART groups, JH_FLAG_MEMBERS_PER_PART members or JH_FLAG_HITS_PER_PART documents. */

enum {
    JH_FLAG_GROUPS_PER_PART = 16384,
    JH_FLAG_MEMBERS_PER_PART = 262144, /* and those of the group that passes it */
    JH_FLAG_HITS_PER_PART = 1048576
};

typedef struct jh_flag_parts { /* as bytes */
    jh_buf *parts;
    size_t  count;
    char    digest[65];
} jh_flag_parts;

jihe_status jh_flag_parts_pack(jh_flag_parts *out, const jh_selection *selection, const jh_rule *const *rules,
                               jihe_error *err);
jihe_status jh_flag_parts_digest(const jh_flag_parts *parts, char digest[65], jihe_error *err);
void        jh_flag_parts_deinit(jh_flag_parts *parts); /* a zeroed one is fine */

typedef struct jh_rule_flags { /* of one rule */
    jh_flag_group *groups;
    size_t         count;
    uint32_t      *hits; /* the group of each document that the rule selected */
    size_t         hit_count;
} jh_rule_flags;

typedef struct jh_run_flags {
    jh_arena       arena;
    jh_rule_flags *rules; /* per rule */
    size_t         rule_count;
} jh_run_flags;

/* Reads parts whose digest was checked by the caller; still bounds-checked. Texts are copied. Of each
 * group at most `members` members are read. JIHE_CORRUPT. */
jihe_status jh_run_flags_unpack(jh_run_flags *out, const jh_flag_parts *parts, size_t rule_count, size_t members,
                                jihe_error *err);
void        jh_run_flags_deinit(jh_run_flags *flags); /* a zeroed one is fine */

#endif
