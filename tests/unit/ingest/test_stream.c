#include "ingest/stream.h"

#include <criterion/criterion.h>
#include <iconv.h>
#include <string.h>

#include "base/file.h"
#include "base/pcg.h"
#include "base/text.h"
#include "scratch.h"

/* Everything a stream gives, read in pieces of `piece` bytes. */
static jihe_status read_all(const char *path, jh_encoding encoding, size_t block, size_t piece, jh_buf *out,
                            jihe_error *err)
{
    jh_stream *stream;
    size_t got = piece;
    jihe_status st = jh_stream_open(&stream, path, encoding, block, err);

    if (st != JIHE_OK)
        return st;
    while (st == JIHE_OK && got == piece) {
        char bytes[256];
        cr_assert(piece <= sizeof bytes);
        st = jh_stream_read(stream, bytes, piece, &got, err);
        jh_buf_put(out, bytes, got);
    }
    jh_stream_close(stream);
    return st;
}

static void expect_bytes(const char *path, jh_encoding encoding, const void *want, size_t len)
{
    static const size_t sizes[] = {1, 2, 3, 5, 64, 256};

    for (size_t b = 0; b < sizeof sizes / sizeof sizes[0]; b++) {
        for (size_t p = 0; p < sizeof sizes / sizeof sizes[0]; p++) {
            jh_buf got = {0};
            jihe_error err = {0};
            cr_assert_eq(read_all(path, encoding, sizes[b], sizes[p], &got, &err), JIHE_OK, "%s", err.message);
            cr_assert(got.len == len && (len == 0 || memcmp(got.bytes, want, len) == 0),
                      "block %zu, piece %zu: %zu bytes, expected %zu: <%.*s>", sizes[b], sizes[p], got.len, len,
                      (int)got.len, (const char *)got.bytes);
            jh_buf_deinit(&got);
        }
    }
}

static void random_bytes(jh_buf *out, size_t len, uint64_t seed)
{
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, seed, 7);
    for (size_t i = 0; i < len; i++)
        jh_buf_putc(out, (char)('a' + jh_pcg64_below(&rng, 26)));
}

Test(stream, plain_gzip_and_several_members)
{
    const scratch dir = scratch_new();
    jh_buf text = {0}, stored = {0};

    random_bytes(&text, 3000, 1);
    expect_bytes(scratch_file(&dir, "p", text.bytes, text.len), JH_ENCODING_AUTO, text.bytes, text.len);
    expect_bytes(scratch_gzip(&dir, "g", text.bytes, text.len), JH_ENCODING_AUTO, text.bytes, text.len);
    expect_bytes(scratch_gzip(&dir, "empty", "", 0), JH_ENCODING_AUTO, "", 0);
    expect_bytes(scratch_file(&dir, "nothing", "", 0), JH_ENCODING_AUTO, "", 0);
    expect_bytes(scratch_file(&dir, "one", "\x1f", 1), JH_ENCODING_AUTO, "\x1f", 1);
    /* cat a.gz b.gz is a gzip file */
    for (size_t half = 0; half < 2; half++)
        cr_assert_eq(jh_file_read(scratch_gzip(&dir, "h", text.bytes + half * 1500, 1500), 1 << 20, &stored, NULL),
                     JIHE_OK);
    expect_bytes(scratch_file(&dir, "two.gz", stored.bytes, stored.len), JH_ENCODING_AUTO, text.bytes, text.len);
    jh_buf_deinit(&text);
    jh_buf_deinit(&stored);
    scratch_remove(&dir);
}

/* Cut anywhere, a gzip file is refused. With a bit changed it is refused too, or gives the same bytes: the bits that
 * fill up the last byte before the checksum mean nothing. */
