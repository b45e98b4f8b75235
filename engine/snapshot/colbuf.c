#include "snapshot/colbuf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/bits.h"
#include "snapshot/codes.h"
#include "snapshot/idtext.h"
#include "snapshot/packed.h"
#include "snapshot/stored.h"

void jh_colbuf_deinit(jh_colbuf *column)
{
    free(column->values);
    free(column->offsets);
    free(column->valid);
    jh_buf_deinit(&column->bytes);
    *column = (jh_colbuf){0};
}

void jh_colbuf_clear(jh_colbuf *column, uint32_t rows)
{
    if (column->valid != NULL)
        memset(column->valid, 0, jh_bits_words(rows) * sizeof *column->valid);
    jh_buf_clear(&column->bytes);
    column->nulls = 0;
    column->least = INT64_MAX;
    column->most = INT64_MIN;
}

bool jh_colbuf_grow(jh_colbuf *column, uint32_t old_rows, uint32_t rows)
{
    const size_t old_words = jh_bits_words(old_rows), words = jh_bits_words(rows);
    uint64_t *valid = realloc(column->valid, words * sizeof *valid);
    void *cells;

    if (valid == NULL)
        return false;
    memset(valid + old_words, 0, (words - old_words) * sizeof *valid);
    column->valid = valid;
    if (old_rows == 0) {
        column->least = INT64_MAX;
        column->most = INT64_MIN;
    }
    if (column->encoding == JH_ENC_FIXED) {
        if ((cells = realloc(column->values, rows * sizeof *column->values)) == NULL)
            return false;
        column->values = cells;
    } else {
        if ((cells = realloc(column->offsets, ((size_t)rows + 1) * sizeof *column->offsets)) == NULL)
            return false;
        column->offsets = cells;
        column->offsets[0] = 0;
    }
    return true;
}

void jh_colbuf_null(jh_colbuf *column, uint32_t row)
{
    column->nulls++;
    if (column->encoding == JH_ENC_FIXED)
        column->values[row] = 0;
    else
        column->offsets[row + 1] = column->offsets[row];
}

void jh_colbuf_number(jh_colbuf *column, uint32_t row, int64_t value)
{
    column->values[row] = value;
    column->least = value < column->least ? value : column->least;
    column->most = value > column->most ? value : column->most;
    jh_bits_set(column->valid, row);
}

void jh_colbuf_text(jh_colbuf *column, uint32_t row, const char *text, uint32_t len)
{
    jh_buf_put(&column->bytes, text, len);
    column->offsets[row + 1] = (uint32_t)column->bytes.len;
    jh_bits_set(column->valid, row);
}

/* The bits of rows `row` .. row + count - 1: all, or as the flags of the batch's rows say, which are 0 or 1. */
static void add_valid(jh_colbuf *column, uint32_t row, uint32_t count, uint32_t absent, const uint8_t *flags,
                      const uint32_t *rows)
{
    column->nulls += absent;
    if (absent == 0) {
        for (; count > 0 && row % 64 != 0; count--)
            jh_bits_set(column->valid, row++);
        for (; count >= 64; count -= 64, row += 64)
            column->valid[row / 64] = ~UINT64_C(0);
        for (; count > 0; count--)
            jh_bits_set(column->valid, row++);
        return;
    }
    for (uint32_t i = 0; i < count; i++, row++)
        column->valid[row / 64] |= (uint64_t)flags[rows[i]] << row % 64;
}

