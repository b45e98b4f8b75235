#ifndef JH_SNAPSHOT_REMOVAL_H
#define JH_SNAPSHOT_REMOVAL_H

#include "snapshot/snapshot.h"

/* Taking a sealed snapshot away. The caller holds the workspace lock and has recorded the drop durably. First rN
 * becomes .dropped-rN, in one step and synced: nobody finds it any more. Then its files go. A process that dies in
 * between leaves a .dropped-rN behind, which jh_catalogue_dropped lists and jh_removal_finish deletes. */

/* JIHE_NOT_FOUND when there is no such snapshot. Finishes an earlier removal of the same revision first. */
jihe_status jh_removal_begin(const char *workspace, int32_t date, uint32_t revision, jihe_error *err);

/* Deletes .dropped-rN, and the date's directory when nothing else is in it. Nothing there is fine. */
jihe_status jh_removal_finish(const char *workspace, int32_t date, uint32_t revision, jihe_error *err);

#endif
