#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "snapshot/codes.h"
#include "snapshot/colbuf.h"
#include "snapshot/idtext.h"
#include "snapshot/packed.h"
#include "snapshot/room.h"

/* Texts and ids through the packed encodings and back: whole, row by row, and against what they were. */

static const uint8_t key[JH_KEY_BYTES] = {0, 0, 0, 7, 0, 3};

static uint64_t state = 20260131;

static uint64_t next(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return state >> 16;
}

/* Row `row` of a made-up column; NULL: no value. */
typedef const char *maker(uint32_t row, char text[64]);

static void fill(jh_colbuf *column, uint8_t packing, uint32_t rows, maker *make)
{
    char text[64];

    *column = (jh_colbuf){.encoding = JH_ENC_HEAP, .packing = packing};
    cr_assert(jh_colbuf_grow(column, 0, JH_SEGMENT_ROWS));
    for (uint32_t row = 0; row < rows; row++) {
        const char *value = make(row, text);

        if (value == NULL) {
            jh_colbuf_null(column, row);
            continue;
        }
        cr_assert(jh_buf_reserve(&column->bytes, strlen(value)));
        jh_colbuf_text(column, row, value, (uint32_t)strlen(value));
    }
}

static void same_row(const jh_colbuf *column, uint32_t row, const jh_col_view *view, uint32_t at)
{
    const uint32_t len = column->offsets[row + 1] - column->offsets[row];
    const bool present = (column->valid[row / 64] >> row % 64 & 1) != 0;

    cr_assert_eq(jh_col_present(view, at) != 0, present, "row %u", row);
    cr_assert_eq(view->offsets[at + 1] - view->offsets[at], len, "row %u", row);
    cr_assert(len == 0 || memcmp(view->bytes + view->offsets[at], column->bytes.bytes + column->offsets[row], len) == 0,
              "row %u: '%.*s'", row, (int)len, view->bytes + view->offsets[at]);
}

/* Any run of rows, in one room and by turns with single rows: rows keep their numbers. */
static void read_runs(const jh_colbuf *column, uint32_t rows, const jh_stored *value)
{
    jh_col_room room = {0};
    jihe_error err = {0};
    jh_col_view view;
    uint32_t at;

    for (uint32_t trial = 0; trial < 30; trial++) {
        const uint32_t a = (uint32_t)(next() % rows), b = (uint32_t)(next() % rows);
        const uint32_t from = a < b ? a : b, to = trial == 0 ? rows : trial % 3 == 0 ? from + 1 : (a < b ? b : a) + 1;

        must(jh_room_rows(&room, value, from, to, &view, &err));
        cr_assert(view.rows == rows && view.nulls == column->nulls && view.encoding == JH_ENC_HEAP);
        for (uint32_t row = from; row < to; row++)
            same_row(column, row, &view, row);
        must(jh_room_row(&room, value, from, &view, &at, &err));
        same_row(column, from, &view, at);
    }
    jh_col_room_deinit(&room);
}

static void read_back(const jh_colbuf *column, uint32_t rows, const jh_stored *value)
{
    jh_col_room whole = {0}, single = {0};
    jh_col_view view;
    jihe_error err = {0};
    uint32_t at;

    must(jh_room_column(&whole, value, &view, &err));
    cr_assert(view.rows == rows && view.nulls == column->nulls && view.encoding == JH_ENC_HEAP);
    cr_assert(view.offsets[0] == 0 && view.offsets[rows] == column->bytes.len);
    for (uint32_t row = 0; row < rows; row++)
        same_row(column, row, &view, row);
    for (uint32_t trial = 0; trial < 200; trial++) {
        const uint32_t row = trial == 0 ? rows - 1 : (uint32_t)(next() % rows);

        must(jh_room_row(&single, value, row, &view, &at, &err));
        cr_assert_lt(at, view.rows);
        same_row(column, row, &view, at);
        must(jh_room_row(&whole, value, row, &view, &at, &err)); /* all is there already */
        same_row(column, row, &view, at);
    }
    jh_col_room_deinit(&whole);
    jh_col_room_deinit(&single);
}

