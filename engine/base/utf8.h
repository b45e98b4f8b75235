#ifndef JH_BASE_UTF8_H
#define JH_BASE_UTF8_H

#include <stddef.h>

/* What is to be said of a block of text before anybody looks at its characters: two bits. */
enum {
    JH_UTF8_INVALID = 1u, /* not all of it is UTF-8, as jh_text_utf8_valid says */
    JH_UTF8_PRIVATE = 2u  /* there may be private-use characters, as jh_text_private_use finds them; in text that is
                             UTF-8 the bit is exact */
};

/* 64 or 32 bytes at a time where the machine can (AVX-512, AVX2): Keiser and Lemire, "Validating UTF-8 in less than one instruction per
 * byte", Software: Practice and Experience 51 (2021). The plain twin is composed of the functions named above. */
unsigned jh_utf8_look(const char *text, size_t len);
unsigned jh_utf8_look_avx2(const char *text, size_t len); /* 32 at most; for tests, as the plain one */
unsigned jh_utf8_look_plain(const char *text, size_t len);

#endif
