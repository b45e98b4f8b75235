#ifndef JH_BASE_BUF_H
#define JH_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing run of bytes. A failed growth sets `failed` and makes every later append a no-op, so that a writer checks
 * once at the end. `bytes` is not terminated unless jh_buf_text is asked for it. Zero-initialise; jh_buf_deinit frees. */
typedef struct jh_buf {
    uint8_t *bytes;
    size_t   len;
    size_t   room;
    bool     failed;
} jh_buf;

void  jh_buf_deinit(jh_buf *buf);
void  jh_buf_clear(jh_buf *buf); /* len = 0, keeps the memory, forgets `failed` */
bool  jh_buf_reserve(jh_buf *buf, size_t more); /* room for `more` bytes beyond len */
void *jh_buf_extend(jh_buf *buf, size_t more);  /* len += more, new bytes unset; NULL when failed */
void *jh_buf_renew(jh_buf *buf, size_t bytes);  /* `bytes` unset bytes in place of what was there; NULL when failed */
void  jh_buf_put(jh_buf *buf, const void *bytes, size_t len);
void  jh_buf_puts(jh_buf *buf, const char *text);
void  jh_buf_putc(jh_buf *buf, char c);
__attribute__((format(printf, 2, 3))) void jh_buf_printf(jh_buf *buf, const char *fmt, ...);
const char *jh_buf_text(jh_buf *buf); /* adds a NUL beyond len (not counted); "" when failed or empty */

#endif
