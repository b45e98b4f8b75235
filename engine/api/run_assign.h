#ifndef JH_API_RUN_ASSIGN_H
#define JH_API_RUN_ASSIGN_H

#include "api/recorded.h"
#include "jihe/run.h"

/* A recorded run's work list given to the inspectors of the roster (sample/assign.h). */

typedef struct jh_run_assignment jh_run_assignment;

/* `added` as of jh_run_added; `snapshots` are the run's. Errors as of jihe_worklist_assign. Freed by the caller. */
jihe_status jh_run_assign(jh_run_assignment **out, const jh_recorded *recorded, const bool *added,
                          jh_snapshot *const *snapshots, const jihe_assign_options *options, jihe_error *err);
void        jh_run_assignment_free(jh_run_assignment *assignment); /* NULL accepted */

const jihe_assigned *jh_run_assignment_summary(const jh_run_assignment *assignment);

/* All documents are listed, not those of one inspector. False of NULL. */
bool jh_run_assignment_is_whole(const jh_run_assignment *assignment);

/* The document's next row; *turn counts from 0. *inspector: NULL for one that is not assigned, and *why then says why.
 * False: it has no more rows. */
bool jh_run_assignment_row(const jh_run_assignment *assignment, size_t document, uint32_t *turn, const char **inspector,
                           const char **why);

/* The rows `effect` of jihe_worklist_assign; *rows: how many. */
jihe_status jh_run_assignment_effect(jihe_rows **out, uint64_t *rows, const jh_run_assignment *assignment,
                                     const jh_recorded *recorded, const bool *added, jihe_error *err);

#endif
