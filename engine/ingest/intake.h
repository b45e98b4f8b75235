#ifndef JH_INGEST_INTAKE_H
#define JH_INGEST_INTAKE_H

#include "ingest/cutter.h"
#include "ingest/dayset.h"
#include "ingest/ingest.h"
#include "ingest/loader.h"
#include "ingest/records.h"

/* One ingest under way: what its extracts have in common, and the one that is being read. */
typedef struct jh_intake {
    const jh_workspace_config *config;
    const jh_ingest_options *options;
    jh_ingest_result *result;
    uint32_t threads;
    jh_dayset days;
    jh_rejects rejects;
    jihe_error first_reject;          /* what it was and where, once there is one */
    jh_loader *loaders;               /* one per thread, and one for extracts that are read record by record */
    bool guessed;                     /* how many documents there will be */
    uint64_t bytes_done, bytes_total; /* of the files before the current one; of all, 0 when unknown */

    jh_records *records; /* the current extract */
    const char *name;
    jh_cutter cutter;    /* of its text, when it is CSV */
    uint64_t line;       /* in which the next parcel to be stored begins; 1 where lines are not counted by parcel */
    bool closed;         /* its footer was met */
} jh_intake;

/* The days are not opened yet. */
jihe_status jh_intake_init(jh_intake *in, const char *workspace, const jh_workspace_config *config,
                           const jh_ingest_options *options, jh_ingest_result *result, jihe_error *err);
void jh_intake_deinit(jh_intake *in); /* a zeroed one is fine */

/* All of one extract into the days; takes `records` over. */
jihe_status jh_intake_read(jh_intake *in, jh_records *records, jihe_error *err);

#endif
