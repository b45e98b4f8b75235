#ifndef JH_BASE_HASH_H
#define JH_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

uint64_t jh_hash64(const void *bytes, size_t len); /* XXH3-64, seed 0 */

typedef struct jh_sha256 { /* a running SHA-256 (OpenSSL EVP) */
    void *ctx;
} jh_sha256;

jihe_status jh_sha256_begin(jh_sha256 *sha, jihe_error *err);
void        jh_sha256_add(jh_sha256 *sha, const void *bytes, size_t len);
void        jh_sha256_end(jh_sha256 *sha, uint8_t out[32]); /* frees the context */

jihe_status jh_sha256_bytes(const void *bytes, size_t len, uint8_t out[32], jihe_error *err);
jihe_status jh_sha256_file(const char *path, uint8_t out[32], uint64_t *bytes, jihe_error *err);
/* Of several pieces one after another, in hex. */
jihe_status jh_sha256_bufs(const jh_buf *bufs, size_t count, char hex[65], jihe_error *err);
void        jh_hex(const uint8_t *bytes, size_t len, char *out); /* 2 * len lower-case digits and NUL */

#endif
