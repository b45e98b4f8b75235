#ifndef JH_SNAPSHOT_SNAPSHOT_INT_H
#define JH_SNAPSHOT_SNAPSHOT_INT_H

/* Shared by snapshot.c (opening and reading) and snapshot_verify.c. */

#include <stdatomic.h>

#include "base/arena.h"
#include "snapshot/manifest.h"
#include "snapshot/places.h"
#include "snapshot/slots.h"
#include "snapshot/snapshot.h"
#include "snapshot/stored.h"
#include "store/env.h"

struct jh_snapshot {
    jh_places places;
    jh_manifest manifest;
    char program[JH_PROGRAM_ROOM]; /* what wrote it */
    jh_arena arena;                /* the schema's strings */
    jh_schema schema;
    jh_slots slots;
    jh_env *env;
    jh_txn *txn;                   /* open as long as the snapshot: it holds the values in place */
    struct jh_value_ref {
        const void *at;            /* `len` bytes in the map */
        size_t len;
    } *values;                     /* [segments * slots.count] */
    _Atomic uint64_t *checked;     /* a bit per value: passed jh_stored_check in this process */
    jh_dict_view *dicts;           /* by column; offsets NULL where there is none */
    const uint64_t **tallies;      /* by column; NULL where there is none */
};

jh_expect jh_snapshot_expect(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot);

/* The check without the memory of earlier ones; the message names snapshot, segment and column. */
jihe_status jh_snapshot_check(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot, jihe_error *err);

#endif
