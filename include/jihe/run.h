#ifndef JIHE_RUN_H
#define JIHE_RUN_H

#include <stddef.h>

#include "jihe/workspace.h"

JIHE_BEGIN

typedef struct jihe_run_options {
    uint32_t           size;       /**< sizeof this struct */
    const char        *from, *to;  /**< YYYY-MM-DD, both; the same for one date */
    const char        *seed;       /**< NULL: the workspace's own seed of the last date; at most 256 bytes, "0" is a seed */
    const char *const *rules;      /**< ids; NULL with rule_count 0: every enabled rule that does not rest */
    size_t             rule_count;
    const char        *extend;     /**< a recorded run: its sample is extended, on its snapshots and with its seed and rules;
                                        from, to and seed are then NULL. NULL: a run of its own */
    const char        *rate;       /**< with `extend`: "15%", the new rate of its rules that draw by a lower one */
    const char        *schedule;   /**< without `rules`: only those of this schedule (daily, weekly, monthly, manual); rules
                                        without one are daily. NULL: all */
} jihe_run_options;

/** What a run came to. Texts are borrowed from the handle. */
typedef struct jihe_run jihe_run;

/** With `extend`, the run holds the whole larger sample, the one of the other run being part of it, so that every
 *  probability is right; its work list has only what is added.
 *
 *  Evaluates rules over the snapshots of a period, draws, records the run. The same run again records nothing new. A document
 *  that several snapshots of the period hold counts once, in the version of the latest date.
 *  A run of one date takes in what the windows of its rules reach back to; each rule looks at its own window.
 *  @param[out] out  owned by the caller, freed by jihe_run_free; NULL on failure
 *  @retval JIHE_USAGE      a date or the seed cannot be used
 *  @retval JIHE_NO_INPUT   no snapshot in the period
 *  @retval JIHE_CONFIG     a rule is wrong
 *  @retval JIHE_NOT_FOUND  a rule id in the options, or the run to extend, does not exist */
JIHE_API jihe_status jihe_run_make(jihe_run **out, jihe_workspace *workspace, const jihe_run_options *options,
                                   jihe_error *err);
JIHE_API void        jihe_run_free(jihe_run *run);

JIHE_API const char *jihe_run_id(const jihe_run *run);
JIHE_API const char *jihe_run_seed(const jihe_run *run);
/** The ledger event that promised this seed for the run's last date (proof.h), before the run; 0: none did. */
JIHE_API uint64_t    jihe_run_promised(const jihe_run *run);
JIHE_API int         jihe_run_is_new(const jihe_run *run);      /**< 0: it was already recorded */
JIHE_API uint64_t    jihe_run_documents(const jihe_run *run);   /**< documents hit by at least one rule */
JIHE_API uint64_t    jihe_run_hits(const jihe_run *run);
JIHE_API uint64_t    jihe_run_population(const jihe_run *run);  /**< documents in the snapshots looked at */
JIHE_API const char *jihe_run_extends(const jihe_run *run);     /**< id of the run it extends; "" none */
JIHE_API uint64_t    jihe_run_added(const jihe_run *run);       /**< of the documents, on this run's own work list */
JIHE_API uint64_t    jihe_run_changes(const jihe_run *run);     /**< of states of inspection, recorded with it (quality.h) */
JIHE_API uint64_t    jihe_run_apart(const jihe_run *run);       /**< without a positive amount, over all money draws */
JIHE_API uint64_t    jihe_run_superseded(const jihe_run *run);  /**< of them, left because a later snapshot has them again */

/** Of a new run: how many values the `rates` of its draws name that no document of the rule's frame has, perhaps because they
 *  are misspelt, and the rule of one of them (index from 0) with the value. */
JIHE_API uint64_t    jihe_run_unused_rates(const jihe_run *run);
JIHE_API const char *jihe_run_unused_rate(const jihe_run *run, uint64_t index, const char **value);

/** One row per rule: rule, title, frame, undecided, flagged, selected. */
JIHE_API jihe_status jihe_run_rules(jihe_rows **out, const jihe_run *run, jihe_error *err);

/** The whole summary as one JSON object: run, date (the last one), seed, snapshot (date, revision, sha256 of each),
 * rules (rule, frame, undecided, flagged, selected, title, gated, apart of each), documents, hits, from, outcome, superseded, extends,
 * added, promised. */
JIHE_API jihe_status jihe_run_json(const jihe_run *run, jihe_put put, void *context, jihe_error *err);

/* Recorded runs. `name` is an id, an unambiguous beginning of one, or "last": JIHE_NOT_FOUND when there is no such run,
 * JIHE_USAGE when several begin so. */

