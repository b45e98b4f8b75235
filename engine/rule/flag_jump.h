#ifndef JH_RULE_FLAG_JUMP_H
#define JH_RULE_FLAG_JUMP_H

#include "rule/flag.h"

/* flag: {jump: COLUMN, ...}: people whose volume jumped. Counts come from the snapshots' tallies, never from documents, and
 * a rule's `where` does not touch them. Internal to the files of this kind. */

enum { JH_JUMP_MAX_MONTHS = 36 };

/* {jump: COLUMN, baseline: N months, ratio: R, min_months: M, absent: skip|zero}
 *
 * The trigger month is the calendar month of the run's last date, counted up to that date; the baseline is the calendar
 * months before it. */
typedef struct jh_jump {
    jh_column_name person;
    uint32_t       baseline_months; /* 1..36 */
    uint64_t       ratio_ppm;       /* exact: 1.8 is 1800000 */
    uint32_t       min_months;      /* earlier months needed to judge at all; default 3 (or baseline if smaller) */
    bool           absent_zero;     /* absent: zero counts idle months since the first active one as 0; skip, the
                                       default, leaves them out */
} jh_jump;

/* First and last day whose tallies are read when the run ends on `last`. */
void jh_jump_window(const jh_jump *jump, int32_t last, int32_t *from, int32_t *to);

/* The plain rule: more than `ratio` times the median of the earlier months. A change of post explains it: not tested. */
jihe_status jh_jump_ratio(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err);

#endif
