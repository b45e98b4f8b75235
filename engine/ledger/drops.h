#ifndef JH_LEDGER_DROPS_H
#define JH_LEDGER_DROPS_H

#include "base/arena.h"
#include "ledger/ledger.h"

/* Snapshots that were taken away. The event comes before the removal: a process that dies in between leaves the
 * snapshot where it is, and dropping it again records a second event. */
typedef struct jh_drop {
    uint64_t sequence; /* ledger event */
    int32_t date;
    uint32_t revision;
    const char *sha256;      /* of data.mdb, hex; "" when it could not be read any more */
    bool forced;             /* although runs referred to it */
    const char *const *runs; /* ids of those */
    size_t run_count;
} jh_drop;

typedef struct jh_drops {
    jh_drop *drops; /* in order of recording; texts in the arena */
    size_t count;
} jh_drops;

/* Durable on return. The caller holds the workspace lock. */
jihe_status jh_drop_save(jh_ledger *ledger, const jh_drop *drop, int64_t at, jihe_error *err);

/* All of them, without the runs they name. */
jihe_status jh_drops_load(jh_drops *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* The last drop of this snapshot; NULL: it was never dropped. */
const jh_drop *jh_drops_find(const jh_drops *drops, int32_t date, uint32_t revision, const char *sha256);

#endif
