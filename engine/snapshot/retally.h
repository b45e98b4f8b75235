#ifndef JH_SNAPSHOT_RETALLY_H
#define JH_SNAPSHOT_RETALLY_H

#include "snapshot/snapshot.h"

/* Counts the tallies of a sealed snapshot again, document by document, and compares: it shares nothing with the code
 * that made them. Shared by engine/snapshot only. JIHE_CORRUPT with the first difference. */
jihe_status jh_retally(const jh_snapshot *snapshot, jihe_error *err);

#endif