Test(stream, broken_gzip_is_refused)
{
    const scratch dir = scratch_new();
    jh_buf text = {0}, stored = {0}, got = {0};
    jihe_error err = {0};

    random_bytes(&text, 400, 2);
    cr_assert_eq(jh_file_read(scratch_gzip(&dir, "whole", text.bytes, text.len), 1 << 20, &stored, NULL), JIHE_OK);
    for (size_t len = 2; len < stored.len; len++) {
        jh_buf_clear(&got);
        cr_assert_eq(read_all(scratch_file(&dir, "cut", stored.bytes, len), JH_ENCODING_AUTO, 16, 64, &got, &err),
                     JIHE_DATA, "cut to %zu bytes", len);
        cr_assert_not_null(strstr(err.message, "end too early"), "%s", err.message);
    }
    size_t harmless = 0;
    for (size_t at = 10; at < stored.len; at++) {
        stored.bytes[at] ^= 0x10;
        jh_buf_clear(&got);
        const jihe_status st =
            read_all(scratch_file(&dir, "flip", stored.bytes, stored.len), JH_ENCODING_AUTO, 16, 64, &got, &err);
        cr_assert(st == JIHE_DATA ||
                      (st == JIHE_OK && got.len == text.len && memcmp(got.bytes, text.bytes, got.len) == 0),
                  "byte %zu changed", at);
        harmless += st == JIHE_OK;
        stored.bytes[at] ^= 0x10;
    }
    cr_assert(harmless <= 1);
    jh_buf_puts(&stored, "rest");
    jh_buf_clear(&got);
    cr_assert_eq(read_all(scratch_file(&dir, "tail", stored.bytes, stored.len), JH_ENCODING_AUTO, 16, 64, &got, &err),
                 JIHE_DATA);
    jh_buf_deinit(&text);
    jh_buf_deinit(&stored);
    jh_buf_deinit(&got);
    scratch_remove(&dir);
}

Test(stream, zstd_and_several_frames)
{
    static const char skippable[] = "\x50\x2a\x4d\x18\x03\0\0\0xyz";
    const scratch dir = scratch_new();
    jh_buf text = {0}, stored = {0};

    random_bytes(&text, 3000, 3);
    expect_bytes(scratch_zstd(&dir, "z", text.bytes, text.len), JH_ENCODING_AUTO, text.bytes, text.len);
    expect_bytes(scratch_zstd(&dir, "empty", "", 0), JH_ENCODING_AUTO, "", 0);
    jh_buf_put(&stored, skippable, sizeof skippable - 1);
    for (size_t half = 0; half < 2; half++)
        cr_assert_eq(jh_file_read(scratch_zstd(&dir, "h", text.bytes + half * 1500, 1500), 1 << 20, &stored, NULL),
                     JIHE_OK);
    expect_bytes(scratch_file(&dir, "two.zst", stored.bytes, stored.len), JH_ENCODING_AUTO, text.bytes, text.len);
    jh_buf_deinit(&text);
    jh_buf_deinit(&stored);
    scratch_remove(&dir);
}

/* Cut anywhere, and with any byte changed, a zstd file with a checksum is refused, or gives the same bytes. */
Test(stream, broken_zstd_is_refused)
{
    const scratch dir = scratch_new();
    jh_buf text = {0}, stored = {0}, got = {0};
    jihe_error err = {0};

    random_bytes(&text, 400, 4);
    cr_assert_eq(jh_file_read(scratch_zstd(&dir, "whole", text.bytes, text.len), 1 << 20, &stored, NULL), JIHE_OK);
    for (size_t len = 4; len < stored.len; len++) {
        jh_buf_clear(&got);
        cr_assert_eq(read_all(scratch_file(&dir, "cut", stored.bytes, len), JH_ENCODING_AUTO, 16, 64, &got, &err),
                     JIHE_DATA, "cut to %zu bytes", len);
        cr_assert_not_null(strstr(err.message, "end too early"), "%s", err.message);
    }
    for (size_t at = 4; at < stored.len; at++) {
        stored.bytes[at] ^= 0x10;
        jh_buf_clear(&got);
        const jihe_status st =
            read_all(scratch_file(&dir, "flip", stored.bytes, stored.len), JH_ENCODING_AUTO, 16, 64, &got, &err);
        cr_assert(st == JIHE_DATA ||
                      (st == JIHE_OK && got.len == text.len && memcmp(got.bytes, text.bytes, got.len) == 0),
                  "byte %zu changed", at);
        stored.bytes[at] ^= 0x10;
    }
    jh_buf_puts(&stored, "rest");
    jh_buf_clear(&got);
    cr_assert_eq(read_all(scratch_file(&dir, "tail", stored.bytes, stored.len), JH_ENCODING_AUTO, 16, 64, &got, &err),
                 JIHE_DATA);
    jh_buf_deinit(&text);
    jh_buf_deinit(&stored);
    jh_buf_deinit(&got);
    scratch_remove(&dir);
}

