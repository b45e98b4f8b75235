#include "snapshot/slots.h"

#include <string.h>

static int place_of(jh_type type)
{
    if (type == JH_ID)
        return 1;
    return type == JH_TEXT ? 2 : 0;
}

void jh_slots_init(jh_slots *slots, const jh_schema *schema)
{
    memset(slots, 0, sizeof *slots);
    slots->count = 1;
    for (int place = 0; place <= 2; place++) {
        for (size_t column = 0; column < schema->count; column++) {
            if (place_of(schema->columns[column].type) != place)
                continue;
            slots->of_column[column] = (uint16_t)slots->count;
            slots->column_of[slots->count++] = (uint16_t)column;
        }
    }
}

void jh_slots_key(uint32_t segment, uint32_t slot, uint8_t key[JH_KEY_BYTES])
{
    key[0] = (uint8_t)(segment >> 24);
    key[1] = (uint8_t)(segment >> 16);
    key[2] = (uint8_t)(segment >> 8);
    key[3] = (uint8_t)segment;
    key[4] = (uint8_t)(slot >> 8);
    key[5] = (uint8_t)slot;
}
