#include "snapshot/dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/stored.h"

enum { FIRST_CODES = 16 };

void jh_dict_deinit(jh_dict *dict)
{
    jh_probe_deinit(&dict->index);
    jh_buf_deinit(&dict->bytes);
    free(dict->offsets);
    *dict = (jh_dict){0};
}

const char *jh_dict_text(const jh_dict *dict, uint32_t code, uint32_t *len)
{
    *len = dict->offsets[code + 1] - dict->offsets[code];
    return (const char *)dict->bytes.bytes + dict->offsets[code];
}

bool jh_dict_find(const jh_dict *dict, uint64_t hash, const char *text, uint32_t len, uint32_t *code)
{
    uint32_t there_len;
    size_t step = 0;

    while (jh_probe_next(&dict->index, hash, &step, code)) {
        const char *there = jh_dict_text(dict, *code, &there_len);

        if (there_len == len && (len == 0 || memcmp(there, text, len) == 0))
            return true;
    }
    return false;
}

static bool make_room(jh_dict *dict)
{
    const uint32_t room = dict->room == 0 ? FIRST_CODES : dict->room * 2;
    uint32_t *offsets = realloc(dict->offsets, ((size_t)room + 1) * sizeof *offsets);

    if (offsets == NULL)
        return false;
    if (dict->room == 0)
        offsets[0] = 0;
    dict->offsets = offsets;
    dict->room = room;
    return true;
}

static bool enlarge_index(jh_dict *dict)
{
    uint32_t len;

    if (!jh_probe_enlarge(&dict->index, 1))
        return false;
    for (uint32_t code = 0; code < dict->count; code++) {
        const char *text = jh_dict_text(dict, code, &len);

        jh_probe_insert(&dict->index, jh_hash64(text, len), code);
    }
    return true;
}

jihe_status jh_dict_code(jh_dict *dict, const char *text, uint32_t len, uint32_t *code, jihe_error *err)
{
    const uint64_t hash = jh_hash64(text, len);

    return jh_dict_find(dict, hash, text, len, code) ? JIHE_OK : jh_dict_add(dict, hash, text, len, code, err);
}

jihe_status jh_dict_add(jh_dict *dict, uint64_t hash, const char *text, uint32_t len, uint32_t *code, jihe_error *err)
{
    if (len > JH_HEAP_MAX - dict->bytes.len || dict->count == JH_HEAP_MAX)
        return jh_fail(err, JIHE_DATA,
                       "more than %d bytes of different values, expected values that repeat: declare the "
                       "column as text",
                       JH_HEAP_MAX);
    if ((dict->count == dict->room && !make_room(dict)) || !jh_buf_reserve(&dict->bytes, len) ||
        (!jh_probe_holds(&dict->index, 1) && !enlarge_index(dict)))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a dictionary of %zu bytes", dict->bytes.len);
    jh_probe_insert(&dict->index, hash, dict->count);
    jh_buf_put(&dict->bytes, text, len);
    dict->offsets[dict->count + 1] = (uint32_t)dict->bytes.len;
    *code = dict->count++;
    return JIHE_OK;
}

size_t jh_dict_value_len(const jh_dict *dict)
{
    return jh_stored_len(jh_stored_heap_payload(dict->count, dict->bytes.len, false));
}

void jh_dict_encode(const jh_dict *dict, void *room)
{
    const size_t offsets_len = ((size_t)dict->count + 1) * sizeof *dict->offsets;
    jh_stored *header = room;
    char *payload = (char *)(header + 1);

    *header = (jh_stored){.rows = dict->count, .encoding = JH_ENC_HEAP};
    header->payload = jh_stored_heap_payload(dict->count, dict->bytes.len, false);
    if (dict->count == 0) {
        memset(payload, 0, offsets_len);
    } else {
        memcpy(payload, dict->offsets, offsets_len);
        if (dict->bytes.len > 0) /* all of its texts may be empty: then there are no bytes */
            memcpy(payload + offsets_len, dict->bytes.bytes, dict->bytes.len);
    }
}