/* Any choice of rows: those are there, whatever the room held before; the whole is there again afterwards. */
static void read_chosen(const jh_colbuf *column, uint32_t rows, const jh_stored *value)
{
    static uint64_t chosen[JH_SEGMENT_ROWS / 64 + 1];
    jh_col_room room = {0};
    jh_col_view view;
    jihe_error err = {0};

    for (uint32_t trial = 0; trial < 4; trial++) {
        for (uint32_t w = 0; w <= rows / 64; w++)
            chosen[w] = trial == 0 ? 0 : trial == 1 ? UINT64_MAX : next() & next();
        chosen[rows / 64] &= (UINT64_C(1) << rows % 64) - 1; /* padding is 0 */
        must(jh_room_chosen(&room, value, chosen, &view, &err));
        for (uint32_t row = 0; row < rows; row++)
            if (jh_bits_test(chosen, row))
                same_row(column, row, &view, row);
    }
    must(jh_room_column(&room, value, &view, &err));
    for (uint32_t row = 0; row < rows; row++)
        same_row(column, row, &view, row);
    jh_col_room_deinit(&room);
}

/* Returns the encoding that was chosen. */
static uint8_t round_trip(uint8_t packing, uint32_t rows, maker *make)
{
    const uint8_t other = packing == JH_ENC_PACKED ? JH_ENC_SYMBOLS : JH_ENC_HEAP;
    const jh_expect expect = {packing, other, false, true, rows, 0, 0, 0};
    jh_packer packer = {0};
    jh_colbuf column;
    jh_buf out = {0}, again = {0};
    jihe_error err = {0};
    uint8_t chosen;
    size_t at;

    fill(&column, packing, rows, make);
    must(jh_colbuf_encode(&column, rows, key, &packer, &out, &at, &err));
    must(jh_stored_check(out.bytes, out.len, key, &expect, &err));
    read_back(&column, rows, (const jh_stored *)(void *)out.bytes);
    if (packing == JH_ENC_IDS)
        read_chosen(&column, rows, (const jh_stored *)(void *)out.bytes);
    read_runs(&column, rows, (const jh_stored *)(void *)out.bytes);
    chosen = ((const jh_stored *)(void *)out.bytes)->encoding;

    /* A packer that has seen another column gives the same bytes, behind what is in the buffer already. */
    jh_buf_putc(&again, 'x');
    must(jh_colbuf_encode(&column, rows, key, &packer, &again, &at, &err));
    cr_assert(at == 16 && again.len - at == out.len && memcmp(again.bytes + at, out.bytes, out.len) == 0);
    jh_colbuf_deinit(&column);
    jh_packer_deinit(&packer);
    jh_buf_deinit(&out);
    jh_buf_deinit(&again);
    return chosen;
}

static const char *summary(uint32_t row, char text[64])
{
    static const char *const words[] = {"差旅费", "合同 ", "PO-", "报销", "tax 6%"};

    if (row % 11 == 3)
        return NULL;
    snprintf(text, 64, "%s%s%llu", words[next() % 5], row % 7 == 0 ? "" : words[next() % 5],
             (unsigned long long)(next() % 1000));
    return row % 13 == 0 ? "" : text;
}

static const char *noise(uint32_t row, char text[64])
{
    const uint32_t len = row == 5 ? 0 : (uint32_t)(next() % 63);

    for (uint32_t i = 0; i < len; i++)
        text[i] = (char)(1 + next() % 255);
    text[len] = '\0';
    return text;
}

static const char *nothing(uint32_t row, char text[64])
{
    (void)row, (void)text;
    return NULL;
}

static const char *empty(uint32_t row, char text[64])
{
    (void)row, (void)text;
    return "";
}

static const char *second_frame_only(uint32_t row, char text[64])
{
    (void)text;
    return row < JH_FRAME_ROWS ? NULL : "here";
}

