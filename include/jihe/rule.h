#ifndef JIHE_RULE_H
#define JIHE_RULE_H

#include "jihe/workspace.h"

JIHE_BEGIN

/** The rules of the workspace: rule, title, enabled, where, flag, draw. Not checked against the columns. */
JIHE_API jihe_status jihe_rule_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** Reads every rule file and checks each rule against the columns of jihe.yaml, first trouble first.
 *  @param[out] count  rules read and found right
 *  @retval JIHE_CONFIG  file, line and column are in the error */
JIHE_API jihe_status jihe_rule_check(uint64_t *count, jihe_workspace *workspace, jihe_error *err);

/** What a rule says, as the program reads it: part, text. Parts: title, file, schedule, looks at, frame, flag, draw, finding,
 *  tree (with types); of the latest snapshot, if there is one, step and reads (columns and bytes). */
JIHE_API jihe_status jihe_rule_explain(jihe_rows **out, jihe_workspace *workspace, const char *id, jihe_error *err);

typedef struct jihe_rule_try_options {
    uint32_t    size;       /**< sizeof this struct */
    const char *rule;       /**< jihe_rule_try: its id */
    const char *from, *to;  /**< YYYY-MM-DD, both; the same for one date */
    const char *seed;       /**< NULL: a seed for trials, never that of a night */
    uint64_t    inspectors; /**< who share the work; 0: not asked */
} jihe_rule_try_options;

/** Evaluates a rule beside the enabled others without recording: what, of, documents. Rows: frame, undecided, flagged,
 *  selected, on (each date), each inspector, also selected by (each other rule), selected by no other rule, less than 5%
 *  below (each threshold of the condition).
 *  @retval JIHE_NO_INPUT  no snapshot in the period */
JIHE_API jihe_status jihe_rule_try(jihe_rows **out, jihe_workspace *workspace, const jihe_rule_try_options *options,
                                   jihe_error *err);

typedef struct jihe_rule_difference {
    uint64_t frame[2], undecided[2], selected[2]; /**< of both rules */
} jihe_rule_difference;

/** The documents that one rule selects and the other does not: only (A or B), rule, doc_id, date, other (why the other has it
 *  not). `a` and `b` are ids of rules, or FILE.yaml with one rule, or FILE.yaml:ID. */
JIHE_API jihe_status jihe_rule_diff(jihe_rows **out, jihe_rule_difference *summary, jihe_workspace *workspace,
                                    const char *a, const char *b, const jihe_rule_try_options *options,
                                    jihe_error *err);

JIHE_END

#endif
