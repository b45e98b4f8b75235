#ifndef JH_RULE_FLAG_SPLIT_H
#define JH_RULE_FLAG_SPLIT_H

#include "rule/document_keys.h"

/* flag: {split: COLUMN, by: [COLUMN...], within: 1 day, limit: 100000, at_least: 2}: documents that agree in some columns,
 * each below a limit, together at it or above within so many days, or hours of a time column `at`. Groups are the runs of
 * split_runs.h. Internal to the files of this kind. */

typedef struct jh_split {
    jh_column_name money;
    jh_document_keys by;
    jh_within within;
    jh_column_name at; /* name NULL: dates count */
    jh_decimal limit;  /* major units */
    uint32_t at_least;
    const char *currency; /* of documents looked at, where amounts have several; "" none */
    jh_place place;       /* of it */
} jh_split;

/* Days of history that are read. */
int32_t     jh_split_days(const jh_split *split);
jihe_status jh_split_judge(jh_flag_result *out, const jh_flag_input *input, const jh_split *settings, jihe_error *err);

#endif
