#ifndef JH_INGEST_WINDOW_H
#define JH_INGEST_WINDOW_H

#include "config/workspace.h"
#include "ingest/source.h"
#include "ingest/stream.h"

/* The bytes of a file that are at hand: bytes[at..len), whole records and the beginning of the next. */
typedef struct jh_window {
    jh_stream *stream; /* of UTF-8 text; NULL when bytes are taken as they are */
    jh_source *source; /* the other way round */
    char *bytes;
    size_t at, len, room;
    bool ended; /* bytes[len] is the end of the file */
} jh_window;

jihe_status jh_window_open_text(jh_window *window, const char *path, size_t block_bytes, jihe_error *err);
jihe_status jh_window_open_bytes(jh_window *window, const char *path, size_t block_bytes, jihe_error *err);
void jh_window_close(jh_window *window); /* a zeroed one is fine */

/* Reads on behind what is at hand, which moves to the front. The room doubles whenever more than half of it is taken, so
 * that a record that is scanned again after each call still takes linear time. */
jihe_status jh_window_fill(jh_window *window, jihe_error *err);

const jh_source *jh_window_source(const jh_window *window);

#endif
