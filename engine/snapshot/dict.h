#ifndef JH_SNAPSHOT_DICT_H
#define JH_SNAPSHOT_DICT_H

#include "base/buf.h"
#include "base/error.h"
#include "snapshot/probe.h"

/* The dictionary of one category column while a snapshot is written: value to code, codes from 0 in order of first
 * appearance, and how many documents carry each. Shared by engine/snapshot only. */
typedef struct jh_dict {
    jh_probe index;
    jh_buf bytes;      /* the values, one after another */
    uint32_t *offsets; /* count + 1, or NULL while empty */
    uint64_t *tally;   /* documents per code */
    uint32_t count;
    uint32_t room; /* codes there is memory for */
} jh_dict;

void jh_dict_deinit(jh_dict *dict); /* a zeroed one is fine */

/* JIHE_DATA when the distinct values are more than JH_HEAP_MAX bytes. */
jihe_status jh_dict_code(jh_dict *dict, const char *text, uint32_t len, uint32_t *code, jihe_error *err);

/* Stored form: the values as a HEAP. jh_stored_finish is still to come. */
size_t jh_dict_value_len(const jh_dict *dict);
void jh_dict_encode(const jh_dict *dict, void *room);

#endif
