#ifndef JIHE_SNAPSHOT_H
#define JIHE_SNAPSHOT_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* `date` is YYYY-MM-DD. `revision` 0 means the latest. Rows are owned by the caller. */

/** Every sealed snapshot: date, revision, rows, segments, bytes, totals (column=amount for each money
 *  column), sha256. */
JIHE_API jihe_status jihe_snapshot_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** One snapshot's columns: name, type, roles, present, missing, distinct, smallest, largest, total. */
JIHE_API jihe_status jihe_snapshot_show(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                                        jihe_error *err);

/** Digest, checksums, counts, totals. @retval JIHE_CORRUPT  with the first difference */
JIHE_API jihe_status jihe_snapshot_verify(jihe_workspace *workspace, const char *date, uint32_t revision,
                                          jihe_error *err);

/** The documents, in the order they came, under the columns' names. */
JIHE_API jihe_status jihe_snapshot_dump(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                                        jihe_error *err);

JIHE_END

#endif
