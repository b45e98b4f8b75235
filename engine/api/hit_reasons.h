#ifndef JH_API_HIT_REASONS_H
#define JH_API_HIT_REASONS_H

#include "ledger/runs.h"

/* Why flags put the documents of a recorded run on its work list. The run keeps the group of each document in the order of
 * its documents, so they are gone through in that order, none left out. */
typedef struct jh_hit_reasons {
    const jh_run *run;
    jh_run_flags  flags;
    size_t       *next; /* per rule: the document at hand, among those that the rule selected */
} jh_hit_reasons;

/* The run must keep its flags. */
jihe_status jh_hit_reasons_open(jh_hit_reasons *out, jh_ledger *ledger, const jh_run *run, jihe_error *err);
void        jh_hit_reasons_close(jh_hit_reasons *reasons); /* a zeroed one is fine */

/* "RULE: why", of several rules joined with "; ", for the document at hand; nothing when no flag hit it. */
jihe_status jh_hit_reasons_put(jh_buf *out, const jh_hit_reasons *reasons, const jh_hits *hits,
                               const jh_hit_document *document, jihe_error *err);
/* Goes on to the next document. */
void jh_hit_reasons_pass(jh_hit_reasons *reasons, const jh_hits *hits, const jh_hit_document *document);

#endif
