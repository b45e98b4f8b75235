#ifndef JH_RULE_FLAG_PACE_H
#define JH_RULE_FLAG_PACE_H

#include "rule/flag.h"
#include "rule/gate.h"
#include "stats/pace.h"

/* flag: {pace: COLUMN, ...}: people who review much faster than they used to, as long as documents of each type take
 * (stats/pace.h). Internal to the files of this kind. */

/* {pace: reviewer, from: received_at, to: processed_at, by: doc_type, baseline: 3 months, trigger: month, audit: month,
 *  fastest: 5%, ratio: 2, fdr: 5%, min_documents: 200, at_least: 10}, or `of: processed_at` in place of from and to
 *
 * Three windows: the trigger window, which is tested, ends with the run's last date; the baseline is the calendar months before
 * the month in which it begins; the audited window, whose fast documents can be kept, is the rule's own (jh_flag.audit), or
 * else the trigger. The rule's `where` holds for all three. A document counts on every date it was processed. */
typedef struct jh_pace_rule {
    jh_column_name person, from, to, type; /* from.name NULL: time since the person's review before */
    uint32_t       baseline_months;
    jh_window      trigger; /* not DATE */
    jh_pace_terms  terms;
} jh_pace_rule;

enum { JH_PACE_MAX_MONTHS = 36, JH_PACE_THIN = 200 /* baseline documents that a type needs */ };

/* How long the documents of one snapshot took: buckets of durations.h, or one of these. */
enum { JH_PACE_MISSING = UINT16_MAX, JH_PACE_NEGATIVE = UINT16_MAX - 1, JH_PACE_FIRST = UINT16_MAX - 2 };

/* FIRST: the person's first review in the snapshot has no review before it. Those of one moment share the time since the
 * moment before; where that is the first, they took none. */
typedef struct jh_pace_times {
    const jh_snapshot *snapshot;
    size_t             person, type, from, to; /* columns */
    uint16_t          *gaps; /* by segment * JH_SEGMENT_ROWS + row; NULL: two columns say it */
} jh_pace_times;

/* JIHE_CONFIG: a snapshot lacks a column, or has it with another type. */
jihe_status jh_pace_times_open(jh_pace_times *out, const jh_pace_rule *rule, const jh_snapshot *snapshot,
                               jihe_error *err);
void        jh_pace_times_close(jh_pace_times *times); /* a zeroed one is fine */
/* The buckets of a segment's rows; room for JH_SEGMENT_ROWS. */
jihe_status jh_pace_times_read(const jh_pace_times *times, uint32_t segment, uint16_t *buckets, jihe_error *err);

jh_gate_windows jh_pace_windows_of(const jh_pace_rule *rule, int32_t last);

jihe_status jh_pace_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err);

#endif
