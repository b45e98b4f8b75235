#include <criterion/criterion.h>

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "codec/pack.h"
#include "codec/unpack.h"

/* Numbers next to every border of MessagePack's integer forms. */
static const int64_t borders[] = {
    0,          1,
    127,        128,
    255,        256,
    65535,      65536,
    INT32_MAX,  INT64_C(2147483648),
    UINT32_MAX, INT64_C(4294967296),
    INT64_MAX,  -1,
    -32,        -33,
    -128,       -129,
    -32768,     -32769,
    INT32_MIN,  INT64_C(-2147483649),
    INT64_MIN,
};

Test(pack, integers_round_trip)
{
    for (size_t i = 0; i < sizeof borders / sizeof borders[0]; i++) {
        jh_buf buf = {0};
        jh_unpack in;

        jh_pack_i64(&buf, borders[i]);
        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len));
        cr_assert_eq(jh_unpack_i64(&in), borders[i]);
        cr_assert(!in.failed && in.at == in.end);

        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len));
        cr_assert_eq(jh_unpack_u64(&in), borders[i] < 0 ? 0 : (uint64_t)borders[i]);
        cr_assert_eq(in.failed, borders[i] < 0);
        jh_buf_deinit(&buf);
    }
}

Test(pack, numbers_above_int64_are_not_read_as_signed)
{
    static const uint64_t large[] = {UINT64_C(1) << 63, UINT64_MAX};

    for (size_t i = 0; i < 2; i++) {
        jh_buf buf = {0};
        jh_unpack in;

        jh_pack_u64(&buf, large[i]);
        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len));
        cr_assert_eq(jh_unpack_u64(&in), large[i]);
        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len));
        cr_assert_eq(jh_unpack_i64(&in), 0);
        cr_assert(in.failed);
        jh_buf_deinit(&buf);
    }
}

/* Strings and binaries of every length form, inside an array so that the cursor must stop at the right byte. */
Test(pack, lengths_round_trip)
{
    static const size_t lengths[] = {0, 1, 31, 32, 255, 256, 65535, 65536, 200000};
    char *bytes = malloc(200000);

    memset(bytes, 'x', 200000);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        jh_buf buf = {0};
        jh_unpack in;
        size_t len = 0;

        jh_pack_array(&buf, 3);
        jh_pack_str(&buf, bytes, lengths[i]);
        jh_pack_bin(&buf, bytes, lengths[i]);
        jh_pack_bool(&buf, true);
        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len), "length %zu", lengths[i]);
        cr_assert_eq(jh_unpack_array(&in), 3);
        cr_assert(memcmp(jh_unpack_str(&in, &len), bytes, lengths[i]) == 0 && len == lengths[i]);
        cr_assert(memcmp(jh_unpack_bin(&in, &len), bytes, lengths[i]) == 0 && len == lengths[i]);
        cr_assert(jh_unpack_bool(&in) && !in.failed && in.at == in.end);
        jh_buf_deinit(&buf);
    }
    free(bytes);
}

Test(pack, containers_round_trip)
{
    static const size_t counts[] = {0, 1, 15, 16, 65535, 65536};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        jh_buf buf = {0};
        jh_unpack in;

        jh_pack_array(&buf, 2);
        jh_pack_map(&buf, counts[i]);
        for (size_t k = 0; k < 2 * counts[i]; k++)
            jh_pack_u64(&buf, k);
        jh_pack_array(&buf, counts[i]);
        for (size_t k = 0; k < counts[i]; k++)
            jh_pack_bool(&buf, k % 2 == 0);
        cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len), "count %zu", counts[i]);
        jh_unpack_array(&in);
        cr_assert_eq(jh_unpack_map(&in), counts[i]);
        for (size_t k = 0; k < 2 * counts[i]; k++)
            cr_assert_eq(jh_unpack_u64(&in), k);
        cr_assert_eq(jh_unpack_array(&in), counts[i]);
        for (size_t k = 0; k < counts[i]; k++)
            cr_assert_eq(jh_unpack_bool(&in), k % 2 == 0);
        cr_assert(!in.failed && in.at == in.end);
        jh_buf_deinit(&buf);
    }
}

Test(pack, nil_and_text)
{
    jh_buf buf = {0};
    jh_unpack in;
    size_t len = 9;

    jh_pack_array(&buf, 4);
    jh_pack_nil(&buf);
    jh_pack_text(&buf, NULL);
    jh_pack_text(&buf, "稽核");
    jh_pack_text(&buf, "");
    cr_assert(jh_unpack_begin(&in, buf.bytes, buf.len));
    cr_assert_eq(jh_unpack_array(&in), 4);
    cr_assert(jh_unpack_is_nil(&in));
    cr_assert_null(jh_unpack_bin(&in, &len));
    cr_assert_null(jh_unpack_str(&in, &len));
    cr_assert_eq(len, 0);
    cr_assert(memcmp(jh_unpack_str(&in, &len), "稽核", 6) == 0 && len == 6);
    cr_assert_not_null(jh_unpack_str(&in, &len));
    cr_assert(len == 0 && !in.failed && in.at == in.end);
    jh_buf_deinit(&buf);
}

Test(pack, a_length_beyond_32_bits_fails)
{
    jh_buf buf = {0};

    jh_pack_array(&buf, (size_t)UINT32_MAX + 1);
    cr_assert(buf.failed && buf.len == 0);
    jh_buf_clear(&buf);
    jh_pack_map(&buf, (size_t)UINT32_MAX + 1);
    cr_assert(buf.failed && buf.len == 0);
    jh_buf_deinit(&buf);
}
