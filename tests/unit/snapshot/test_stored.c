#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/colbuf.h"
#include "snapshot/room.h"
#include "snapshot/stored.h"

/* Values are put into memory of exactly their length, so that a sanitizer sees every step outside. */

enum { ROWS = 200 };

static const uint8_t key[JH_KEY_BYTES] = {0, 0, 0, 7, 0, 3};

static uint64_t state = 20260131;

static uint64_t next(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return state >> 16;
}

static void *encoded(jh_colbuf *column, uint8_t encoding, uint32_t rows, uint64_t span, uint32_t null_each, size_t *len)
{
    static const char letters[] = "abcdefghijklmnop", words[] = "an invoice of the head office, paid";
    const size_t most = encoding == JH_ENC_SYMBOLS ? sizeof words : sizeof letters; /* symbols need a longer text */
    const char *text = encoding == JH_ENC_SYMBOLS ? words : letters;
    jh_packer packer = {0};
    jh_buf out = {0};
    jihe_error err = {0};
    size_t at;
    char id[16];
    void *value;

    *column = (jh_colbuf){.encoding = JH_ENC_HEAP, .packing = encoding};
    if (encoding == JH_ENC_SYMBOLS)
        column->packing = JH_ENC_PACKED;
    if (encoding == JH_ENC_FIXED || encoding == JH_ENC_HEAP)
        *column = (jh_colbuf){.encoding = encoding};
    cr_assert(jh_colbuf_grow(column, 0, 256));
    cr_assert(jh_buf_reserve(&column->bytes, 256 * most));
    for (uint32_t row = 0; row < rows; row++) {
        if (null_each != 0 && row % null_each == 0)
            jh_colbuf_null(column, row);
        else if (encoding == JH_ENC_IDS)
            jh_colbuf_text(column, row, id, (uint32_t)snprintf(id, sizeof id, "%s-%05u", row % 3 ? "PAY" : "RB", row));
        else if (encoding != JH_ENC_FIXED)
            jh_colbuf_text(column, row, text, (uint32_t)(next() % most));
        else
            jh_colbuf_number(column, row, -5 + (int64_t)(row == 1 ? span : next() % (span + 1)));
    }
    jh_colbuf_settle(column, rows);
    must(jh_colbuf_encode(column, rows, key, &packer, &out, &at, &err));
    cr_assert_eq(at, 0);
    *len = out.len;
    value = malloc(*len);
    memcpy(value, out.bytes, *len);
    jh_buf_deinit(&out);
    jh_packer_deinit(&packer);
    jh_colbuf_deinit(column);
    return value;
}

/* The checksum as FORMAT.md says it, not as the code does it. */
static uint64_t checksum_of(const unsigned char *value, size_t len)
{
    unsigned char header_and_key[54];
    uint64_t rest = jh_hash64(value + 48, len - 48);

    memcpy(header_and_key, value, 40);
    memcpy(header_and_key + 40, &rest, 8);
    memcpy(header_and_key + 48, key, 6);
    return jh_hash64(header_and_key, 54);
}

static void reseal(unsigned char *value, size_t len)
{
    const uint64_t sum = checksum_of(value, len);

    memcpy(value + 40, &sum, 8);
}

/* Everything a reader would touch. */
static uint64_t touch(const void *value)
{
    jh_col_room room = {0};
    jh_col_view view;
    uint64_t sum = 0;
    uint32_t at;

    if (jh_room_column(&room, value, &view, NULL) != JIHE_OK)
        view.rows = 0; /* a frame that does not unpack, seen in time */
    for (uint32_t row = 0; row < view.rows; row++) {
        if (!jh_col_present(&view, row))
            continue;
        if (view.encoding == JH_ENC_FIXED) {
            sum += (uint64_t)jh_col_number(&view, row);
            continue;
        }
        for (uint32_t i = view.offsets[row]; i < view.offsets[row + 1]; i++)
            sum += (unsigned char)view.bytes[i];
    }
    for (uint32_t row = 0; row < ((const jh_stored *)value)->rows; row += 7)
        if (jh_room_row(&room, value, row, &view, &at, NULL) == JIHE_OK && view.offsets != NULL)
            for (uint32_t i = view.offsets[at]; i < view.offsets[at + 1]; i++)
                sum += (unsigned char)view.bytes[i];
    jh_col_room_deinit(&room);
    return sum;
}

static jh_expect expect_of(uint8_t encoding, uint32_t rows)
{
    return (jh_expect){encoding, 0, false, true, rows, INT64_MIN, INT64_MAX, 0};
}

/* A forger can make the checksum fit. Then every rule about structure has to hold by itself, and what passes must be
 * safe to read. */
