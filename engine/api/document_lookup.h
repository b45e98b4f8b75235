#ifndef JH_API_DOCUMENT_LOOKUP_H
#define JH_API_DOCUMENT_LOOKUP_H

#include "api/api_int.h"
#include "api/filled_list.h"
#include "ledger/runs.h"

/* The runs that a filled list may be about, each with its hits loaded when first asked. */
typedef struct jh_document_lookup {
    jh_ledger            *ledger;
    const jihe_workspace *workspace;
    jh_runs               runs;
    jh_hits              *hits;      /* per run */
    bool                 *loaded;
    uint32_t            **order;     /* per run: document indexes sorted by id, then date */
    jh_snapshot        ***snapshots; /* per run, opened when first asked */
} jh_document_lookup;

jihe_status jh_lookup_init(jh_document_lookup *lookup, jh_ledger *ledger, const jihe_workspace *workspace,
                           jh_arena *arena, jihe_error *err);
void        jh_lookup_deinit(jh_document_lookup *lookup); /* a zeroed one is fine */

/* Finds the filled row's document and completes its inspection: run, date, and the document's category values as of the
 * snapshot the run used. JIHE_DATA at the row when no work list has the document. */
jihe_status jh_lookup_complete(jh_document_lookup *lookup, jh_filled_row *row, const char *path, jh_arena *arena,
                               jihe_error *err);

#endif
