#ifndef JH_SNAPSHOT_SLOTS_H
#define JH_SNAPSHOT_SLOTS_H

#include "config/schema.h"

/* Keys of data.mdb: big-endian segment (4 bytes), big-endian slot (2 bytes). Shared by engine/snapshot only. */

enum {
    JH_KEY_BYTES = 6,
    JH_SLOT_HASH = 0,     /* in each segment: XXH3-64 of the ids */
    JH_SLOT_SCHEMA = 0,   /* in the last segment number: */
    JH_SLOT_COUNTS = 1,   /* see counts.h */
    JH_SLOT_DICT = 0x100, /* + index of a category column */
    JH_SLOT_TALLY = 0x200, /* + index of a category column (format 1: of a person column) */
    JH_SLOT_CROSS = 0x300  /* + index of a person column, where a column has the role `type` */
};

#define JH_SEGMENT_SPECIAL UINT32_MAX

/* Which slot holds which column. Fixed widths come first, so that what rules scan lies together; then the ids, then
 * texts. */
typedef struct jh_slots {
    uint32_t count; /* slots of a segment: the columns and the hash */
    uint16_t of_column[JH_MAX_COLUMNS];
    uint16_t column_of[JH_MAX_COLUMNS + 1]; /* not for slot 0 */
} jh_slots;

void jh_slots_init(jh_slots *slots, const jh_schema *schema);
void jh_slots_key(uint32_t segment, uint32_t slot, uint8_t key[JH_KEY_BYTES]);

#endif
