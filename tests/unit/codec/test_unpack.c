#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include <msgpack.h>

#include "base/text.h"
#include "codec/pack.h"
#include "base/pcg.h"
#include "codec/unpack.h"

enum { SHORT = 64 }; /* longest random input */

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* What msgpack-c says of the same bytes, in our terms: one value, all bytes used, at most 16 levels, strings UTF-8. */
static bool strings_valid(const msgpack_object *o, unsigned depth)
{
    if (o->type == MSGPACK_OBJECT_STR)
        return jh_text_utf8_valid(o->via.str.ptr, o->via.str.size) == o->via.str.size;
    if ((o->type == MSGPACK_OBJECT_ARRAY || o->type == MSGPACK_OBJECT_MAP) && depth == 16)
        return false;
    if (o->type == MSGPACK_OBJECT_ARRAY) {
        for (uint32_t i = 0; i < o->via.array.size; i++)
            if (!strings_valid(&o->via.array.ptr[i], depth + 1))
                return false;
    }
    if (o->type == MSGPACK_OBJECT_MAP) {
        for (uint32_t i = 0; i < o->via.map.size; i++)
            if (!strings_valid(&o->via.map.ptr[i].key, depth + 1) || !strings_valid(&o->via.map.ptr[i].val, depth + 1))
                return false;
    }
    return true;
}

/* msgpack-c allocates what a header asks for: no header that promises more than a short input can hold is shown to it.
 * The bytes after a container's header are at least its items. */
static bool oracle(const uint8_t *bytes, size_t len, bool *too_hungry)
{
    msgpack_zone zone;
    msgpack_object object;
    size_t used = 0;
    bool ok;

    *too_hungry = false;
    for (size_t i = 0; i + 3 < len; i++)
        if ((bytes[i] == 0xdd || bytes[i] == 0xdf) && (bytes[i + 1] != 0 || bytes[i + 2] > 0x0f))
            *too_hungry = true;
    if (*too_hungry)
        return false;
    msgpack_zone_init(&zone, 4096);
    ok = msgpack_unpack((const char *)bytes, len, &used, &zone, &object) == MSGPACK_UNPACK_SUCCESS && used == len &&
         strings_valid(&object, 0);
    msgpack_zone_destroy(&zone);
    return ok;
}

/* Random bytes, half of them mostly small container headers so that deep and complete values are frequent. */
static size_t random_input(uint64_t *state, uint8_t bytes[SHORT])
{
    static const uint8_t leads[] = {0x80, 0x81, 0x90, 0x91, 0x92, 0xa1, 0xa2, 0xc0, 0xc4, 0xc7, 0xca, 0xcb,
                                    0xcd, 0xd3, 0xd4, 0xd9, 0xda, 0xdc, 0xdd, 0xde, 0xdf, 0x00, 0x01, 0xe4};
    const size_t len = next(state) % (SHORT + 1);
    const bool shaped = next(state) % 2 == 0;

    for (size_t i = 0; i < len; i++)
        bytes[i] = shaped && next(state) % 4 != 0 ? leads[next(state) % sizeof leads] : (uint8_t)next(state);
    return len;
}

/* The same answer as msgpack-c on a million inputs, both ways; where only the oracle could not be asked, no claim. */
Test(unpack, agrees_with_msgpack_c)
{
    uint64_t state = 20260131;
    uint64_t accepted = 0;

    for (int i = 0; i < 1000000; i++) {
        uint8_t bytes[SHORT];
        const size_t len = random_input(&state, bytes);
        bool too_hungry;
        const bool theirs = oracle(bytes, len, &too_hungry);
        jh_unpack in;
        const bool ours = jh_unpack_begin(&in, bytes, len);

        if (!too_hungry)
            cr_assert_eq(ours, theirs, "input %d, %zu bytes: ours %d, msgpack-c %d", i, len, ours, theirs);
        accepted += ours;
    }
    cr_assert(accepted > 10000, "only %llu inputs were values", (unsigned long long)accepted);
}

