#ifndef JH_LEDGER_POSTINGS_H
#define JH_LEDGER_POSTINGS_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "rule/roster.h"

/* The roster as the ledger keeps it: each import is one event that replaces the one before. */

jihe_status jh_postings_save(jh_ledger *ledger, const jh_roster *roster, const char sha256[65], int64_t at,
                             uint64_t *sequence, jihe_error *err);

/* `sequence` 0: the latest import; otherwise the one recorded as that event. No roster at all gives an empty one with
 * sequence 0. `sha256` may be NULL. */
jihe_status jh_postings_load(jh_roster *out, jh_ledger *ledger, uint64_t sequence, char sha256[65], jh_arena *arena,
                             jihe_error *err);

#endif
