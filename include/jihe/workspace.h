#ifndef JIHE_WORKSPACE_H
#define JIHE_WORKSPACE_H

#include "jihe/rows.h"

JIHE_BEGIN

/** An open workspace: a directory with jihe.yaml, rules, snapshots and the ledger. Commands that change it hold its
 * lock for the length of the call (JIHE_BUSY when another process does). One handle serves one thread at a time. */
typedef struct jihe_workspace jihe_workspace;

typedef struct jihe_workspace_options {
    uint32_t size;    /**< sizeof this struct */
    uint32_t threads; /**< 0: the machine's cores */
    int64_t  now;     /**< unix seconds noted in the ledger; to the end of 9999; negative: the clock. Decides nothing */
} jihe_workspace_options;

#define JIHE_WORKSPACE_OPTIONS_INIT { sizeof(jihe_workspace_options), 0u, -1 }

/** Makes a workspace: jihe.yaml (a commented example), rules/, an empty ledger, a secret for seeds. `path` is created,
 * or must be an empty directory, or what an interrupted call has left.
 *  @retval JIHE_CANNOT_CREATE  it is there and not empty */
JIHE_API jihe_status jihe_workspace_init(const char *path, jihe_error *err);

/** Reads jihe.yaml. A directory or jihe.yaml that others may write is refused (JIHE_NOT_PERMITTED).
 *  @param options  NULL for the defaults
 *  @retval JIHE_NO_INPUT  no workspace there
 *  @retval JIHE_CONFIG    jihe.yaml is wrong; the error says where */
JIHE_API jihe_status jihe_workspace_open(jihe_workspace **out, const char *path, const jihe_workspace_options *options,
                                         jihe_error *err);
JIHE_API void        jihe_workspace_close(jihe_workspace *workspace); /**< NULL accepted */
JIHE_API const char *jihe_workspace_path(const jihe_workspace *workspace);

/** Checks the ledger's whole chain against its anchor, the hits of every run, and every snapshot. A snapshot that a run used
 *  and that is gone was dropped, or is damage.
 *  @param[out] report  one row per thing checked: what, name, result (ok, dropped, damaged), detail; owned by the
 *                      caller, also with JIHE_CORRUPT; NULL when no report could be made
 *  @retval JIHE_CORRUPT  something is wrong; the report says what */
JIHE_API jihe_status jihe_verify(jihe_rows **report, jihe_workspace *workspace, jihe_error *err);

JIHE_END

#endif
