#ifndef JH_INGEST_NUMBERING_H
#define JH_INGEST_NUMBERING_H

#include "base/buf.h"
#include "snapshot/writer.h"

/* For `duplicates: number`: which number the next document of a repeated id gets. Remembers repeated ids only, so that
 * a thousand equal ids cost a thousand steps and not half a million. */
typedef struct jh_numbering {
    struct jh_numbered *slots; /* open addressing; used when next > 0 */
    size_t count, room;
    jh_buf ids; /* their bytes, one after another */
} jh_numbering;

/* The first free of ID#2, ID#3, ... for an id that `writer` already has, into `out` (JH_ID_MAX bytes). *len is 0 when
 * it would be longer than that. */
jihe_status jh_numbering_next(jh_numbering *numbering, jh_writer *writer, const char *id, uint32_t id_len, char *out,
                              uint32_t *len, jihe_error *err);
void jh_numbering_deinit(jh_numbering *numbering); /* a zeroed one is fine */

#endif
