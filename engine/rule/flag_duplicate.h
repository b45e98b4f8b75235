#ifndef JH_RULE_FLAG_DUPLICATE_H
#define JH_RULE_FLAG_DUPLICATE_H

#include "rule/document_keys.h"

/* flag: {duplicate: [COLUMN...], within: N days, tolerance: {COLUMN: 1.00 or 0.5%}, normalise: [COLUMN...]}: documents
 * with the same values, within so many days. Groups are those of near_links.h among documents that have the same values
 * in the other columns. Internal to the files of this kind. */

typedef struct jh_duplicate {
    jh_document_keys keys; /* all columns named, the one with a tolerance among them */
    jh_within within;
    bool tolerant;
    size_t amount;   /* of keys: the column with a tolerance */
    jh_place place;  /* of its name there */
    jh_decimal most; /* major units; 0 none */
    uint32_t ppm;
} jh_duplicate;

jihe_status jh_duplicate_judge(jh_flag_result *out, const jh_flag_input *input, const jh_duplicate *settings,
                               jihe_error *err);

#endif
