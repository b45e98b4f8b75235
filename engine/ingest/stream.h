#ifndef JH_INGEST_STREAM_H
#define JH_INGEST_STREAM_H

#include "config/workspace.h"
#include "ingest/source.h"

/* A source as UTF-8 text: declared GB18030 is decoded, a byte order mark is dropped. */
typedef struct jh_stream jh_stream;

/* Stands in the text for each byte that is not valid in a declared encoding. It occurs nowhere in UTF-8, so a reader
 * that checks UTF-8 finds the record, and the records around it are unharmed. */
enum { JH_STREAM_UNDECODED = 0xff };

/* JIHE_DATA for a file that begins with a UTF-16 byte order mark, or with that of UTF-8 where GB18030 is declared. */
jihe_status jh_stream_open(jh_stream **out, const char *path, jh_encoding encoding, size_t block_bytes,
                           jihe_error *err);

/* Fills `to`; gives fewer than `room` bytes only at the end. The bytes are as found: UTF-8 is not checked here. */
jihe_status jh_stream_read(jh_stream *stream, char *to, size_t room, size_t *got, jihe_error *err);

const jh_source *jh_stream_source(const jh_stream *stream);
void jh_stream_close(jh_stream *stream); /* NULL accepted */

#endif
