#ifndef JIHE_FINDINGS_H
#define JIHE_FINDINGS_H

#include "jihe/workspace.h"

JIHE_BEGIN

typedef struct jihe_record_summary {
    uint64_t rows;          /**< rows of the file */
    uint64_t recorded;      /**< inspections recorded now */
    uint64_t already;       /**< inspections recorded before with the same words */
    uint64_t blank;         /**< rows not filled in yet: no verdict, class, clause or code */
    uint64_t findings;      /**< findings recorded now */
    uint64_t own;           /**< of the inspections recorded now, by somebody who handled the document (a person column) */
} jihe_record_summary;

/** A filled work list into the ledger: all of it, durable on return, or nothing. CSV with a header holding at least
 * doc_id, inspector, verdict, class, clause, code, responsible, severity, note; UTF-8 or GB18030; other columns are
 * ignored but for `run` and `snapshot_date`, which say which work list the document is from (without them: the latest
 * one that has it). verdict pass or fail (通过, 不通过), class in-rule or out-of-rule (细则内, 细则外).
 *  @retval JIHE_DATA  the first wrong row, with file, line and column; nothing was recorded */
JIHE_API jihe_status jihe_record(jihe_record_summary *summary, jihe_workspace *workspace, const char *file,
                                 jihe_error *err);

JIHE_END

#endif
