#ifndef JH_INGEST_DAYSET_H
#define JH_INGEST_DAYSET_H

#include "config/workspace.h"
#include "ingest/ingest.h"
#include "ingest/rejects.h"
#include "snapshot/writer.h"

/* The snapshots that one ingest builds, one per business date, in order of date. Nothing is visible before publish. */
typedef struct jh_dayset {
    const char *workspace;
    const jh_workspace_config *config;
    jh_catalogue sealed; /* what is stored already */
    bool revise;         /* dates sealed with other content become their next revision */
    struct jh_day *days;
    size_t count, room;
    size_t last; /* where the last document went: extracts come in runs of a date */
} jh_dayset;

/* workspace and config must outlive the set. */
jihe_status jh_dayset_init(jh_dayset *set, const char *workspace, const jh_workspace_config *config, jihe_error *err);
void jh_dayset_deinit(jh_dayset *set); /* removes what was not published; a zeroed one is fine */

/* Makes sure that the date gets a snapshot, even without documents. JIHE_DATA beyond JH_INGEST_MAX_DATES. */
jihe_status jh_dayset_open(jh_dayset *set, int32_t date, jihe_error *err);

/* About how many documents the date gets, all in all. */
jihe_status jh_dayset_expect(jh_dayset *set, int32_t date, uint64_t rows, jihe_error *err);

/* Adds documents rows[0 .. count) of a batch, up to the first whose id is there already, when the policy is to reject
 * it: then *added < count, and `why` says so of rows[*added]. Under `duplicates: number` it gets the first free of ID#2,
 * ID#3 ... */
jihe_status jh_dayset_add(jh_dayset *set, int32_t date, jh_batch *batch, const uint32_t *rows, uint32_t count,
                          uint32_t *added, jh_reject *why, jihe_error *err);

/* A segment of one of the snapshots that is full; NULL: there is none (writer.h). */
jh_segment_build *jh_dayset_take(jh_dayset *set, jh_writer **writer);

/* The sum of a money column over all documents added, in minor units; 0 when there is no such column. */
jh_i128 jh_dayset_total(const jh_dayset *set, const char *column);

/* Seals all and compares them with the latest revisions: JIHE_DATA when a date is sealed with other content and `revise`
 * is not set. */
jihe_status jh_dayset_seal(jh_dayset *set, uint32_t threads, jihe_error *err);

/* Publishes, in order of date, what is not stored yet; describes all dates in *dates (owned by the caller, also on
 * failure). */
jihe_status jh_dayset_publish(jh_dayset *set, jh_ingest_date **dates, size_t *count, jihe_error *err);

#endif