/** Recorded runs: run, from, to, rules, documents, hits, recorded (in the workspace's time zone). */
JIHE_API jihe_status jihe_run_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** rule, stratum, doc_id, draw_number, probability, date; in order of rule, stratum, draw number, id. */
JIHE_API jihe_status jihe_hits(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** One row per rule and stratum: rule, stratum, documents (frame), selected, amount. Of a money draw the documents without
 *  a positive amount, from which nothing is drawn, are a row "(zero or negative)" with their total amount. */
JIHE_API jihe_status jihe_strata(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** By which draws documents could have come to the work list: pattern ("(certain)", or rules with their strata), documents
 *  of the frame that have it, and how many of them are listed. Empty for runs recorded before patterns were kept. */
JIHE_API jihe_status jihe_patterns(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** Of an extension, only the documents that were added.
 *
 *  One row per document, in the order of the dates and, within a date, of its extract: doc_id, run, snapshot_date, rules, probability, the document's other columns, then the columns
 * to fill in: inspector, verdict, class, clause, code, responsible, severity, note. */
JIHE_API jihe_status jihe_worklist(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

typedef struct jihe_assign_options {
    uint32_t    size;      /**< sizeof this struct */
    uint32_t    capacity;  /**< documents a day for each inspector, instead of what the roster says; 0: as the roster says */
    uint32_t    days;      /**< days the inspectors have; 0: one */
    uint32_t    second;    /**< second inspections by somebody else, of a million assigned documents; rounded up */
    const char *date;      /**< whose postings hold, YYYY-MM-DD; NULL: the run's last date */
    const char *inspector; /**< only this one's documents, in the list; NULL: all documents */
} jihe_assign_options;

/** What an assignment came to, in documents. */
typedef struct jihe_assigned {
    uint64_t documents;       /**< on the work list */
    uint64_t assigned;
    uint64_t no_capacity;     /**< not assigned: everybody who may inspect it has enough others */
    uint64_t nobody_allowed;  /**< not assigned: every inspector handled it */
    uint64_t drawn;           /**< of the documents, those that chance put on the list; the others were certain to be there */
    uint64_t drawn_assigned;  /**< their inclusion probabilities are now multiplied by drawn_assigned / drawn */
    uint64_t second;          /**< assigned to a second inspector */
    uint64_t second_wanted;
    uint64_t capacity;        /**< of all inspectors together */
    uint64_t least, most;     /**< inspections an inspector has */
    uint64_t effects;         /**< rows of `effect`; 0: it was not asked for */
    uint32_t inspectors;
    uint32_t person_columns;  /**< of the latest snapshot; 0: nobody could be kept from documents they handled */
} jihe_assigned;

/** The work list with every document given to somebody of the roster who has a capacity and did not handle it (is in none of
 *  its columns with role person). Documents that were certain to be listed come first, then the others in an order of
 *  their own that the seed decides, until the capacity is filled; loads follow capacities; a person's documents are spread. The
 *  same run, roster and options give the same rows.
 *
 *  The columns are those of jihe_worklist, `inspector` filled, and then `unassigned`: "no capacity", "nobody allowed" or
 *  no value. A document with a second inspection has two rows, in order of the inspectors' names. With
 *  options->inspector only the rows of that one, without the column `unassigned`: nothing in them tells a second inspection.
 *  @param[out] list    NULL: not wanted
 *  @param[out] effect  NULL: not wanted. What it does to chances: rule, stratum, chance (certain, drawn), hits, assigned,
 *                      no_capacity, nobody_allowed, factor (assigned / hits)
 *  @retval JIHE_NOT_FOUND  nobody in the roster has a capacity on that day, or options->inspector has none
 *  @retval JIHE_USAGE      an option cannot be used */
JIHE_API jihe_status jihe_worklist_assign(jihe_rows **list, jihe_rows **effect, jihe_assigned *summary,
                                          jihe_workspace *workspace, const char *name,
                                          const jihe_assign_options *options, jihe_error *err);

/** Spares, drawn in advance: of each stratum of each rule that draws by the smallest numbers, the next `count` documents
 *  after the selected ones, in the order in which they take the place of one that cannot be inspected. rule, stratum, order
 *  (from 1), doc_id, draw_number, listed (it is on the work list already, by another rule).
 *  @param count  1 to 1,000,000 */
JIHE_API jihe_status jihe_spares(jihe_rows **out, jihe_workspace *workspace, const char *name, uint32_t count,
                                 jihe_error *err);

/** What the flags of a run found, a row per group: rule, kind, group, verdict (normal, flagged, not tested), reason,
 *  documents, baseline, expected, observed, ratio, ratio_low, ratio_high, p, p_adjusted, note. Figures that a kind does not
 *  have are missing. Kept with the run: it needs neither snapshots nor history. */
JIHE_API jihe_status jihe_flags(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** The documents of the groups, of flags that are about documents: rule, group, date, doc_id. Some may be of dates before
 *  the run's. */
JIHE_API jihe_status jihe_flag_members(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** What inspections have found since among the documents of flagged groups on the run's work list: rule, kind, group, selected,
 *  inspected, in_rule, in_rule_rate, in_rule_low, in_rule_high, out_of_rule, out_of_rule_rate, out_of_rule_low, out_of_rule_high,
 *  also (the run's other rules in whose flags a group of the same name stood out). A document counts with its last inspection,
 *  whichever run asked for it. The rates are of these documents alone.
 *  @retval JIHE_NOT_FOUND  no such run, or it was recorded before runs kept what their flags found */
JIHE_API jihe_status jihe_flag_outcomes(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** What rules with `expect: none` found by themselves: doc_id, date, class (in-rule), clause, rule, run. */
JIHE_API jihe_status jihe_run_findings(jihe_rows **out, jihe_workspace *workspace, const char *name, jihe_error *err);

/** Recomputes a run from snapshots, rules and seed and compares every byte with what was recorded.
 *  @retval JIHE_DIFFERS    it came out differently; the message says where
 *  @retval JIHE_NOT_FOUND  the run, or a snapshot it used, is not there */
JIHE_API jihe_status jihe_replay(jihe_workspace *workspace, const char *name, jihe_error *err);

JIHE_END

#endif