void jh_colbuf_add_numbers(jh_colbuf *column, uint32_t row, const int64_t *values, const uint8_t *present,
                           const uint32_t *rows, uint32_t count)
{
    int64_t *out = column->values + row, least = column->least, most = column->most;
    uint32_t there = 0;

    for (uint32_t i = 0; i < count; i++) {
        const int64_t value = values[rows[i]];

        there += present[rows[i]];
        out[i] = 0;
        if (present[rows[i]] == 0)
            continue;
        out[i] = value;
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    column->least = least;
    column->most = most;
    add_valid(column, row, count, count - there, present, rows);
}

void jh_colbuf_add_hashes(jh_colbuf *column, uint32_t row, const uint64_t *hashes, const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        column->values[row + i] = (int64_t)hashes[rows[i]];
    add_valid(column, row, count, 0, NULL, rows);
}

uint32_t jh_colbuf_add_codes(jh_colbuf *column, uint32_t row, const uint32_t *words, const uint32_t *codes,
                             uint32_t known, const uint32_t *rows, uint32_t count)
{
    int64_t *out = column->values + row;
    uint32_t absent = 0, added, least = UINT32_MAX, most = 0;

    for (added = 0; added < count; added++) {
        const uint32_t number = words[rows[added]];

        if (number < known && codes[number] != JH_WORD_NONE) {
            out[added] = codes[number];
            least = codes[number] < least ? codes[number] : least;
            most = codes[number] > most ? codes[number] : most;
        } else if (number != JH_WORD_NONE) {
            break;
        } else {
            out[added] = 0;
            absent++;
        }
    }
    if (absent < added) {
        column->least = least < column->least ? least : column->least;
        column->most = most > column->most ? most : column->most;
    }
    if (absent == 0) {
        add_valid(column, row, added, 0, NULL, rows);
        return added;
    }
    column->nulls += absent;
    for (uint32_t i = 0; i < added; i++)
        if (words[rows[i]] != JH_WORD_NONE)
            jh_bits_set(column->valid, row + i);
    return added;
}

static size_t bytes_of(const jh_piece *pieces, const uint32_t *rows, uint32_t count)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < count; i++)
        bytes += pieces[rows[i]].len;
    return bytes;
}

/* Texts are short: steps of 16 bytes, the last of them over the one before, cost less than a call for each. */
static inline uint8_t *put_piece(uint8_t *to, const char *text, uint32_t len)
{
    if (len < 16 || len > 256) {
        memcpy(to, text, len);
        return to + len;
    }
    for (uint32_t at = 0; at + 16 < len; at += 16)
        memcpy(to + at, text + at, 16);
    memcpy(to + len - 16, text + len - 16, 16);
    return to + len;
}

bool jh_colbuf_add_pieces(jh_colbuf *column, uint32_t row, const jh_piece *pieces, const uint32_t *rows, uint32_t count)
{
    const size_t bytes = bytes_of(pieces, rows, count);
    uint8_t *start, *to;

    if (!jh_buf_reserve(&column->bytes, bytes + 1))
        return false;
    start = column->bytes.bytes;
    to = start + column->bytes.len;
    for (uint32_t i = 0; i < count; i++, row++) {
        const jh_piece *piece = &pieces[rows[i]];

        if (piece->text == NULL) {
            jh_colbuf_null(column, row);
            continue;
        }
        to = put_piece(to, piece->text, piece->len);
        column->offsets[row + 1] = (uint32_t)(to - start);
        jh_bits_set(column->valid, row);
    }
    column->bytes.len += bytes;
    return true;
}

void jh_colbuf_settle(jh_colbuf *column, uint32_t rows)
{
    if (column->nulls == rows || column->encoding != JH_ENC_FIXED || column->raw)
        column->least = column->most = 0;
}

static bool partly_null(const jh_colbuf *column, uint32_t rows)
{
    return column->nulls > 0 && column->nulls < rows;
}

static int64_t base_of(const jh_colbuf *column)
{
    return column->raw ? 0 : column->least;
}

static unsigned width_of(const jh_colbuf *column)
{
    if (column->encoding != JH_ENC_FIXED)
        return 0;
    return column->raw ? 8 : jh_stored_width((uint64_t)column->most - (uint64_t)column->least);
}

static void clear_absent(const jh_colbuf *column, uint32_t rows, unsigned width, char *out)
{
    for (size_t w = 0; w < jh_bits_words(rows); w++)
        for (uint64_t absent = ~column->valid[w]; absent != 0; absent &= absent - 1)
            memset(out + (w * 64 + (size_t)__builtin_ctzll(absent)) * width, 0, width);
}

