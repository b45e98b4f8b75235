#include "base/hash.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

uint64_t jh_hash64(const void *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}

jihe_status jh_sha256_begin(jh_sha256 *sha, jihe_error *err)
{
    /* OpenSSL 3.0 asks its default context for algorithms even where that could not be made for want of memory. */
    EVP_MD_CTX *ctx = OSSL_LIB_CTX_get0_global_default() != NULL ? EVP_MD_CTX_new() : NULL;

    sha->ctx = NULL;
    if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        return jh_fail(err, JIHE_NO_MEMORY, "OpenSSL cannot begin a SHA-256");
    }
    sha->ctx = ctx;
    return JIHE_OK;
}

/* Once begun, OpenSSL's own SHA-256 has no way to fail on ordinary bytes: a refusal is a misuse of the context. */
void jh_sha256_add(jh_sha256 *sha, const void *bytes, size_t len)
{
    const int done = EVP_DigestUpdate(sha->ctx, bytes, len);

    assert(done == 1);
    (void)done;
}

void jh_sha256_end(jh_sha256 *sha, uint8_t out[32])
{
    unsigned len = 0;
    const int done = EVP_DigestFinal_ex(sha->ctx, out, &len);

    assert(done == 1 && len == 32);
    (void)done;
    EVP_MD_CTX_free(sha->ctx);
    sha->ctx = NULL;
}

jihe_status jh_sha256_bytes(const void *bytes, size_t len, uint8_t out[32], jihe_error *err)
{
    jh_sha256 sha;
    const jihe_status status = jh_sha256_begin(&sha, err);

    if (status != JIHE_OK)
        return status;
    jh_sha256_add(&sha, bytes, len);
    jh_sha256_end(&sha, out);
    return JIHE_OK;
}

enum { CHUNK = 256 * 1024 };

/* Adds everything the descriptor gives; 0 or the errno of a failed read. */
static int add_descriptor(jh_sha256 *sha, int fd, uint8_t *chunk, uint64_t *bytes)
{
    for (;;) {
        const ssize_t got = read(fd, chunk, CHUNK);
        if (got == 0)
            return 0;
        if (got > 0) {
            jh_sha256_add(sha, chunk, (size_t)got);
            *bytes += (uint64_t)got;
        } else if (errno != EINTR) {
            return errno;
        }
    }
}

jihe_status jh_sha256_file(const char *path, uint8_t out[32], uint64_t *bytes, jihe_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    int os_errno = errno;
    uint64_t total = 0;
    jihe_status status;
    uint8_t *chunk;
    jh_sha256 sha;

    if (fd < 0)
        return jh_fail_os(err, os_errno == ENOENT ? JIHE_NO_INPUT : JIHE_IO, os_errno, "opening '%s'", path);
    chunk = malloc(CHUNK);
    status = chunk != NULL ? jh_sha256_begin(&sha, err) : jh_fail(err, JIHE_NO_MEMORY, "no memory to read '%s'", path);
    if (status == JIHE_OK) {
        os_errno = add_descriptor(&sha, fd, chunk, &total);
        jh_sha256_end(&sha, out);
        if (os_errno != 0)
            status = jh_fail_os(err, JIHE_IO, os_errno, "reading '%s'", path);
        else if (bytes != NULL)
            *bytes = total;
    }
    free(chunk);
    close(fd);
    return status;
}

jihe_status jh_sha256_bufs(const jh_buf *bufs, size_t count, char hex[65], jihe_error *err)
{
    uint8_t sum[32];
    jh_sha256 sha;
    const jihe_status st = jh_sha256_begin(&sha, err);

    if (st != JIHE_OK)
        return st;
    for (size_t i = 0; i < count; i++)
        jh_sha256_add(&sha, bufs[i].bytes, bufs[i].len);
    jh_sha256_end(&sha, sum);
    jh_hex(sum, sizeof sum, hex);
    return JIHE_OK;
}

void jh_hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}
