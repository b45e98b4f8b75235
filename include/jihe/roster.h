#ifndef JIHE_ROSTER_H
#define JIHE_ROSTER_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* People over time, and what happened to the business: what explains a change of somebody's volume. */

typedef struct jihe_roster_summary {
    uint64_t postings; /**< posts held */
    uint64_t others;   /**< leaves, coverings, changes of ids */
    uint64_t event;    /**< number of the ledger event that holds it */
    int is_new;        /**< 0: the roster said the same already, nothing was written */
} jihe_roster_summary;

/** The roster anew, from a CSV: all of it, durable on return, or nothing. UTF-8 or GB18030. The header holds person, unit,
 * post, from, to (to may be empty: still so), and perhaps
 *   capacity  of inspectors, documents a day, at most 1,000,000; of others empty
 *   types     document types handled, with ';' between them; empty: not known, perhaps all
 *   calendar  weekdays worked, "123456" for Monday to Saturday; empty: the workspace's calendar
 *   kind      post (or empty), leave, covers, renamed, merged, split, shared
 *   other     who is covered, or the other id
 * or the Chinese names that the list has. Rows of other kinds than post leave unit, post, capacity, types and calendar empty.
 * An open post ends where the person's next one begins. Earlier imports stay in the ledger.
 *  @retval JIHE_DATA  the first wrong row, or the first that contradicts another one, with file, line and column */
JIHE_API jihe_status jihe_roster_import(jihe_roster_summary *summary, jihe_workspace *workspace, const char *file,
                                        jihe_error *err);

typedef struct jihe_roster_query {
    uint32_t size;      /**< sizeof(jihe_roster_query) */
    uint64_t event;     /**< the import recorded as that event; 0: the latest */
    const char *person; /**< only rows that are about this one; NULL: all */
} jihe_roster_query;

/** The rows of a roster, as a file for jihe_roster_import has them. The query may be NULL.
 *  @retval JIHE_NOT_FOUND  no such event, or nobody of that name */
JIHE_API jihe_status jihe_roster_list(jihe_rows **out, jihe_workspace *workspace, const jihe_roster_query *query,
                                      jihe_error *err);

/** Who is what on a day: everybody who holds a post then or whose id has become another one. person, unit, post, from, to,
 * capacity, types, calendar, leave_from, leave_to, covers, covered_by, id (renamed, merged, split, shared), id_other,
 * id_since. */
JIHE_API jihe_status jihe_roster_day(jihe_rows **out, jihe_workspace *workspace, const char *date,
                                     const jihe_roster_query *query, jihe_error *err);

/** All imports: event, recorded, postings, others, sha256 (of the file). */
JIHE_API jihe_status jihe_roster_versions(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

JIHE_END

#endif