static bool put_fixed(const jh_colbuf *column, uint32_t rows, jh_stored *header, jh_buf *out)
{
    const size_t words = jh_bits_words(rows);
    const unsigned width = width_of(column);
    char *payload = jh_buf_extend(out, words * 64 * width);

    header->width = (uint8_t)width;
    header->base = base_of(column);
    header->max = column->raw ? -1 : column->most;
    if (payload != NULL && width != 0) {
        jh_codes_put(payload, column->values, rows, (uint64_t)base_of(column), width);
        memset(payload + (size_t)rows * width, 0, (words * 64 - rows) * width);
        if (partly_null(column, rows))
            clear_absent(column, rows, width, payload);
    }
    if (partly_null(column, rows))
        jh_buf_put(out, column->valid, words * sizeof *column->valid);
    return !out->failed;
}

static bool put_heap(const jh_colbuf *column, uint32_t rows, jh_buf *out)
{
    const size_t offsets_len = ((size_t)rows + 1) * sizeof *column->offsets;
    const size_t bitmap_len = jh_bits_words(rows) * sizeof *column->valid;
    const size_t used = offsets_len + column->bytes.len;
    const size_t len = (size_t)jh_stored_heap_payload(rows, column->bytes.len, partly_null(column, rows));
    char *payload = jh_buf_extend(out, len);

    if (payload == NULL)
        return false;
    memcpy(payload, column->offsets, offsets_len);
    if (column->bytes.len != 0)
        memcpy(payload + offsets_len, column->bytes.bytes, column->bytes.len);
    if (partly_null(column, rows)) {
        memset(payload + used, 0, len - bitmap_len - used);
        memcpy(payload + len - bitmap_len, column->valid, bitmap_len);
    }
    return true;
}

static jh_col_view texts_of(const jh_colbuf *column, uint32_t rows)
{
    return (jh_col_view){.rows = rows,
                         .nulls = column->nulls,
                         .encoding = JH_ENC_HEAP,
                         .offsets = column->offsets,
                         .bytes = (const char *)column->bytes.bytes,
                         .valid = partly_null(column, rows) ? column->valid : NULL};
}

jihe_status jh_colbuf_learn(const jh_colbuf *column, uint32_t rows, struct jh_symbol_coder **coder, jihe_error *err)
{
    const jh_col_view texts = texts_of(column, rows);

    return jh_symbol_frames_learn(&texts, coder, err);
}

/* Sets what depends on the encoding in the header, and appends the payload. */
static jihe_status put_payload(const jh_colbuf *column, uint32_t rows, jh_packer *packer, jh_stored *header,
                               jh_buf *out, jihe_error *err)
{
    const jh_col_view texts = texts_of(column, rows);
    bool done = false;
    jihe_status st;

    if (column->packing == JH_ENC_PACKED)
        return jh_packed_put(packer, &texts, column->coder, header, out, err);
    if (column->packing == JH_ENC_IDS &&
        ((st = jh_idtext_put(packer, &texts, header, out, &done, err)) != JIHE_OK || done))
        return st;
    header->encoding = column->encoding;
    if (column->encoding == JH_ENC_FIXED ? put_fixed(column, rows, header, out) : put_heap(column, rows, out))
        return JIHE_OK;
    return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " values", rows);
}

jihe_status jh_colbuf_encode(const jh_colbuf *column, uint32_t rows, const uint8_t key[JH_KEY_BYTES], jh_packer *packer,
                             jh_buf *out, size_t *at, jihe_error *err)
{
    jh_stored header = {.rows = rows, .nulls = column->nulls};
    jihe_status st;
    size_t end;

    *at = (out->len + 15) / 16 * 16;
    jh_buf_extend(out, *at - out->len + sizeof header);
    header.flags = partly_null(column, rows) ? JH_STORED_VALIDITY : 0;
    if (out->failed)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " values", rows);
    if ((st = put_payload(column, rows, packer, &header, out, err)) != JIHE_OK)
        return st;
    header.payload = out->len - *at - sizeof header;
    end = *at + jh_stored_len(header.payload);
    if (end > out->len && jh_buf_extend(out, end - out->len) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " values", rows);
    memcpy(out->bytes + *at, &header, sizeof header);
    jh_stored_finish(out->bytes + *at, key);
    return JIHE_OK;
}
