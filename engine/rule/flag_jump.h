#ifndef JH_RULE_FLAG_JUMP_H
#define JH_RULE_FLAG_JUMP_H

#include "rule/flag.h"
#include "rule/gate.h"
#include "stats/volume_family.h"

/* flag: {jump: COLUMN, ...}: people whose volume jumped. Counts come from the snapshots' tallies, never from documents, and
 * a rule's `where` does not touch them. Shared by the files of this kind: jump_census.c counts, jump_ratio.c and
 * jump_volume.c test. */

enum { JH_JUMP_MAX_MONTHS = 36, JH_JUMP_MIN_DAYS = 7 /* of a trigger window in days */ };

typedef enum jh_jump_test {
    JH_JUMP_RATIO, /* more than `ratio` times the median of the earlier months */
    JH_JUMP_VOLUME /* section 3 of the project's statistics; the default */
} jh_jump_test;

typedef enum jh_jump_of {
    JH_JUMP_COUNT,  /* documents, over days present */
    JH_JUMP_AMOUNT, /* money, over days present, in units of the mean document of the baseline */
    JH_JUMP_MIX     /* documents of a type, over the person's documents of all types */
} jh_jump_of;

/* Three spans of time. The trigger window ends with the run's last date: its volume is tested. The baseline is the
 * calendar months before the month in which it begins. The audited window, whose documents are drawn from, is the
 * rule's own (jh_flag.audit). */
typedef struct jh_jump {
    jh_column_name      person;
    jh_jump_test        test;
    jh_jump_of          of;
    jh_column_name      amount;  /* AMOUNT: the money column */
    jh_column_name      type;    /* by: one group per person and document type; the name NULL: per person */
    jh_window           trigger; /* DAYS, WEEK or MONTHS; RATIO: one month */
    uint32_t            baseline_months; /* 1..36 */
    uint64_t            ratio_ppm;       /* exact: 1.8 is 1800000; RATIO: flagged above it, VOLUME: from it on */
    uint32_t            acceptable_ppm;  /* R0: a change that is still acceptable */
    uint32_t            fdr_ppm;         /* share of false flags among flags */
    jh_volume_direction direction;
    uint32_t            min_months;  /* earlier months needed to judge at all; default 3 (or baseline if smaller) */
    bool                absent_zero; /* RATIO: idle months since the first active one count as 0; else they are left out */
} jh_jump;

/* Baseline and trigger window of a run that ends on `last`. */
jh_gate_windows jh_jump_windows_of(const jh_jump *jump, int32_t last);

/* The two tests. Both give everyone with documents in the trigger window (downwards: or in the baseline) a group. */
jihe_status jh_jump_ratio(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err);
jihe_status jh_jump_volume(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err);

#endif
