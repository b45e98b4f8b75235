#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

void jh_buf_deinit(jh_buf *buf)
{
    free(buf->bytes);
    *buf = (jh_buf){0};
}

void jh_buf_clear(jh_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

/* Doubles, so that n appends of one byte copy O(n) bytes in all. */
static bool grow(jh_buf *buf, size_t need)
{
    size_t room = buf->room < FIRST_ROOM ? FIRST_ROOM : buf->room;
    uint8_t *bytes;

    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    bytes = realloc(buf->bytes, room);
    if (bytes == NULL)
        return false;
    buf->bytes = bytes;
    buf->room = room;
    return true;
}

bool jh_buf_reserve(jh_buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    if (more <= buf->room - buf->len)
        return true;
    if (more > SIZE_MAX - buf->len || !grow(buf, buf->len + more))
        buf->failed = true;
    return !buf->failed;
}

void *jh_buf_extend(jh_buf *buf, size_t more)
{
    void *added;

    /* At least one byte of room: an empty extension must not look like a failure. */
    if (!jh_buf_reserve(buf, more != 0 ? more : 1))
        return NULL;
    added = buf->bytes + buf->len;
    buf->len += more;
    return added;
}

void *jh_buf_renew(jh_buf *buf, size_t bytes)
{
    jh_buf_clear(buf);
    return jh_buf_extend(buf, bytes);
}

void jh_buf_put(jh_buf *buf, const void *bytes, size_t len)
{
    void *added = len != 0 ? jh_buf_extend(buf, len) : NULL;

    if (added != NULL)
        memcpy(added, bytes, len);
}

void jh_buf_puts(jh_buf *buf, const char *text)
{
    jh_buf_put(buf, text, strlen(text));
}

void jh_buf_putc(jh_buf *buf, char c)
{
    jh_buf_put(buf, &c, 1);
}

void jh_buf_printf(jh_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    int len;

    va_start(args, fmt);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        buf->failed = true;
    else if (jh_buf_reserve(buf, (size_t)len + 1)) {
        vsnprintf((char *)buf->bytes + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

const char *jh_buf_text(jh_buf *buf)
{
    if (buf->len == 0 || !jh_buf_reserve(buf, 1))
        return "";
    buf->bytes[buf->len] = '\0';
    return (const char *)buf->bytes;
}
