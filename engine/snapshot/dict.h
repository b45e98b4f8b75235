#ifndef JH_SNAPSHOT_DICT_H
#define JH_SNAPSHOT_DICT_H

#include "base/buf.h"
#include "base/error.h"
#include "snapshot/probe.h"

/* The dictionary of one category column while a snapshot is written: value to code, codes from 0 in order of first
 * appearance. Who counts by names uses it too (rule/jump_census.h). */
typedef struct jh_dict {
    jh_probe index;
    jh_buf bytes;      /* the values, one after another */
    uint32_t *offsets; /* count + 1, or NULL while empty */
    uint32_t count;
    uint32_t room; /* codes there is memory for */
} jh_dict;

void jh_dict_deinit(jh_dict *dict); /* a zeroed one is fine */

/* `hash` is jh_hash64 of the text. */
bool jh_dict_find(const jh_dict *dict, uint64_t hash, const char *text, uint32_t len, uint32_t *code);
const char *jh_dict_text(const jh_dict *dict, uint32_t code, uint32_t *len); /* until the next value is added */

/* JIHE_DATA when the distinct values are more than JH_HEAP_MAX bytes. */
jihe_status jh_dict_code(jh_dict *dict, const char *text, uint32_t len, uint32_t *code, jihe_error *err);

/* The next code for a value that jh_dict_find has not found. JIHE_DATA likewise. */
jihe_status jh_dict_add(jh_dict *dict, uint64_t hash, const char *text, uint32_t len, uint32_t *code, jihe_error *err);

/* Stored form: the values as a HEAP. jh_stored_finish is still to come. */
size_t jh_dict_value_len(const jh_dict *dict);
void jh_dict_encode(const jh_dict *dict, void *room);

#endif