static void forge(uint8_t encoding, uint64_t span, uint32_t null_each)
{
    const jh_expect expect = expect_of(encoding, ROWS);
    jh_colbuf column;
    size_t len, refused = 0;
    unsigned char *good = encoded(&column, encoding, ROWS, span, null_each, &len), *bad = malloc(len);
    jihe_error err = {0};

    cr_assert_eq(jh_stored_check(good, len, key, &expect, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(checksum_of(good, len), ((const jh_stored *)(const void *)good)->checksum);
    for (int trial = 0; trial < 4000; trial++) {
        memcpy(bad, good, len);
        for (uint64_t changes = 1 + next() % 3; changes > 0; changes--)
            bad[next() % (trial % 2 == 0 ? 48 : len)] ^= (unsigned char)(1u << next() % 8);
        if (memcmp(bad, good, len) == 0)
            continue;
        cr_assert_eq(jh_stored_check(bad, len, key, &expect, &err), JIHE_CORRUPT, "the checksum does not see it");
        reseal(bad, len);
        if (jh_stored_check(bad, len, key, &expect, &err) == JIHE_OK)
            touch(bad);
        else
            refused++;
    }
    cr_assert(refused > (encoding == JH_ENC_FIXED || encoding == JH_ENC_HEAP || encoding == JH_ENC_IDS ? 1500 : 1200),
              "only %zu refused", refused);
    free(good);
    free(bad);
}

Test(snapshot_stored, forged_fixed_columns_stay_inside)
{
    static const uint64_t spans[] = {0, 200, 60000, UINT32_MAX, UINT64_MAX >> 1};

    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        forge(JH_ENC_FIXED, spans[i], 0);
        forge(JH_ENC_FIXED, spans[i], 3);
        forge(JH_ENC_FIXED, spans[i], 1);
    }
}

Test(snapshot_stored, forged_heaps_stay_inside)
{
    forge(JH_ENC_HEAP, 0, 0);
    forge(JH_ENC_HEAP, 0, 3);
    forge(JH_ENC_HEAP, 0, 1);
}

Test(snapshot_stored, forged_packed_texts_stay_inside)
{
    forge(JH_ENC_PACKED, 0, 0);
    forge(JH_ENC_PACKED, 0, 3);
    forge(JH_ENC_PACKED, 0, 1);
}

Test(snapshot_stored, forged_symbols_stay_inside)
{
    forge(JH_ENC_SYMBOLS, 0, 0);
    forge(JH_ENC_SYMBOLS, 0, 3);
}

Test(snapshot_stored, forged_ids_stay_inside)
{
    forge(JH_ENC_IDS, 0, 0);
}

/* Each length but the right one is refused, without a look beyond it. */
Test(snapshot_stored, any_other_length_is_refused)
{
    const jh_expect expect = expect_of(JH_ENC_FIXED, ROWS);
    jh_colbuf column;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_FIXED, ROWS, UINT64_MAX >> 1, 5, &len);

    cr_assert(len > JH_STORED_MIN);
    for (size_t cut = 0; cut < len; cut++) {
        unsigned char *bad = malloc(cut + 1);

        memcpy(bad, good, cut);
        cr_assert_eq(jh_stored_check(bad, cut, key, &expect, NULL), JIHE_CORRUPT, "%zu of %zu bytes", cut, len);
        free(bad);
    }
    free(good);
}

/* One rule at a time, with a checksum that fits. */
static void refused(unsigned char *good, size_t len, size_t at, unsigned char value, const char *why)
{
    const jh_expect expect = expect_of(((const jh_stored *)(const void *)good)->encoding, ROWS);
    const unsigned char was = good[at];

    cr_assert_neq(was, value, "%s", why);
    good[at] = value;
    reseal(good, len);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_CORRUPT, "%s", why);
    good[at] = was;
    reseal(good, len);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_OK, "%s", why);
}

Test(snapshot_stored, each_rule_of_a_fixed_column)
{
    jh_colbuf column;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_FIXED, ROWS, 200, 3, &len);

    refused(good, len, 0, ROWS - 1, "rows");
    refused(good, len, 4, JH_ENC_HEAP, "encoding");
    refused(good, len, 5, 2, "width");
    refused(good, len, 6, 0, "flags without the bitmap");
    refused(good, len, 6, 3, "an unknown flag");
    refused(good, len, 7, 1, "zero byte");
    refused(good, len, 8, 1, "nulls");
    refused(good, len, 12, 1, "zero word");
    refused(good, len, 24, 196, "max that no row has"); /* -5 + 200 = 195 */
    refused(good, len, 32, 0, "payload");
    refused(good, len, 48 + 0, 1, "a code in a row without a value");
    refused(good, len, 48 + 2, 201, "a code beyond max");
    refused(good, len, 48 + ROWS, 1, "a code behind the last row");
    refused(good, len, 48 + 256 + 31, 0x80, "a validity bit behind the last row");
    refused(good, len, len - 1, 1, "the zeros at the end");
    free(good);
}

