#ifndef JH_RULE_FLAG_DIGITS_H
#define JH_RULE_FLAG_DIGITS_H

#include "rule/flag.h"

/* flag: {digits: COLUMN, by: COLUMN, ...}: groups whose amounts do not begin with the digits that Benford's law expects
 * (stats/benford.h). Screening: a reason to look, where amounts are not made by prices or limits. Internal to the files of
 * this kind. */

/* {digits: amount, by: account, first: 1|2, min_documents: N, mad: 0.015, fdr: 5%, keep: all|over}
 *
 * Of the documents of the rule's frame, the leading digit of each amount's absolute value in minor units, or the leading two;
 * 0 has none. A group is flagged when chi-square's p, adjusted over all tested groups (Benjamini-Hochberg), is at most `fdr`
 * and the mean absolute deviation of the shares exceeds what chance gives so many amounts by more than `mad`. */
typedef struct jh_digits_rule {
    jh_column_name amount, by;
    size_t         digits;        /* JH_BENFORD_FIRST or JH_BENFORD_FIRST_TWO */
    uint64_t       min_documents; /* amounts other than 0 that a group needs; 1000 */
    uint32_t       mad_ppm;       /* 15000, of first two 2200 (M. Nigrini 2012: nonconformity) */
    uint32_t       fdr_ppm;       /* 50000 */
    bool           over;          /* keep: over: only documents whose leading digits stand out */
} jh_digits_rule;

jihe_status jh_digits_judge(jh_flag_result *out, const jh_flag_input *input, jihe_error *err);

#endif
