#ifndef JH_BASE_TEXT_H
#define JH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Length of the longest valid UTF-8 prefix (no overlong forms, no surrogates, nothing above U+10FFFF). Equal to len when
 * all is valid. Fast on ASCII. */
size_t jh_text_utf8_valid(const char *text, size_t len);

/* Byte of the first private-use character (U+E000..F8FF, planes 15 and 16) in valid UTF-8, or len when there is none:
 * what such a character shows depends on the font of the system it was written on. */
size_t jh_text_private_use(const char *text, size_t len);

/* Code points before byte `at`, for columns people can count. */
uint32_t jh_text_code_points(const char *text, size_t at);

/* Decode strict GB18030 to UTF-8 (glibc iconv), appending to out. JIHE_DATA with the byte offset in the message. */
jihe_status jh_text_from_gb18030(const char *text, size_t len, jh_buf *out, jihe_error *err);

/* Bytewise order: memcmp over the shorter, then the length. */
int jh_text_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* Up to `size` - 1 bytes of a value made fit for a message: control characters and broken UTF-8 as '?', cut at a
 * character border with "..." where too long. Returns out. */
const char *jh_text_quote(const char *text, size_t len, char *out, size_t size);

/* The candidate nearest to `word` by edit distance, or NULL when none is near enough (distance > 1 + length / 3). */
const char *jh_text_nearest(const char *word, const char *const *candidates, size_t count);

/* The same, or else the first candidate that contains the word or is a part of it: a header with its unit behind. */
const char *jh_text_related(const char *word, const char *const *candidates, size_t count);

#endif
