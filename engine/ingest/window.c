#include "ingest/window.h"

#include <stdlib.h>
#include <string.h>

static jihe_status take_room(jh_window *window, const char *path, size_t block_bytes, jihe_error *err)
{
    *window = (jh_window){.room = block_bytes, .bytes = malloc(block_bytes)};
    return window->bytes != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
}

jihe_status jh_window_open_text(jh_window *window, const char *path, size_t block_bytes, jihe_error *err)
{
    jihe_status st = take_room(window, path, block_bytes, err);

    if (st == JIHE_OK)
        st = jh_stream_open(&window->stream, path, JH_ENCODING_UTF8, block_bytes, err);
    if (st != JIHE_OK)
        jh_window_close(window);
    return st;
}

jihe_status jh_window_open_bytes(jh_window *window, const char *path, size_t block_bytes, jihe_error *err)
{
    jihe_status st = take_room(window, path, block_bytes, err);

    if (st == JIHE_OK)
        st = jh_source_open(&window->source, path, block_bytes, err);
    if (st != JIHE_OK)
        jh_window_close(window);
    return st;
}

void jh_window_close(jh_window *window)
{
    jh_stream_close(window->stream);
    jh_source_close(window->source);
    free(window->bytes);
    *window = (jh_window){0};
}

jihe_status jh_window_fill(jh_window *window, jihe_error *err)
{
    size_t got = 0, free_room;
    jihe_status st;

    memmove(window->bytes, window->bytes + window->at, window->len - window->at);
    window->len -= window->at;
    window->at = 0;
    if (window->len > window->room / 2) {
        char *more = realloc(window->bytes, window->room * 2);
        if (more == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading '%s'", jh_source_name(jh_window_source(window)));
        window->bytes = more;
        window->room *= 2;
    }
    free_room = window->room - window->len;
    if (window->stream != NULL)
        st = jh_stream_read(window->stream, window->bytes + window->len, free_room, &got, err);
    else
        st = jh_source_read(window->source, (uint8_t *)window->bytes + window->len, free_room, &got, err);
    window->ended = st == JIHE_OK && got < free_room;
    window->len += got;
    return st;
}

const jh_source *jh_window_source(const jh_window *window)
{
    return window->stream != NULL ? jh_stream_source(window->stream) : window->source;
}
