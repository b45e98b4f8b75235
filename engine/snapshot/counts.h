#ifndef JH_SNAPSHOT_COUNTS_H
#define JH_SNAPSHOT_COUNTS_H

#include "snapshot/snapshot.h"

/* The figures of a snapshot as data.mdb carries them, under a checksum: format, rows, segments, slots of a segment, and
 * for each money column three more: amounts present, and the lower and the upper half of their sum. manifest.json
 * repeats them for people and must agree. Shared by engine/snapshot only. */

enum { JH_COUNTS_MAX = (4 + 3 * JH_MAX_COLUMNS + 63) / 64 * 64 }; /* whole 64 rows, as every fixed column */

/* Fills all of `counts`, zeros at the end; returns how many are in use. */
uint32_t jh_counts_fill(uint64_t counts[JH_COUNTS_MAX], const jh_manifest *manifest, uint32_t slots);

#endif