/* A frame's header that asks for a window of 2 GiB must be refused, not served. */
Test(stream, zstd_windows_are_bounded)
{
    static const char huge[] = "\x28\xb5\x2f\xfd\x00\xa8\x01\0\0";
    const scratch dir = scratch_new();
    jihe_error err = {0};
    jh_buf got = {0};

    cr_assert_eq(read_all(scratch_file(&dir, "w", huge, sizeof huge - 1), JH_ENCODING_AUTO, 64, 64, &got, &err),
                 JIHE_DATA);
    cr_assert_not_null(strstr(err.message, "window of more than 32 MiB"), "%s", err.message);
    jh_buf_deinit(&got);
    scratch_remove(&dir);
}

Test(stream, gb18030)
{
    static const char utf8[] = "编号,金额\n单据😀,é\n";
    static const char gb[] = "\xb1\xe0\xba\xc5,\xbd\xf0\xb6\xee\n\xb5\xa5\xbe\xdd\x94\x39\xfc\x36,\xa8\xa6\n";
    static const char broken[] = "\xb1\xe0\xff\xba\xc5,\x81\n\x94\x39,x\n\xb5";
    static const char marked[] = "编\xff号,\xff\n\xff"
                                 "9,x\n\xff";
    const scratch dir = scratch_new();

    expect_bytes(scratch_text(&dir, "gb", gb), JH_ENCODING_GB18030, utf8, sizeof utf8 - 1);
    expect_bytes(scratch_text(&dir, "undeclared", gb), JH_ENCODING_AUTO, gb, sizeof gb - 1);
    expect_bytes(scratch_text(&dir, "broken", broken), JH_ENCODING_GB18030, marked, sizeof marked - 1);
    expect_bytes(scratch_gzip(&dir, "gz", gb, sizeof gb - 1), JH_ENCODING_GB18030, utf8, sizeof utf8 - 1);
    expect_bytes(scratch_text(&dir, "mark", "\x84\x31\x95\x33\xb1\xe0"), JH_ENCODING_GB18030, "编", 3);
    scratch_remove(&dir);
}

/* All two-byte codes, and every 7th of the four-byte ones, decoded in one stream and given back by iconv the same. The
 * codes that iconv does not know (and so we refuse) are not in the file. */
