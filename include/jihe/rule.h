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

JIHE_END

#endif
