#ifndef JH_SNAPSHOT_PLACES_H
#define JH_SNAPSHOT_PLACES_H

#include "base/error.h"

/* Where a snapshot lies: WORKSPACE/snapshots/DATE/rN/, .building-rN/ while it is written, .dropped-rN/ while it is
 * deleted. Shared by this folder only. */
typedef struct jh_places {
    char *workspace;
    char *snapshots;       /* WORKSPACE/snapshots */
    char *date;            /* .../DATE */
    char *sealed;          /* .../rN */
    char *building;        /* .../.building-rN */
    char *dropped;         /* .../.dropped-rN */
    char *data, *manifest; /* the files of the sealed one */
    char *built_data, *built_manifest;
    char name[32]; /* "2026-01-31 r1", for messages */
} jh_places;

/* JIHE_USAGE when the date is outside the years 1 to 9999 or the revision is 0. */
jihe_status jh_places_init(jh_places *places, const char *workspace, int32_t date, uint32_t revision, jihe_error *err);
void jh_places_deinit(jh_places *places); /* a zeroed one is fine */

#endif