Test(snapshot_stored, each_rule_of_a_heap)
{
    jh_colbuf column;
    size_t len, gap;
    unsigned char *good = encoded(&column, JH_ENC_HEAP, ROWS, 0, 3, &len);

    refused(good, len, 5, 1, "width");
    refused(good, len, 16, 1, "base");
    refused(good, len, 24, 1, "max");
    refused(good, len, 48, 1, "the first offset");
    refused(good, len, 48 + 4 * 100 + 3, 1, "an offset beyond the next");
    refused(good, len, 48 + 4 * ROWS + 3, 0x7f, "the last offset");
    gap = 48 + 4 * (ROWS + 1) + ((const uint32_t *)(const void *)(good + 48))[ROWS];
    cr_assert_neq(gap % 8, 0, "this example should have zeros before the bitmap");
    refused(good, len, gap, 1, "the zeros before the bitmap");
    free(good);
}

/* The directory: one frame's end and texts, at 48; the bitmap at 56; the frame at 88, its zstd header first: magic,
 * descriptor, content size. */
Test(snapshot_stored, each_rule_of_packed_texts)
{
    jh_colbuf column;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_PACKED, ROWS, 0, 3, &len);
    const uint64_t payload = ((const jh_stored *)(const void *)good)->payload;

    cr_assert_eq(good[4], JH_ENC_PACKED);
    cr_assert_eq(memcmp(good + 88, "\x28\xb5\x2f\xfd", 4), 0, "this example should be compressed");
    refused(good, len, 5, 2, "width");
    refused(good, len, 16, 1, "base");
    refused(good, len, 24, 0, "no longest text, but texts");
    refused(good, len, 26, 0x20, "a longest text of 2 MiB");
    refused(good, len, 31, 0x80, "a negative length");
    refused(good, len, 32, 1, "no room for the directory");
    refused(good, len, 48, (unsigned char)(payload - 40 - 1), "the frame's end");
    refused(good, len, 48 + 3, 1, "a frame beyond the value");
    refused(good, len, 52, (unsigned char)(good[52] ^ 1), "bytes that the zstd frame does not promise");
    refused(good, len, 55, 0x40, "a gigabyte of text");
    refused(good, len, 56, (unsigned char)(good[56] ^ 1), "a row too many without a value");
    refused(good, len, 56 + 31, 0x80, "a validity bit behind the last row");
    refused(good, len, 88, 0, "the magic number");
    refused(good, len, 88 + 4, 0, "a frame without its content size");
    refused(good, len, 88 + 5, (unsigned char)(good[93] ^ 1), "another content size");
    free(good);
}

/* The directory at 48, the table of symbols at 56: how many, their lengths, their texts; then the frame. */
Test(snapshot_stored, each_rule_of_symbols)
{
    jh_colbuf column;
    jh_col_room room = {0};
    jh_col_view view;
    size_t len, frame;
    unsigned char *good = encoded(&column, JH_ENC_SYMBOLS, ROWS, 0, 0, &len), was;
    jihe_error err = {0};

    cr_assert_eq(good[4], JH_ENC_SYMBOLS);
    cr_assert(good[56] > 1 && good[57] <= 16, "%u symbols", good[56]);
    frame = 56 + good[16] + 256u * good[17];
    refused(good, len, 16, (unsigned char)(good[16] + 1), "a table that is larger");
    refused(good, len, 16, (unsigned char)(good[16] - 1), "a table that is smaller");
    refused(good, len, 19, 0x7f, "a table beyond the value");
    refused(good, len, 23, 0x80, "a table of less than nothing");
    refused(good, len, 56, (unsigned char)(good[56] - 1), "a symbol less");
    refused(good, len, 56, 0, "no symbols");
    refused(good, len, 57, 0, "a symbol of no bytes");
    refused(good, len, 57, 17, "a symbol too long");
    refused(good, len, 48, (unsigned char)(good[48] - 1), "the frame's end");
    refused(good, len, 53, (unsigned char)(good[53] ^ 0x40), "more text than symbols can stand for");
    was = good[frame];
    for (unsigned code = good[56]; code < 256; code++) { /* not there, or the escape of what was a code */
        good[frame] = (unsigned char)code;
        reseal(good, len);
        cr_assert_eq(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err), JIHE_CORRUPT, "%u", code);
    }
    good[frame] = was;
    reseal(good, len);
    must(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err));
    jh_col_room_deinit(&room);
    free(good);
}

