#ifndef JH_LEDGER_NOTES_H
#define JH_LEDGER_NOTES_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "rule/note.h"

/* Notes as the ledger keeps them: one event each, and one for the withdrawal of one. */

/* Durable on return; sets note->sequence. The caller holds the workspace lock. */
jihe_status jh_note_save(jh_ledger *ledger, jh_note *note, jihe_error *err);
jihe_status jh_note_withdraw(jh_ledger *ledger, uint64_t note, const char *reason, int64_t at, jihe_error *err);

/* What was known when the event `last` was the latest one: later notes are left out, later withdrawals had not happened.
 * UINT64_MAX: everything. Texts live in the arena. */
jihe_status jh_notes_load(jh_notes *out, jh_ledger *ledger, uint64_t last, jh_arena *arena, jihe_error *err);

#endif
