#ifndef JH_INGEST_PIPELINE_H
#define JH_INGEST_PIPELINE_H

#include "ingest/parcel.h"
#include "snapshot/writer.h"

/* How an extract goes through several threads. Parcels are read one after another, loaded by any thread, and stored one
 * after another in the order in which they were read; segments that become full are encoded by any thread and put in
 * the order in which they filled. There is no thread for each stage: every thread does whatever can be done next, later
 * stages first, so that one thread alone works through parcel by parcel and little lies about at any time. */
typedef struct jh_pipeline_stages {
    void *context;

    /* One call at a time. *more: there is another parcel to read. A failure comes behind what was read before it. */
    jihe_status (*read)(void *context, jh_parcel *parcel, bool *more, jihe_error *err);

    /* By thread `worker`. What goes wrong goes into the parcel, where reading may have failed already. */
    void (*load)(void *context, uint32_t worker, jh_parcel *parcel);

    /* store, recall, take and put: one of them at a time. *again: parcels read after this one do not count; `recall` gets
     * them, the last first, then this one; reading goes on with whatever `read` then gives. */
    jihe_status (*store)(void *context, jh_parcel *parcel, bool *again, jihe_error *err);
    jihe_status (*recall)(void *context, jh_parcel *parcel, bool is_stored, jihe_error *err);
    jh_segment_build *(*take)(void *context, jh_writer **writer); /* NULL: no segment is full */
} jh_pipeline_stages;

/* Everything, until there is no more to read; all segments taken are put. The first failure in the order of the parcels
 * ends it. */
jihe_status jh_pipeline_run(const jh_pipeline_stages *stages, const jh_schema *schema, uint32_t threads,
                            jihe_error *err);

#endif
