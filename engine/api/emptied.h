#ifndef JH_API_EMPTIED_H
#define JH_API_EMPTIED_H

#include "ingest/ingest.h"
#include "jihe/ingest.h"

/* Columns that a new snapshot has no value of at all, though at the share of the date before it would have ten or more:
 * an optional column that the extract has lost, or a path whose name has changed. Fills summary->emptied. Only a hint: a
 * snapshot that cannot be read gives none (`verify` says why). */
void jh_emptied_find(jihe_ingest_summary *summary, const char *workspace, const jh_ingest_result *result);

#endif