/* Every one-byte and two-byte input: the whole table of first bytes. */
Test(unpack, agrees_on_all_short_inputs)
{
    for (unsigned n = 0; n < 65536 + 256; n++) {
        const uint8_t bytes[2] = {(uint8_t)(n < 256 ? n : (n - 256) >> 8), (uint8_t)(n - 256)};
        const size_t len = n < 256 ? 1 : 2;
        bool too_hungry;
        jh_unpack in;

        cr_assert_eq(jh_unpack_begin(&in, bytes, len), oracle(bytes, len, &too_hungry), "%02x %02x", bytes[0],
                     bytes[1]);
    }
}

/* Any sequence of readers on any bytes stays inside them (ASan watches the exact allocation). */
Test(unpack, readers_stay_inside)
{
    uint64_t state = 7;

    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[SHORT];
        const size_t len = random_input(&state, bytes);
        uint8_t *exact = malloc(len + (len == 0));
        jh_unpack in = {exact, exact + len, false};
        jh_unpack value;
        size_t got;

        memcpy(exact, bytes, len);
        if (next(&state) % 2 == 0)
            jh_unpack_begin(&in, exact, len);
        for (int k = 0; k < 8; k++) {
            switch (next(&state) % 8) {
            case 0:
                jh_unpack_map(&in);
                break;
            case 1:
                jh_unpack_array(&in);
                break;
            case 2:
                jh_unpack_str(&in, &got);
                break;
            case 3:
                jh_unpack_bin(&in, &got);
                break;
            case 4:
                jh_unpack_u64(&in);
                break;
            case 5:
                jh_unpack_bool(&in);
                break;
            case 6:
                jh_unpack_skip(&in);
                break;
            default:
                jh_unpack_find(&in, "k", &value);
                break;
            }
            cr_assert(in.at >= exact && in.at <= in.end && in.end == exact + len);
        }
        free(exact);
    }
}

/* Headers that promise what is not there must cost nothing. */
Test(unpack, hostile_headers)
{
    static const uint8_t corpus[][6] = {
        {0xdd, 0xff, 0xff, 0xff, 0xff, 0x01}, {0xdd, 0x04, 0x00, 0x00, 0x00, 0x01},
        {0xdf, 0xff, 0xff, 0xff, 0xff, 0x01}, {0xdf, 0x80, 0x00, 0x00, 0x00, 0x01},
        {0xdb, 0xff, 0xff, 0xff, 0xff, 0x01}, {0xc6, 0xff, 0xff, 0xff, 0xff, 0x01},
        {0xc9, 0xff, 0xff, 0xff, 0xff, 0x01}, {0xdc, 0xff, 0xff, 0xdc, 0xff, 0xff},
        {0xde, 0xff, 0xff, 0xde, 0xff, 0xff},
    };
    jh_unpack in;

    for (size_t i = 0; i < sizeof corpus / sizeof corpus[0]; i++) {
        cr_assert(!jh_unpack_begin(&in, corpus[i], 6), "row %zu", i);
        cr_assert(in.failed);
    }
    cr_assert(!jh_unpack_begin(&in, NULL, 0));
    cr_assert(!jh_unpack_begin(&in, "", 0));
}

Test(unpack, depth)
{
    enum { DEEP = 70000 };
    uint8_t *bytes = malloc(DEEP);
    jh_unpack in;

    memset(bytes, 0x91, DEEP);
    cr_assert(!jh_unpack_begin(&in, bytes, DEEP));
    bytes[16] = 0xc0;
    cr_assert(jh_unpack_begin(&in, bytes, 17), "16 levels are allowed");
    bytes[16] = 0x91;
    bytes[17] = 0xc0;
    cr_assert(!jh_unpack_begin(&in, bytes, 18), "17 are not");
    for (size_t i = 0; i + 3 <= 60000; i += 3)
        memcpy(bytes + i, "\xdc\xff\xff", 3);
    cr_assert(!jh_unpack_begin(&in, bytes, 60000));
    free(bytes);
}

Test(unpack, refuses_what_is_not_one_value_of_utf8)
{
    jh_unpack in;

    cr_assert(!jh_unpack_begin(&in, "\x01\x01", 2), "two values");
    cr_assert(!jh_unpack_begin(&in, "\xc1", 1), "the unused byte");
    cr_assert(!jh_unpack_begin(&in, "\xa1\xff", 2), "a string that is not UTF-8");
    cr_assert(!jh_unpack_begin(&in, "\xa2\xc0\xaf", 3), "an overlong form");
    cr_assert(jh_unpack_begin(&in, "\xc4\x01\xff", 3), "binary may be anything");
}

