#include "rule/value_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"

static size_t slot_of(const jh_value_index *index, const char *text, size_t len)
{
    size_t at = jh_hash64(text, len) & (index->slot_count - 1);

    for (; index->slots[at] != 0; at = (at + 1) & (index->slot_count - 1)) {
        const jh_flag_value *value = &index->values[index->slots[at] - 1];

        if (value->len == len && memcmp(value->text, text, len) == 0)
            break;
    }
    return at;
}

static bool grow(jh_value_index *index)
{
    const size_t room = index->room == 0 ? 256 : index->room * 2;
    jh_flag_value *values = realloc(index->values, room * sizeof *values);

    if (values == NULL)
        return false;
    index->values = values;
    uint32_t *slots = calloc(room * 2, sizeof *slots);

    if (slots == NULL)
        return false;
    free(index->slots);
    index->slots = slots;
    index->room = room;
    index->slot_count = room * 2;
    for (size_t i = 0; i < index->count; i++)
        index->slots[slot_of(index, values[i].text, values[i].len)] = (uint32_t)i + 1;
    return true;
}

/* The number of a value, added when new. UINT32_MAX: no memory. */
static uint32_t number_of(jh_value_index *index, const char *text, size_t len)
{
    if (index->count == index->room && !grow(index))
        return UINT32_MAX;
    const size_t at = slot_of(index, text, len);

    if (index->slots[at] == 0) {
        index->values[index->count++] = (jh_flag_value){.text = text, .len = len};
        index->slots[at] = (uint32_t)index->count;
    }
    return index->slots[at] - 1;
}

jihe_status jh_value_index_add(jh_value_index *index, const jh_snapshot *snapshot, size_t column, uint32_t **numbers,
                               jihe_error *err)
{
    jh_dict_view dict;
    const jihe_status st = jh_snapshot_dict(snapshot, column, &dict, err);

    *numbers = NULL;
    if (st != JIHE_OK)
        return st;
    uint32_t *made = calloc((size_t)dict.count + 1, sizeof *made);
    bool ok = made != NULL;

    for (uint32_t code = 0; ok && code < dict.count; code++) {
        made[code] = number_of(index, dict.bytes + dict.offsets[code], dict.offsets[code + 1] - dict.offsets[code]);
        ok = made[code] != UINT32_MAX;
    }
    if (!ok) {
        free(made);
        return jh_fail(err, JIHE_NO_MEMORY, "numbering the values of a column");
    }
    *numbers = made;
    return JIHE_OK;
}

void jh_value_index_deinit(jh_value_index *index)
{
    free(index->values);
    free(index->slots);
    *index = (jh_value_index){0};
}
