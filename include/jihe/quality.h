#ifndef JIHE_QUALITY_H
#define JIHE_QUALITY_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* Rules whose rates follow quality (rate: {base: 10%, follow: quality}): the states of inspection of their groups. */

/** Where every group stands after what is recorded: rule, group, state (normal, tightened, reduced, discontinued), since (date
 *  of the lot that led to it), lots (judged), waiting (lots not wholly inspected), rate (of the next run), sample (documents
 *  of the last lot), allowed (errors in it), notice_lots: after how many lots of that size a group whose documents are wrong
 *  at `error_rate` is inspected tightened with probability 95 % (0: it is already; no value: not within 100,000).
 *  @param error_rate  like "4%"; NULL: four times the rule's acceptable rate
 *  @retval JIHE_USAGE  the rate cannot be used */
JIHE_API jihe_status jihe_quality(jihe_rows **out, jihe_workspace *workspace, const char *error_rate, jihe_error *err);

/** Recorded changes of state, the oldest first: event, rule, group, date, from, to, reason. */
JIHE_API jihe_status jihe_quality_changes(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** Takes inspection of a discontinued group up again, tightened, after the causes of its errors have been dealt with: a ledger
 *  event, of which the next run takes note.
 *  @param reason  what was done, up to 1,000 bytes of UTF-8
 *  @retval JIHE_NOT_FOUND  no rule of that id follows quality, or it has no such group
 *  @retval JIHE_USAGE      the group is not discontinued, or the reason cannot be used */
JIHE_API jihe_status jihe_quality_resume(jihe_workspace *workspace, const char *rule, const char *group,
                                         const char *reason, jihe_error *err);

JIHE_END

#endif
