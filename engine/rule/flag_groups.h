#ifndef JH_RULE_FLAG_GROUPS_H
#define JH_RULE_FLAG_GROUPS_H

#include "rule/flag.h"

/* Groups that are values of one or two category columns: a person; a person and a document type. */

enum { JH_FLAG_MAX_BY = 2 };

typedef struct jh_flag_value {
    const char *text;
    size_t      len;
} jh_flag_value;

typedef struct jh_flag_by {
    const char          *columns[JH_FLAG_MAX_BY];
    size_t               column_count;
    const jh_flag_value *values; /* rows of column_count */
    const uint32_t      *groups; /* per row: the group of the result whose documents have these values; a group may have
                                    several rows. NULL: each group has one, in order */
    size_t               count;  /* rows, with `groups`; only those of flagged groups matter */
} jh_flag_by;

/* Takes the documents off the rule's frame whose group is not flagged; those without a value become undecided. Fills
 * result->groups_of. Values must live as long as the result. JIHE_NO_MEMORY, and what reading snapshots gives. */
jihe_status jh_flag_keep_groups(jh_flag_result *result, const jh_flag_input *input, const jh_flag_by *by,
                                jihe_error *err);

/* The same where each group's label is the value of one column. */
jihe_status jh_flag_keep_labels(jh_flag_result *result, const jh_flag_input *input, const char *column, jihe_error *err);

#endif
