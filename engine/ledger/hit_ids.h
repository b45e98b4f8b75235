#ifndef JH_LEDGER_HIT_IDS_H
#define JH_LEDGER_HIT_IDS_H

#include "base/arena.h"
#include "ledger/id_sort.h"
#include "sample/selection.h"

/* The ids of all selected documents, copied into the arena, in order of snapshot and id. `listed` has room for
 * document_count + 1. */
jihe_status jh_hit_ids(jh_listed_id *listed, const jh_selection *selection, jh_arena *arena, jihe_error *err);

#endif