/* What cannot be seen without unpacking is seen then, and nothing is given out. */
Test(snapshot_stored, frames_that_unpack_to_something_else)
{
    jh_expect expect = expect_of(JH_ENC_PACKED, 3);
    jh_colbuf column;
    jh_col_room room = {0};
    jh_col_view view;
    jihe_error err = {0};
    uint32_t at;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_PACKED, 3, 0, 3, &len); /* stored as it is: texts, three lengths */
    const uint32_t texts = (uint32_t)good[52];
    unsigned char *lengths = good + 64 + texts;

    cr_assert_eq(jh_stored_check(good, len, key, &expect, &err), JIHE_OK, "%s", err.message);
    must(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err));
    lengths[1]++;
    reseal(good, len);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, &err), JIHE_OK);
    cr_assert_eq(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err), JIHE_CORRUPT, "too long");
    cr_assert_eq(jh_room_row(&room, (const jh_stored *)(void *)good, 1, &view, &at, &err), JIHE_CORRUPT);
    lengths[1] = (unsigned char)(lengths[1] - 2);
    lengths[0] = 1; /* row 0 has no value */
    reseal(good, len);
    cr_assert_eq(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err), JIHE_CORRUPT, "no value");
    lengths[0] = 0;
    lengths[1] = (unsigned char)(lengths[1] + 1);
    reseal(good, len);
    must(jh_room_column(&room, (const jh_stored *)(void *)good, &view, &err));
    jh_col_room_deinit(&room);
    free(good);
}

/* 2 patterns of 16 bytes at 56, their texts at 88, the numbers at 112 in a byte each, the patterns of the rows at 368.
 */
Test(snapshot_stored, each_rule_of_ids)
{
    jh_colbuf column;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_IDS, ROWS, 0, 0, &len);

    cr_assert_eq(good[4], JH_ENC_IDS);
    cr_assert_eq(memcmp(good + 88, "RB-PAY-", 7), 0);
    refused(good, len, 5, 2, "width");
    refused(good, len, 6, 1, "flags");
    refused(good, len, 23, 0x80, "a negative number");
    refused(good, len, 24, 200, "a largest number that no row has");
    refused(good, len, 48, 1, "patterns that do not fill the value");
    refused(good, len, 49, 2, "more patterns than there may be");
    refused(good, len, 52, 100, "texts that do not fill the value");
    refused(good, len, 56, 9, "a pattern's texts end beyond all");
    refused(good, len, 56 + 4, 4, "more text before the number than there is");
    refused(good, len, 56 + 8, 19, "a number of 19 digits");
    refused(good, len, 56 + 8, 2, "a number too long for its digits");
    refused(good, len, 56 + 12, 1, "a zero of a pattern");
    refused(good, len, 72, 6, "texts that no pattern has");
    refused(good, len, 95, 1, "the zeros before the numbers");
    refused(good, len, 112 + ROWS, 1, "a number behind the last row");
    refused(good, len, 368, 2, "a third pattern");
    refused(good, len, 368 + ROWS, 1, "a pattern behind the last row");
    free(good);
}

Test(snapshot_stored, smallest_width_at_each_border)
{
    static const struct {
        uint64_t span;
        unsigned width;
    } cases[] = {{0, 0},         {1, 1},     {255, 1},        {256, 2},
                 {65535, 2},     {65536, 4}, {UINT32_MAX, 4}, {UINT64_C(1) << 32, 8},
                 {UINT64_MAX, 8}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(jh_stored_width(cases[i].span), cases[i].width, "span %llu", (unsigned long long)cases[i].span);
}

Test(snapshot_stored, values_out_of_the_type_are_refused)
{
    static const jh_column flag = {.name = "f", .type = JH_FLAG}, day = {.name = "d", .type = JH_DATE},
                           kind = {.name = "k", .type = JH_CATEGORY}, id = {.name = "i", .type = JH_ID};
    jh_colbuf column;
    size_t len;
    unsigned char *good = encoded(&column, JH_ENC_FIXED, ROWS, 200, 0, &len), *heap;
    jh_expect expect = jh_expect_column(&flag, ROWS, 0);

    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_CORRUPT, "-5..195 are no flags");
    expect = jh_expect_column(&kind, ROWS, 1000);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_CORRUPT, "no code is below 0");
    expect = jh_expect_column(&day, ROWS, 0);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_OK);
    free(good);

    good = encoded(&column, JH_ENC_FIXED, ROWS, 3000000, 0, &len);
    cr_assert_eq(jh_stored_check(good, len, key, &expect, NULL), JIHE_CORRUPT, "beyond the year 9999");
    free(good);

    heap = encoded(&column, JH_ENC_HEAP, ROWS, 0, 3, &len);
    expect = jh_expect_column(&id, ROWS, 0);
    cr_assert_eq(jh_stored_check(heap, len, key, &expect, NULL), JIHE_CORRUPT, "an id is never missing");
    free(heap);
}
