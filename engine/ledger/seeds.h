#ifndef JH_LEDGER_SEEDS_H
#define JH_LEDGER_SEEDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "ledger/ledger.h"

/* Seeds that were promised: the SHA-256 of the seeds of days to come, recorded before the days' documents are known; and
 * the digests of certificates that were given out. */

typedef struct jh_promise { /* of one day's seed */
    int32_t  date;
    char     sha256[65]; /* of the seed's text */
    uint64_t sequence;   /* ledger event */
    int64_t  at;
} jh_promise;

typedef struct jh_promises {
    jh_promise *promises; /* in order of recording */
    size_t      count;
} jh_promises;

/* One event for all; durable on return; sets their sequence. The caller holds the workspace lock. */
jihe_status jh_promises_save(jh_ledger *ledger, jh_promise *promises, size_t count, int64_t at, jihe_error *err);
jihe_status jh_promises_load(jh_promises *out, jh_ledger *ledger, jh_arena *arena, jihe_error *err);

/* The first promise of exactly this seed (by its SHA-256) for a day; NULL sha256: of any; NULL: there is none. */
const jh_promise *jh_promises_find(const jh_promises *promises, int32_t date, const char *sha256);

/* A certificate of a run, by the SHA-256 of its bytes. */
jihe_status jh_certificate_save(jh_ledger *ledger, const char *run, const char sha256[65], int64_t at, jihe_error *err);
jihe_status jh_certificate_find(bool *found, jh_ledger *ledger, const char *sha256, jihe_error *err);

#endif
