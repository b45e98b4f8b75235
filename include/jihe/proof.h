#ifndef JIHE_PROOF_H
#define JIHE_PROOF_H

#include "jihe/workspace.h"

JIHE_BEGIN

/* That nobody chose what was drawn: seeds promised before the documents were known, and certificates that anybody can
 * check afterwards. */

/** Promises the seeds of `days` days from `from` on (YYYY-MM-DD; NULL: the day after the last one promised, or where there
 *  is none, today): records SHA-256 of each seed in the ledger. Days that are promised already keep their promise.
 *  @param days      1 to 3660
 *  @param[out] out  date, sha256, event of each of these days; owned by the caller */
JIHE_API jihe_status jihe_seed_promise(jihe_rows **out, jihe_workspace *workspace, const char *from, uint32_t days,
                                       jihe_error *err);

/** All promised seeds: date, sha256, event. */
JIHE_API jihe_status jihe_seed_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err);

/** The certificate of a recorded run, given to `put`, and its SHA-256 recorded in the ledger.
 *  @param document  the id of the only document whose lines it shall hold; NULL: the whole sample
 *  @retval JIHE_NOT_FOUND  no such run or snapshot, or the document is in none of its frames
 *  @retval JIHE_DIFFERS    the run cannot be reproduced */
JIHE_API jihe_status jihe_prove(jihe_workspace *workspace, const char *name, const char *document, jihe_put put,
                                void *context, jihe_error *err);

typedef struct jihe_proof {
    char     run[64];
    char     digest[65];  /**< of all rules and strata: the same in every certificate of the run */
    int      whole;       /**< 0: one document's own certificate */
    uint64_t rules, strata, lines, selected;
} jihe_proof;

/** Checks a certificate by itself: numbers, order, tree, digest, and that the seed was promised before the run.
 *  @param workspace  where it is said to come from: it must be among the certificates recorded there; NULL: not asked
 *  @retval JIHE_DIFFERS  something is not as it must be; the error says what and in which line
 *  @retval JIHE_DATA     it is no certificate */
JIHE_API jihe_status jihe_proof_check(jihe_proof *out, jihe_workspace *workspace, const char *path, jihe_error *err);

JIHE_END

#endif
