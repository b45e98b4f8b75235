#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

static const char *hex_of(const uint8_t sum[32])
{
    static char text[65];

    jh_hex(sum, 32, text);
    return text;
}

/* FIPS 180-4 examples; the empty XXH3-64 from its specification. */
Test(hash, published_values)
{
    uint8_t sum[32];
    jihe_error err = {0};

    cr_assert_eq(jh_hash64("", 0), UINT64_C(0x2d06800538d394c2));
    cr_assert_eq(jh_sha256_bytes("abc", 3, sum, &err), JIHE_OK);
    cr_assert_str_eq(hex_of(sum), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_assert_eq(jh_sha256_bytes("", 0, sum, &err), JIHE_OK);
    cr_assert_str_eq(hex_of(sum), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(hash, a_file_and_its_parts_give_the_same_sum)
{
    enum { BYTES = 700001 };
    char path[] = "/tmp/jihe-hash-XXXXXX";
    uint8_t *bytes = malloc(BYTES), whole[32], file[32], parts[32];
    jihe_error err = {0};
    uint64_t size = 0;
    jh_sha256 sha;
    FILE *f = fdopen(mkstemp(path), "w");

    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (uint8_t)(i * i >> 3);
    cr_assert_eq(fwrite(bytes, 1, BYTES, f), BYTES);
    fclose(f);
    jh_sha256_bytes(bytes, BYTES, whole, &err);
    cr_assert_eq(jh_sha256_begin(&sha, &err), JIHE_OK);
    for (size_t at = 0; at < BYTES; at += 4097)
        jh_sha256_add(&sha, bytes + at, BYTES - at < 4097 ? BYTES - at : 4097);
    jh_sha256_end(&sha, parts);
    cr_assert_eq(jh_sha256_file(path, file, &size, &err), JIHE_OK);
    cr_assert_eq(size, (uint64_t)BYTES);
    cr_assert(memcmp(whole, parts, 32) == 0 && memcmp(whole, file, 32) == 0);
    unlink(path);
    free(bytes);
    cr_assert_eq(jh_sha256_file(path, file, &size, &err), JIHE_NO_INPUT);
    cr_assert_eq(jh_sha256_file("/tmp", file, NULL, &err), JIHE_IO, "a directory opens but cannot be read");
}