/* {"a": 1, 2: "x", "b": [true, {"c": nil}], "a": 9} */
static const char sample[] = "\x84\xa1"
                             "a\x01"
                             "\x02\xa1x"
                             "\xa1"
                             "b\x92\xc3\x81\xa1"
                             "c\xc0"
                             "\xa1"
                             "a\x09";

Test(unpack, find)
{
    jh_unpack in, value, inner;
    size_t len;

    cr_assert(jh_unpack_begin(&in, sample, sizeof sample - 1));
    cr_assert(jh_unpack_find(&in, "b", &value));
    cr_assert_eq(jh_unpack_array(&value), 2);
    cr_assert(jh_unpack_bool(&value));
    cr_assert(jh_unpack_find(&value, "c", &inner) && jh_unpack_is_nil(&inner));
    cr_assert(jh_unpack_find(&in, "a", &value));
    cr_assert_eq(jh_unpack_u64(&value), 1, "the first of two equal keys");
    cr_assert(!jh_unpack_find(&in, "c", &value), "not of an inner map");
    cr_assert(!jh_unpack_find(&in, "x", &value), "a value is no key");
    cr_assert(!in.failed && in.at == (const uint8_t *)sample);
    jh_unpack_skip(&in);
    cr_assert(!in.failed && in.at == in.end);
    cr_assert(jh_unpack_begin(&in, "\x91\x01", 2));
    cr_assert(!jh_unpack_find(&in, "a", &value), "an array has no keys");
    jh_unpack_str(&in, &len);
    cr_assert(in.failed);
}

Test(unpack, another_kind_fails_and_stays)
{
    jh_unpack in;
    size_t len = 5;

    cr_assert(jh_unpack_begin(&in, "\xa1x", 2));
    cr_assert_eq(jh_unpack_i64(&in), 0);
    cr_assert(in.failed);
    cr_assert_eq(jh_unpack_array(&in), 0);
    cr_assert_str_eq(jh_unpack_str(&in, &len), "", "a failed cursor reads nothing more");
    cr_assert_eq(len, 0);
}

/* On random bytes, the extent is what jh_unpack_begin says of some prefix: whole at exactly one length, short before. */
Test(unpack, measure_agrees_with_begin)
{
    jh_pcg64 rng;
    size_t whole = 0;

    jh_pcg64_seed(&rng, 5, 5);
    for (int n = 0; n < 200000; n++) {
        uint8_t bytes[24];
        size_t len = 1 + jh_pcg64_below(&rng, sizeof bytes), value_len = 0;
        jh_unpack in;

        for (size_t i = 0; i < len; i++) /* mostly small headers and zeros, so that values end */
            bytes[i] = jh_pcg64_below(&rng, 3) == 0 ? (uint8_t)jh_pcg64_next(&rng) : (uint8_t)jh_pcg64_below(&rng, 3);
        switch (jh_unpack_measure(bytes, len, 64, &value_len)) {
        case JH_UNPACK_WHOLE:
            cr_assert(value_len >= 1 && value_len <= len);
            for (size_t part = 0; part < value_len; part++) {
                size_t unused;
                cr_assert_neq(jh_unpack_measure(bytes, part, 64, &unused), JH_UNPACK_WHOLE);
            }
            cr_assert_neq(jh_unpack_measure(bytes, len, value_len - 1, &value_len), JH_UNPACK_WHOLE);
            cr_assert(jh_unpack_next(&(jh_unpack){bytes, bytes + len, false}) != JH_UNPACK_NONE);
            whole++;
            break;
        case JH_UNPACK_SHORT:
        case JH_UNPACK_LONG:
        case JH_UNPACK_BROKEN:
            for (size_t part = 1; part <= len; part++)
                cr_assert_not(jh_unpack_begin(&in, bytes, part));
            break;
        }
    }
    cr_assert(whole > 10000, "%zu", whole);
}
