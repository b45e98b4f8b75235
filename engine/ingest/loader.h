#ifndef JH_INGEST_LOADER_H
#define JH_INGEST_LOADER_H

#include "config/workspace.h"
#include "ingest/binding.h"
#include "ingest/convert.h"
#include "ingest/csv_index.h"
#include "ingest/csv_scan.h"
#include "ingest/parcel.h"
#include "ingest/quick.h"

typedef struct jh_span {
    uint32_t at, len;
} jh_span;

/* What one thread needs to make documents of parcels. What comes out does not depend on which thread did it, or on what
 * it did before. */
typedef struct jh_loader {
    const jh_workspace_config *config;
    uint32_t source; /* its number, for batch.h */
    bool split;      /* all business dates are welcome */
    int32_t date;    /* without split: the one */
    jh_words *words; /* by schema column; used for categories */
    jh_converter converter;
    jh_csv_scanner scanner;
    jh_csv_index index;
    jh_quick_column *quick; /* by schema column */
    jh_cell *cells;         /* of a record that is read by itself, by schema column */
    uint32_t *first;        /* by row of the parcel: where its fields begin in the index */
    uint8_t *odd;           /* by row: to be read by itself */
    jh_span *spans;         /* by row: the record as it stands in the parcel's text */
    uint32_t room;          /* rows of these three */
} jh_loader;

jihe_status jh_loader_init(jh_loader *loader, const jh_workspace_config *config, uint32_t source, bool split,
                           int32_t date, jihe_error *err);
void jh_loader_deinit(jh_loader *loader); /* a zeroed one is fine */

/* The records of a parcel of CSV. Errors go to the parcel: they come behind its documents. One whose reading failed keeps
 * that failure, behind the records that could be read. */
void jh_loader_text(jh_loader *loader, const jh_binding *binding, jh_parcel *parcel, const char *name);

/* One record more of an extract that is read record by record. The loader must be the same for the whole parcel. */
jihe_status jh_loader_record(jh_loader *loader, const jh_binding *binding, const jh_record *record, jh_parcel *parcel,
                             jihe_error *err);

/* Shared by the loader's own files. */

/* Makes document `row` of the batch of a record, or adds a refusal; *kept says which. */
jihe_status jh_loader_place(jh_loader *loader, const jh_binding *binding, const jh_record *record, uint32_t row,
                            jh_parcel *parcel, bool *kept, jihe_error *err);

#endif