static const char *invoice(uint32_t row, char text[64])
{
    snprintf(text, 64, "Payment of invoice INV-%06u, %s", row, row % 3 == 0 ? "Shanghai branch" : "head office");
    return text;
}

/* Bytes that fill the slots of nothing. */
static const char *ones(uint32_t row, char text[64])
{
    memset(text, 0xff, 64);
    text[row % 50] = '\0';
    return text;
}

Test(snapshot_encodings, texts_come_back)
{
    static const uint32_t rows[] = {
        1, 63, 64, 65, JH_FRAME_ROWS - 1, JH_FRAME_ROWS, JH_FRAME_ROWS + 1, 20000, JH_SEGMENT_ROWS};
    static maker *const makers[] = {noise, nothing, empty, summary, invoice, second_frame_only, ones};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++) {
            const uint8_t chosen = round_trip(JH_ENC_PACKED, rows[i], makers[m]);

            if (m < 3 || rows[i] >= 20000)
                cr_assert_eq(chosen, m < 3 ? JH_ENC_PACKED : JH_ENC_SYMBOLS, "%zu: %u rows", m, rows[i]);
        }
}

static size_t packed_bytes(const jh_colbuf *column, uint32_t rows, uint8_t *encoding)
{
    const jh_expect expect = {JH_ENC_PACKED, JH_ENC_SYMBOLS, false, true, rows, 0, 0, 0};
    jh_packer packer = {0};
    jh_buf out = {0};
    jihe_error err = {0};
    size_t at, len;

    must(jh_colbuf_encode(column, rows, key, &packer, &out, &at, &err));
    must(jh_stored_check(out.bytes, out.len, key, &expect, &err));
    read_back(column, rows, (const jh_stored *)(void *)out.bytes);
    *encoding = ((const jh_stored *)(void *)out.bytes)->encoding;
    len = out.len;
    jh_packer_deinit(&packer);
    jh_buf_deinit(&out);
    return len;
}

/* What was learned from other texts is used where it does, and left where it does not; never is anything lost. */
Test(snapshot_encodings, symbols_of_other_texts)
{
    static maker *const makers[] = {summary, invoice, noise, ones};

    for (size_t from = 0; from < 4; from++)
        for (size_t m = 0; m < 4; m++) {
            const uint32_t rows = 20000;
            jh_symbol_coder *coder = NULL;
            jh_colbuf learned, column;
            uint8_t encoding, own_encoding;
            jihe_error err = {0};
            size_t own, given;

            fill(&learned, JH_ENC_PACKED, rows, makers[from]);
            must(jh_colbuf_learn(&learned, rows, &coder, &err));
            cr_assert_not_null(coder);
            fill(&column, JH_ENC_PACKED, rows, makers[m]);
            own = packed_bytes(&column, rows, &own_encoding);
            column.coder = coder;
            given = packed_bytes(&column, rows, &encoding);
            cr_assert_eq(encoding, own_encoding, "%zu for %zu", from, m);
            cr_assert(given <= own * 5 / 4 + JH_SYMBOLS_STORED, "%zu for %zu: %zu bytes, own %zu", from, m, given, own);
            jh_colbuf_deinit(&learned);
            jh_colbuf_deinit(&column);
            jh_symbols_free(coder);
        }
}

