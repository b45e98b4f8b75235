#ifndef JH_RULE_VALUE_INDEX_H
#define JH_RULE_VALUE_INDEX_H

#include "rule/flag_groups.h"

/* The values of a category column over several snapshots, numbered together: each has its own dictionary. Zero-initialise. */
typedef struct jh_value_index {
    jh_flag_value *values; /* borrowed from the snapshots */
    size_t         count, room;
    uint32_t      *slots;  /* open addressing: number + 1, 0 empty */
    size_t         slot_count;
} jh_value_index;

/* *numbers: per code of the snapshot's dictionary the number of its value, new ones added. Owned by the caller (free).
 * JIHE_NO_MEMORY, and what reading the dictionary gives. */
jihe_status jh_value_index_add(jh_value_index *index, const jh_snapshot *snapshot, size_t column, uint32_t **numbers,
                               jihe_error *err);
void        jh_value_index_deinit(jh_value_index *index);

#endif
