#ifndef JH_RULE_FLAG_JUMP_H
#define JH_RULE_FLAG_JUMP_H

#include "base/arena.h"
#include "rule/roster.h"
#include "rule/rulefile.h"
#include "snapshot/snapshot.h"

/* Volume jump, first form: people whose month exceeds `ratio` times the median of their earlier months.
 *
 * The trigger month is the calendar month of the run's last date, counted up to that date; the baseline is the calendar
 * months before it. Counts come from the snapshots' tallies, never from documents; a rule's `where` does not touch
 * them. A later test (over-dispersion, false discovery rate) replaces judge() and keeps this shape. */

typedef enum jh_jump_verdict {
    JH_JUMP_NORMAL,     /* tested, not above */
    JH_JUMP_FLAGGED,
    JH_JUMP_GATED,      /* above, but a change of post explains it: not tested */
    JH_JUMP_TOO_SHORT   /* fewer earlier months than min_months */
} jh_jump_verdict;

typedef struct jh_jump_person {
    const char     *person;
    size_t          len;
    uint64_t        count;        /* documents in the trigger month */
    uint64_t        median_twice; /* two times the median of the earlier months, so that it is whole */
    uint32_t        months;       /* earlier months the median is of */
    jh_jump_verdict verdict;
    int32_t         changed;      /* GATED: the day of the change of post */
} jh_jump_person;

typedef struct jh_jump {
    const jh_jump_person *people; /* everyone with documents in the trigger month, sorted by name (bytewise) */
    size_t                count;
    uint64_t              flagged, gated, too_short;
} jh_jump;

/* First and last day whose tallies a jump flag reads when the run ends on `last`. */
void jh_jump_window(const jh_flag *flag, int32_t last, int32_t *from, int32_t *to);

/* `history`: snapshots covering at least jh_jump_window (others are left out); the result lives in the arena.
 * JIHE_CONFIG when a snapshot lacks the column or does not tally it. */
jihe_status jh_jump_judge(jh_jump *out, const jh_flag *flag, jh_snapshot *const *history, size_t history_count,
                          int32_t last, const jh_roster *roster, jh_arena *arena, jihe_error *err);

bool jh_jump_is_flagged(const jh_jump *jump, const char *person, size_t len);

#endif