/* Symbols of every length, and texts that end within what would be one. */
Test(snapshot_encodings, symbols_at_the_ends_of_texts)
{
    static const char text[] = "abcdefghijklmnop0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char sample[JH_SYMBOLS_SAMPLE + JH_SYMBOL_BYTES] = {0}, back[64];
    uint8_t out[JH_SYMBOLS_AT_ONCE][160];
    jh_symbol_coder *coder;
    uint32_t lens[JH_SYMBOL_BYTES + 1] = {0};

    for (size_t at = 0; at + 64 <= JH_SYMBOLS_SAMPLE; at += 52)
        memcpy(sample + at, text + next() % 20, 33);
    for (size_t at = 0; at < JH_SYMBOLS_SAMPLE; at++)
        sample[at] = sample[at] == 0 ? '-' : sample[at];
    coder = jh_symbols_learn(sample, JH_SYMBOLS_SAMPLE);
    cr_assert_not_null(coder);
    for (uint32_t i = 0; i < jh_symbols_of(coder)->count; i++)
        lens[jh_symbols_of(coder)->len[i]]++;
    cr_assert(lens[16] > 0 && lens[1] > 0 && lens[0] == 0);
    for (size_t trial = 0; trial < 20000; trial++) {
        jh_symbol_run runs[JH_SYMBOLS_AT_ONCE];

        for (size_t i = 0; i < JH_SYMBOLS_AT_ONCE; i++) {
            const size_t from = next() % 52;
            runs[i] = (jh_symbol_run){.in = text + from, .len = next() % (53 - from), .out = out[i]};
        }
        jh_symbols_code(coder, runs);
        for (size_t i = 0; i < JH_SYMBOLS_AT_ONCE; i++) {
            cr_assert(jh_symbols_decode(jh_symbols_of(coder), out[i], runs[i].out_len, back, runs[i].len));
            cr_assert(memcmp(back, runs[i].in, runs[i].len) == 0);
            cr_assert(runs[i].len == 0 ||
                      !jh_symbols_decode(jh_symbols_of(coder), out[i], runs[i].out_len, back, runs[i].len - 1));
            cr_assert(!jh_symbols_decode(jh_symbols_of(coder), out[i], runs[i].out_len, back, runs[i].len + 1));
        }
    }
    jh_symbols_free(coder);
}

static const char *daily(uint32_t row, char text[64])
{
    snprintf(text, 64, "%s-20260105-%06u", row % 5 == 0 ? "RB" : "PAY", row);
    return text;
}

static const char *one_number(uint32_t row, char text[64])
{
    snprintf(text, 64, "D2026010500%06u", row * 7);
    return text;
}

static const char *number_in_front(uint32_t row, char text[64])
{
    snprintf(text, 64, "%07u/v%c", row + 1, 'A' + (char)(row % 26));
    return text;
}

/* The last run of digits is short and takes many values with many texts; the longest counts. */
static const char *number_inside(uint32_t row, char text[64])
{
    snprintf(text, 64, "X1-%08u-%u", row, row % 10);
    return text;
}

static const char *long_digits(uint32_t row, char text[64])
{
    snprintf(text, 64, "99999999999999999999999%018u", row);
    return text;
}

static const char *largest(uint32_t row, char text[64])
{
    snprintf(text, 64, "%s", row == 0 ? "0" : row == 1 ? "999999999999999999" : "000000000000000000");
    if (row > 1)
        snprintf(text + 18, 40, "-%u", row);
    return text;
}

static const char *all_the_same_shape_but_one(uint32_t row, char text[64])
{
    return row == 999 ? "no number at all" : daily(row, text);
}

static const char *growing(uint32_t row, char text[64])
{
    snprintf(text, 64, "%u", row); /* as many patterns as numbers of digits */
    return text;
}

static const char *full_width(uint32_t row, char text[64])
{
    snprintf(text, 64, "单据号第%u页１２", row); /* digits are the ASCII ones */
    return text;
}

Test(snapshot_encodings, ids_come_back_as_patterns)
{
    static maker *const makers[] = {daily,       one_number, number_in_front, number_inside,
                                    long_digits, largest,    growing,         all_the_same_shape_but_one,
                                    full_width};

    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++)
        for (uint32_t rows = 1; rows <= 4096; rows *= 16)
            round_trip(JH_ENC_IDS, rows, makers[m]);
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++)
        cr_assert_eq(round_trip(JH_ENC_IDS, m == 5 ? 3 : 5000, makers[m]), m == 5 ? JH_ENC_HEAP : JH_ENC_IDS,
                     "shape %zu", m);
}

