#ifndef JH_RULE_PACE_CENSUS_H
#define JH_RULE_PACE_CENSUS_H

#include "rule/flag_pace.h"
#include "rule/shared_counts.h"
#include "rule/value_index.h"

/* What a pace rule counts. The documents of baseline and month under test are gone through in passes, a snapshot at a time, and
 * only counters are kept: durations per type, then classes per person and month, then, of who is flagged, durations for the
 * note. Memory is that of people and types, not of documents. Shared by the pace_*.c files. */

enum { JH_PACE_STEPS = JH_PACE_CLASSES + 1 };
enum { JH_PACE_OF_TIMED, JH_PACE_OF_NEGATIVE, JH_PACE_OF_THIN, JH_PACE_OF_FIRST, JH_PACE_FIGURES }; /* of the month under test */
enum { JH_PACE_NOTHING = UINT32_MAX };

typedef struct jh_pace_census {
    const jh_flag_input *input;
    const jh_pace_rule *rule;
    jh_gate_windows windows;
    size_t months;                    /* of the baseline, and the trigger as the last */
    jh_pass where;                    /* of the history: one frame */
    size_t *segments;                 /* per snapshot of the history: its first in the pass */
    uint32_t **people_of, **types_of; /* per snapshot, per code of its dictionary */
    jh_value_index people, types;
    jh_shared_counts durations; /* [type * JH_DURATION_BUCKETS + bucket], of the baseline */
    uint8_t *classes;           /* the same */
    bool *thin;                 /* per type */
    jh_shared_counts paces;     /* [(person * months + month) * JH_PACE_STEPS + class] */
    jh_shared_counts figures;   /* [person * JH_PACE_FIGURES + figure] */
    jh_pace_result *results;    /* per person */
    const char **gated;         /* per person: why there is no test; NULL nothing */
    uint32_t *flagged;          /* per person: its place among the flagged, or JH_PACE_NOTHING */
    size_t flagged_count;
    jh_shared_counts medians; /* [(flagged * 2 + under test) * JH_DURATION_BUCKETS + bucket] */
} jh_pace_census;

/* The first two passes, ready to be judged; then the medians of whom census->results flag. */
jihe_status jh_pace_census_take(jh_pace_census *census, jihe_error *err);
jihe_status jh_pace_census_medians(jh_pace_census *census, jihe_error *err);
void        jh_pace_census_deinit(jh_pace_census *census);

static inline bool jh_pace_is_timed(uint32_t bucket)
{
    return bucket < JH_DURATION_BUCKETS;
}

/* Leaves in the frame the fast documents of flagged people. */
jihe_status jh_pace_keep(jh_flag_result *out, jh_pace_census *census, jihe_error *err);

#endif
