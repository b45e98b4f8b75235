#ifndef JH_LEDGER_ID_SORT_H
#define JH_LEDGER_ID_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A selected document with its id at hand. */
typedef struct jh_listed_id {
    const char *id;
    uint32_t    len;
    uint32_t    part;  /* index of its snapshot */
    uint32_t    index; /* in selection->documents */
} jh_listed_id;

/* Puts documents in order of snapshot, then id bytes. Ids share long beginnings and differ in a few digits: eight bytes
 * at a time, behind what all have in common, become a number that is sorted by its digits. Equal ids of one snapshot
 * stay as they are. 32 bytes per document while it runs. */
jihe_status jh_id_sort(jh_listed_id *ids, size_t count, jihe_error *err);

#endif
