#ifndef JH_LEDGER_RUNS_INT_H
#define JH_LEDGER_RUNS_INT_H

#include "ledger/runs.h"

/* Shared by the .c files of engine/ledger only. */

/* Reads what jh_run_pack wrote; texts are copied into the arena. False: the event is no readable run. */
bool jh_run_unpack(const jh_event *event, jh_run *run, jh_arena *arena);

#endif
