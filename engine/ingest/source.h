#ifndef JH_INGEST_SOURCE_H
#define JH_INGEST_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The bytes of a file or of standard input, read block by block; gzip and zstd (known by the first bytes; several
 * members or frames in a row are one file) are undone. Never holds more than one block of stored bytes and the
 * decompressor's window: 32 KiB for gzip, at most 32 MiB for zstd. */
typedef struct jh_source jh_source;

jihe_status jh_source_open(jh_source **out, const char *path, size_t block_bytes, jihe_error *err); /* "-": stdin */

/* Fills `to`; gives fewer than `room` bytes only at the end. JIHE_DATA when compressed data are broken or end too
 * early. */
jihe_status jh_source_read(jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err);

uint64_t jh_source_bytes_read(const jh_source *source, uint64_t *total); /* as stored; total 0 when unknown */
const char *jh_source_name(const jh_source *source);                     /* the path, or "standard input" */
void jh_source_close(jh_source *source);                                 /* NULL accepted */

#endif
