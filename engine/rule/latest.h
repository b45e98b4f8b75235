#ifndef JH_RULE_LATEST_H
#define JH_RULE_LATEST_H

#include "rule/pass.h"

/* A period sees each document once, in its latest version: where several snapshots of a pass hold the same id, all but
 * the one of the last snapshot are superseded. */

enum { JH_LATEST_TABLES = 1 << 21 }; /* documents that the hash tables of all workers hold at a time */

/* Fills pass->superseded (a bit per document, laid out as the frames) and pass->superseded_count; with fewer than two
 * snapshots there is nothing to do and the bitmap stays NULL. Exact: equal hashes are settled by the ids' bytes.
 *
 * The hash columns are read once for each range of hashes, a range being so small that the tables hold it: 32 bytes a
 * document at most, 64 MiB in all for JH_LATEST_TABLES, however many documents the pass has. `tables` is that number;
 * tests make it small. The answer depends neither on it nor on `threads`. */
jihe_status jh_latest_find(jh_pass *pass, uint64_t tables, uint32_t threads, jihe_error *err);

#endif
