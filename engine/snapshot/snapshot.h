#ifndef JH_SNAPSHOT_SNAPSHOT_H
#define JH_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "config/schema.h"
#include "snapshot/room.h"
#include "snapshot/segment.h"
#include "snapshot/figures.h"

/* Reading sealed snapshots. A snapshot lives in WORKSPACE/snapshots/DATE/rN/ (data.mdb, manifest.json). */

typedef struct jh_manifest {
    uint32_t format;         /* of the snapshot: 1 or 2 */
    int32_t  date;           /* business date, days */
    uint32_t revision;       /* 1.. */
    uint64_t rows;
    uint64_t segments;
    uint64_t file_bytes;     /* of data.mdb */
    char     sha256[65];     /* of data.mdb, hex */
    struct jh_manifest_total {
        char   *column;
        uint32_t scale;
        uint64_t present;    /* rows with an amount */
        jh_i128 minor;       /* their sum */
    } *totals;               /* one per money column */
    size_t   total_count;
} jh_manifest;

/* What is stored, in order of date and revision. Only sealed snapshots are seen. */
typedef struct jh_catalogue_entry {
    int32_t  date;
    uint32_t revision;
    bool     latest; /* no higher revision of this date */
} jh_catalogue_entry;

typedef struct jh_catalogue {
    jh_catalogue_entry *entries;
    size_t              count;
} jh_catalogue;

jihe_status jh_catalogue_load(jh_catalogue *catalogue, const char *workspace, jihe_error *err);
/* What interrupted drops have left (removal.h). */
jihe_status jh_catalogue_dropped(jh_catalogue *catalogue, const char *workspace, jihe_error *err);
void        jh_catalogue_deinit(jh_catalogue *catalogue);

/* The highest sealed revision of one date, looking at that date only. JIHE_NOT_FOUND (and 0) when there is none. */
jihe_status jh_catalogue_latest(const char *workspace, int32_t date, uint32_t *revision, jihe_error *err);

/* What manifest.json says of a sealed snapshot, before anybody looks whether data.mdb agrees: that is found when it is
 * opened. JIHE_NOT_FOUND when there is none. */
jihe_status jh_snapshot_glance(jh_manifest *out, const char *workspace, int32_t date, uint32_t revision, jihe_error *err);

typedef struct jh_snapshot jh_snapshot;

/* revision 0: the latest. JIHE_NOT_FOUND when there is none. Thread safe once open. */
jihe_status jh_snapshot_open(jh_snapshot **out, const char *workspace, int32_t date, uint32_t revision,
                             jihe_error *err);
void        jh_snapshot_close(jh_snapshot *snapshot); /* NULL accepted */

const jh_manifest *jh_snapshot_manifest(const jh_snapshot *snapshot);
const jh_schema   *jh_snapshot_schema(const jh_snapshot *snapshot); /* the copy stored with the documents */
uint32_t           jh_snapshot_segments(const jh_snapshot *snapshot);
uint32_t           jh_snapshot_segment_rows(const jh_snapshot *snapshot, uint32_t segment);

/* `column` is an index into the snapshot's schema. The checksum and structure are checked the first time a process asks
 * for a (segment, column): JIHE_CORRUPT names them. Texts and ids are unpacked into `room`, and stay there until it is
 * used for something else; the same segment again costs nothing. NULL, enough for the other types: then a text's or
 * id's view may lack offsets and bytes. */
jihe_status jh_snapshot_column(const jh_snapshot *snapshot, uint32_t segment, size_t column, jh_col_room *room,
                               jh_col_view *out, jihe_error *err);
/* The same of rows `from` to `to` - 1 (from < to): rows keep their numbers, but of texts that are packed only the frames
 * of 4,096 rows that hold these are unpacked, and no others may be looked at. */
jihe_status jh_snapshot_rows(const jh_snapshot *snapshot, uint32_t segment, uint32_t from, uint32_t to, size_t column,
                             jh_col_room *room, jh_col_view *out, jihe_error *err);
/* The value of one row: a view of it and perhaps its neighbours, in which it is number *at. Of a text this unpacks at
 * most 4,096 rows, of an id only this. */
jihe_status jh_snapshot_row(const jh_snapshot *snapshot, uint32_t segment, uint32_t row, size_t column,
                            jh_col_room *room, jh_col_view *out, uint32_t *at, jihe_error *err);
/* The ids of the rows in the bitmap; no others may be looked at. */
jihe_status jh_snapshot_ids(const jh_snapshot *snapshot, uint32_t segment, const uint64_t *rows, jh_col_room *room,
                            jh_col_view *out, jihe_error *err);
/* XXH3-64 of each document's id: a FIXED column of width 8, base 0, no nulls. */
jihe_status jh_snapshot_id_hash(const jh_snapshot *snapshot, uint32_t segment, const uint64_t **hashes,
                                jihe_error *err);

/* The dictionary of a category column: value of code c is bytes[offsets[c] .. offsets[c + 1]). Codes count from 0 in
 * order of first appearance. Checked when opened. */
typedef struct jh_dict_view {
    uint32_t        count;
    const uint32_t *offsets;
    const char     *bytes;
} jh_dict_view;
jihe_status jh_snapshot_dict(const jh_snapshot *snapshot, size_t column, jh_dict_view *out, jihe_error *err);

/* The tally of a category column: figures per code of its dictionary. JIHE_NOT_FOUND for other columns, and in format 1
 * for those that are not persons. Checked when opened; gone when the snapshot closes. */
jihe_status jh_snapshot_tally(const jh_snapshot *snapshot, size_t column, jh_figures *out, jihe_error *err);
/* Figures per pair of a person column's code and a code of the column with the role `type`, of the documents that have
 * both. JIHE_NOT_FOUND when the column is no person, or no column has that role. */
jihe_status jh_snapshot_cross(const jh_snapshot *snapshot, size_t person, jh_figures *out, jihe_error *err);

/* Everything: file digest, every checksum, counts, dictionary bounds, money totals, id hashes, tallies against the
 * manifest. JIHE_CORRUPT with the first difference. */
jihe_status jh_snapshot_verify(const jh_snapshot *snapshot, jihe_error *err);

#endif