static const char *random_id(uint32_t row, char text[64])
{
    snprintf(text, 64, "%016llx%04x", (unsigned long long)next(), row);
    return text;
}

static const char *any_bytes(uint32_t row, char text[64])
{
    const char *made = noise(row, text);

    return made[0] == '\0' ? "x" : made;
}

static const char *digits_everywhere(uint32_t row, char text[64])
{
    snprintf(text, 64, "%llu-%llu-%u", (unsigned long long)(next() % 100), (unsigned long long)(next() % 1000), row);
    return text;
}

static const char *many_prefixes(uint32_t row, char text[64])
{
    snprintf(text, 64, "%c%c-%05u", 'A' + (char)(row % 26), 'A' + (char)(row / 26 % 26), row);
    return text;
}

Test(snapshot_encodings, other_ids_come_back_as_a_heap)
{
    static maker *const makers[] = {random_id, any_bytes, digits_everywhere, many_prefixes};

    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++)
        cr_assert_eq(round_trip(JH_ENC_IDS, 5000, makers[m]), JH_ENC_HEAP, "shape %zu", m);
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++)
        round_trip(JH_ENC_IDS, JH_SEGMENT_ROWS, makers[m]);
}

/* 256 patterns fit, one more does not. */
static const char *patterns_256(uint32_t row, char text[64])
{
    snprintf(text, 64, "%c%c-long enough to be worth it-%05u", 'A' + (char)(row % 16), 'A' + (char)(row / 16 % 16),
             row);
    return text;
}

static const char *patterns_257(uint32_t row, char text[64])
{
    return row == 4000 ? "another" : patterns_256(row, text);
}

Test(snapshot_encodings, at_most_256_patterns)
{
    cr_assert_eq(round_trip(JH_ENC_IDS, 5000, patterns_256), JH_ENC_IDS);
    cr_assert_eq(round_trip(JH_ENC_IDS, 5000, patterns_257), JH_ENC_HEAP);
}

/* A room must notice that another value lies where the last one was. */
Test(snapshot_encodings, a_room_is_not_fooled_by_the_same_place)
{
    jh_packer packer = {0};
    jh_col_room room = {0};
    jh_buf out = {0};
    jihe_error err = {0};
    jh_col_view view;
    uint32_t number;
    size_t at;

    cr_assert(jh_buf_reserve(&out, 1 << 20));
    for (int trial = 0; trial < 4; trial++) {
        jh_colbuf column;

        fill(&column, trial % 2 == 0 ? JH_ENC_PACKED : JH_ENC_IDS, 300, trial < 2 ? daily : one_number);
        jh_buf_clear(&out);
        must(jh_colbuf_encode(&column, 300, key, &packer, &out, &at, &err));
        must(jh_room_column(&room, (const jh_stored *)(void *)out.bytes, &view, &err));
        same_row(&column, 77, &view, 77);
        must(jh_room_row(&room, (const jh_stored *)(void *)out.bytes, 78, &view, &number, &err));
        same_row(&column, 78, &view, number);
        jh_colbuf_deinit(&column);
    }
    jh_col_room_deinit(&room);
    jh_packer_deinit(&packer);
    jh_buf_deinit(&out);
}

Test(snapshot_encodings, codes_of_every_width)
{
    static const unsigned widths[] = {1, 2, 4, 8};
    int64_t values[100];
    uint64_t out[100];

    for (size_t w = 0; w < 4; w++) {
        const uint64_t mask = widths[w] == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * widths[w]) - 1, base = next();
        uint64_t most = 0;

        for (size_t i = 0; i < 100; i++) {
            const uint64_t code = (next() << 32 ^ next()) & mask;

            values[i] = (int64_t)(base + code);
            most = code > most ? code : most;
        }
        jh_codes_put(out, values, 100, base, widths[w]);
        for (size_t i = 0; i < 100; i++)
            cr_assert_eq(base + jh_codes_get(out, widths[w], i), (uint64_t)values[i]);
        cr_assert_eq(jh_codes_max(out, widths[w], 100), most);
    }
}
