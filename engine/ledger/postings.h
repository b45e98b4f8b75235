#ifndef JH_LEDGER_POSTINGS_H
#define JH_LEDGER_POSTINGS_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "rule/roster.h"

/* The roster as the ledger keeps it: each import is one event that replaces the one before; older ones stay readable. */

/* Durable on return. `sequence` may be NULL. The caller holds the workspace lock. */
jihe_status jh_postings_save(jh_ledger *ledger, const jh_roster *roster, const char sha256[65], int64_t at,
                             uint64_t *sequence, jihe_error *err);

/* `sequence` 0: the latest import; otherwise the one recorded as that event. No roster at all gives an empty one with
 * sequence 0. `sha256`, of the file, may be NULL. Without notes. */
jihe_status jh_postings_load(jh_roster *out, jh_ledger *ledger, uint64_t sequence, char sha256[65], jh_arena *arena,
                             jihe_error *err);

/* Do the two say the same? Both in their order; notes are not looked at. */
bool jh_postings_equal(const jh_roster *a, const jh_roster *b);

/* What a run has recorded: its roster and its notes, each none where the number is 0. */
jihe_status jh_people_load(jh_roster *out, jh_ledger *ledger, uint64_t roster, uint64_t notes, jh_arena *arena,
                           jihe_error *err);

typedef struct jh_roster_version { /* one import */
    uint64_t    sequence;
    int64_t     at; /* unix seconds */
    const char *sha256;
    size_t      postings, spells;
} jh_roster_version;

/* All imports in order, in the arena. */
jihe_status jh_postings_versions(jh_roster_version **out, size_t *count, jh_ledger *ledger, jh_arena *arena,
                                 jihe_error *err);

#endif
