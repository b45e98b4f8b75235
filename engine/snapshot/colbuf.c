#include "snapshot/colbuf.h"

#include <stdlib.h>

#include "base/bits.h"
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
    column->least = 0;
    column->most = 0;
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
    const bool first = row == column->nulls; /* every row before this one is absent */

    column->values[row] = value;
    column->least = first || value < column->least ? value : column->least;
    column->most = first || value > column->most ? value : column->most;
    jh_bits_set(column->valid, row);
}

void jh_colbuf_text(jh_colbuf *column, uint32_t row, const char *text, uint32_t len)
{
    jh_buf_put(&column->bytes, text, len);
    column->offsets[row + 1] = (uint32_t)column->bytes.len;
    jh_bits_set(column->valid, row);
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

static uint64_t payload_len(const jh_colbuf *column, uint32_t rows)
{
    if (column->encoding == JH_ENC_FIXED)
        return jh_stored_fixed_payload(rows, width_of(column), partly_null(column, rows));
    return jh_stored_heap_payload(rows, column->bytes.len, partly_null(column, rows));
}

size_t jh_colbuf_value_len(const jh_colbuf *column, uint32_t rows)
{
    return jh_stored_len(payload_len(column, rows));
}

/* A plain loop per width; absent rows are set to 0 afterwards, where there are any. */
static void put_codes(const jh_colbuf *column, uint32_t rows, unsigned width, void *out)
{
    const uint64_t base = (uint64_t)base_of(column);
    const int64_t *values = column->values;

    switch (width) {
    case 1:
        for (size_t row = 0; row < rows; row++)
            ((uint8_t *)out)[row] = (uint8_t)((uint64_t)values[row] - base);
        break;
    case 2:
        for (size_t row = 0; row < rows; row++)
            ((uint16_t *)out)[row] = (uint16_t)((uint64_t)values[row] - base);
        break;
    case 4:
        for (size_t row = 0; row < rows; row++)
            ((uint32_t *)out)[row] = (uint32_t)((uint64_t)values[row] - base);
        break;
    case 8:
        for (size_t row = 0; row < rows; row++)
            ((uint64_t *)out)[row] = (uint64_t)values[row] - base;
        break;
    default:
        break;
    }
}

static void clear_absent(const jh_colbuf *column, uint32_t rows, unsigned width, char *out)
{
    for (size_t row = 0; row < rows; row++)
        if (!jh_bits_test(column->valid, row))
            memset(out + row * width, 0, width);
}

static void encode_fixed(const jh_colbuf *column, uint32_t rows, char *payload)
{
    const unsigned width = width_of(column);
    const size_t words = jh_bits_words(rows);

    put_codes(column, rows, width, payload);
    memset(payload + (size_t)rows * width, 0, (words * 64 - rows) * width);
    if (partly_null(column, rows)) {
        clear_absent(column, rows, width, payload);
        memcpy(payload + words * 64 * width, column->valid, words * sizeof *column->valid);
    }
}

static void encode_heap(const jh_colbuf *column, uint32_t rows, char *payload, uint64_t len)
{
    const size_t offsets_len = ((size_t)rows + 1) * sizeof *column->offsets;
    const size_t bitmap_len = jh_bits_words(rows) * sizeof *column->valid;
    const size_t used = offsets_len + column->bytes.len;

    memcpy(payload, column->offsets, offsets_len);
    if (column->bytes.len != 0)
        memcpy(payload + offsets_len, column->bytes.bytes, column->bytes.len);
    if (partly_null(column, rows)) {
        memset(payload + used, 0, (size_t)len - bitmap_len - used);
        memcpy(payload + len - bitmap_len, column->valid, bitmap_len);
    }
}

void jh_colbuf_encode(const jh_colbuf *column, uint32_t rows, void *room)
{
    jh_stored *header = room;

    *header = (jh_stored){.rows = rows, .encoding = column->encoding, .nulls = column->nulls};
    header->width = (uint8_t)width_of(column);
    header->flags = partly_null(column, rows) ? JH_STORED_VALIDITY : 0;
    header->payload = payload_len(column, rows);
    if (column->encoding == JH_ENC_FIXED) {
        header->base = base_of(column);
        header->max = column->raw ? -1 : column->most;
        encode_fixed(column, rows, (char *)(header + 1));
    } else {
        encode_heap(column, rows, (char *)(header + 1), header->payload);
    }
}