Test(stream, gb18030_round_trip)
{
    const scratch dir = scratch_new();
    jh_buf gb = {0}, utf8 = {0}, back = {0};
    jihe_error err = {0};
    size_t two = 0, four = 0;
    iconv_t encode = iconv_open("GB18030", "UTF-8"), decode = iconv_open("UTF-8", "GB18030");

    for (uint32_t code = 0; code < 126 * 190 + 126 * 10 * 126 * 10; code += code < 126 * 190 ? 1 : 7) {
        char bytes[4], out[8], *in = bytes, *to = out;
        const uint32_t rest = code - 126 * 190;
        size_t len = 2, in_left, out_left = sizeof out;
        if (code < 126 * 190) {
            bytes[0] = (char)(0x81 + code / 190);
            bytes[1] = (char)(0x40 + code % 190 + (code % 190 >= 63));
        } else {
            bytes[0] = (char)(0x81 + rest / 12600), bytes[1] = (char)(0x30 + rest / 1260 % 10);
            bytes[2] = (char)(0x81 + rest / 10 % 126), bytes[3] = (char)(0x30 + rest % 10);
            len = 4;
        }
        in_left = len;
        if (iconv(decode, &in, &in_left, &to, &out_left) != 0 || in_left > 0) {
            iconv(decode, NULL, NULL, NULL, NULL);
            continue;
        }
        if (len == 4 && memcmp(bytes, "\x95\x36\xb9\x37", 4) == 0) /* U+215D7 in glibc, which is written FE6C */
            continue;
        *(len == 2 ? &two : &four) += 1;
        jh_buf_put(&gb, bytes, len);
    }
    cr_assert(two == 23940 && four > 100000, "%zu and %zu codes", two, four);
    cr_assert_eq(read_all(scratch_file(&dir, "all", gb.bytes, gb.len), JH_ENCODING_GB18030, 61, 253, &utf8, &err),
                 JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_text_utf8_valid((const char *)utf8.bytes, utf8.len), utf8.len);
    char *in = (char *)utf8.bytes, *to = jh_buf_extend(&back, gb.len);
    size_t in_left = utf8.len, out_left = gb.len;
    cr_assert_eq(iconv(encode, &in, &in_left, &to, &out_left), 0);
    cr_assert(out_left == 0 && memcmp(back.bytes, gb.bytes, gb.len) == 0);
    iconv_close(encode);
    iconv_close(decode);
    jh_buf_deinit(&gb);
    jh_buf_deinit(&utf8);
    jh_buf_deinit(&back);
    scratch_remove(&dir);
}

Test(stream, byte_order_marks)
{
    const scratch dir = scratch_new();
    jihe_error err = {0};
    jh_buf got = {0};

    expect_bytes(scratch_text(&dir, "bom",
                              "\xEF\xBB\xBF"
                              "a\xEF\xBB\xBF"),
                 JH_ENCODING_AUTO, "a\xEF\xBB\xBF", 4);
    expect_bytes(scratch_text(&dir, "only", "\xEF\xBB\xBF"), JH_ENCODING_UTF8, "", 0);
    expect_bytes(scratch_text(&dir, "part", "\xEF\xBB"), JH_ENCODING_UTF8, "\xEF\xBB", 2);
    cr_assert_eq(read_all(scratch_text(&dir, "16", "\xFF\xFEi\n"), JH_ENCODING_AUTO, 64, 64, &got, &err), JIHE_DATA);
    cr_assert_not_null(strstr(err.message, "UTF-16"), "%s", err.message);
    for (size_t block = 1; block < 9; block++) {
        const char *path = scratch_text(&dir, "both", "\xEF\xBB\xBF\xb5\xa5\xbe\xdd\n");
        cr_assert_eq(read_all(path, JH_ENCODING_GB18030, block, 64, &got, &err), JIHE_DATA);
        cr_assert_not_null(strstr(err.message, "UTF-8 byte order mark"), "%s", err.message);
    }
    jh_buf_deinit(&got);
    scratch_remove(&dir);
}

Test(stream, files_that_are_not_there)
{
    const scratch dir = scratch_new();
    jh_stream *stream;
    jihe_error err = {0};

    cr_assert_eq(jh_stream_open(&stream, scratch_path(&dir, "none"), JH_ENCODING_AUTO, 64, &err), JIHE_NO_INPUT);
    cr_assert_null(stream);
    cr_assert_eq(jh_stream_open(&stream, dir.path, JH_ENCODING_AUTO, 64, &err), JIHE_NO_INPUT);
    cr_assert_not_null(strstr(err.message, "directory"), "%s", err.message);
    scratch_remove(&dir);
}
