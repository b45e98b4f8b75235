#ifndef JH_SNAPSHOT_SNAPSHOT_INT_H
#define JH_SNAPSHOT_SNAPSHOT_INT_H

/* Shared by snapshot_open.c, snapshot.c (reading) and snapshot_verify.c. */

#include <stdatomic.h>

#include "base/arena.h"
#include "snapshot/manifest.h"
#include "snapshot/places.h"
#include "snapshot/slots.h"
#include "snapshot/snapshot.h"
#include "snapshot/stored.h"
#include "store/env.h"

/* A value where LMDB maps it. */
struct jh_value_ref {
    const void *at;
    size_t len; /* bytes */
};

struct jh_snapshot {
    jh_places places;
    jh_manifest manifest;
    char program[JH_PROGRAM_ROOM]; /* what wrote it */
    jh_arena arena;                /* the schema's strings */
    jh_schema schema;
    jh_slots slots;
    jh_env *env;
    jh_txn *txn;                 /* open as long as the snapshot: it holds the values in place */
    struct jh_value_ref *values; /* [segments * slots.count] */
    _Atomic uint64_t *checked;   /* a bit per value: passed jh_stored_check in this process */
    jh_dict_view *dicts;         /* by column; offsets NULL where there is none */
    jh_figures *tallies, *crosses; /* by column; figures NULL where there is none. Views live in the arena */
};

/* One value against its checksum and structure, whether or not it was checked before; the message names snapshot,
 * segment and column. */
jihe_status jh_snapshot_check(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot, jihe_error *err);

#endif
