#ifndef JIHE_SNAPSHOT_H
#define JIHE_SNAPSHOT_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* `date` is YYYY-MM-DD. `revision` 0 means the latest. Rows are owned by the caller. */

/** Every sealed snapshot: date, revision, rows, segments, bytes, totals (column=amount for each money
 *  column), sha256. */
JIHE_API jihe_status jihe_snapshot_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** One snapshot's columns: column, type, roles, present, missing, distinct, smallest, largest, total. */
JIHE_API jihe_status jihe_snapshot_show(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                                        jihe_error *err);

/** Digest, checksums, counts, totals. @retval JIHE_CORRUPT  with the first difference */
JIHE_API jihe_status jihe_snapshot_verify(jihe_workspace *workspace, const char *date, uint32_t revision,
                                          jihe_error *err);

/** The documents, in the order they came, under the columns' names. */
JIHE_API jihe_status jihe_snapshot_dump(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                                        jihe_error *err);

/** Takes one snapshot away, after recording that in the ledger: date, revision, digest, the runs that refer to it. A drop that
 *  was interrupted is finished by calling it again.
 *  @param[out] out  what was done: date, revision, outcome (dropped; finished: an earlier, interrupted drop), runs, sha256
 *  @param force     not 0: also when recorded runs refer to it, or when it is damaged
 *  @retval JIHE_NOT_PERMITTED  recorded runs refer to it
 *  @retval JIHE_NOT_FOUND      there is no such snapshot */
JIHE_API jihe_status jihe_snapshot_drop(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision, int force,
                                        jihe_error *err);

/** The same for every snapshot whose date is further before `as_of` than `keep` in jihe.yaml says. Snapshots that runs refer to
 *  stay; their outcome is "kept".
 *  @retval JIHE_CONFIG  jihe.yaml has no `keep` */
JIHE_API jihe_status jihe_snapshot_drop_old(jihe_rows **out, jihe_workspace *workspace, const char *as_of, jihe_error *err);

JIHE_END

#endif
