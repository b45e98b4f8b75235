#include "snapshot/table.h"

#include <inttypes.h>

#include "base/bits.h"
#include "snapshot/codes.h"

/* What the payload says about a column before the codes. */
struct line {
    int64_t base, max;
};

static uint64_t codes_at(uint32_t columns)
{
    return ((uint64_t)columns * sizeof(struct line) + 63) / 64 * 64;
}

static unsigned width_of(struct line line)
{
    return jh_stored_width((uint64_t)line.max - (uint64_t)line.base);
}

/* --- writing --- */

void jh_table_begin(jh_table *table, jh_buf *out, uint32_t rows, uint32_t columns)
{
    const size_t len = sizeof(jh_stored) + (size_t)codes_at(columns);
    void *start;

    *table = (jh_table){.out = out, .at = out->len, .rows = rows, .columns = columns};
    if ((start = jh_buf_extend(out, len)) != NULL)
        memset(start, 0, len);
}

static struct line range_of(const int64_t *values, uint32_t rows)
{
    struct line line = {0, 0};

    for (uint32_t row = 0; row < rows; row++) {
        line.base = row == 0 || values[row] < line.base ? values[row] : line.base;
        line.max = row == 0 || values[row] > line.max ? values[row] : line.max;
    }
    return line;
}

void jh_table_column(jh_table *table, const int64_t *values)
{
    const struct line line = range_of(values, table->rows);
    const size_t padded = jh_bits_words(table->rows) * 64, used = table->rows * (size_t)width_of(line);
    const size_t line_at = table->at + sizeof(jh_stored) + table->next++ * sizeof line;
    char *codes = jh_buf_extend(table->out, padded * width_of(line));

    if (codes == NULL)
        return;
    jh_codes_put(codes, values, table->rows, (uint64_t)line.base, width_of(line));
    memset(codes + used, 0, padded * width_of(line) - used);
    memcpy(table->out->bytes + line_at, &line, sizeof line);
}

void jh_table_end(jh_table *table, const uint8_t key[JH_KEY_BYTES])
{
    jh_stored header = {.rows = table->rows, .encoding = JH_ENC_TABLE};
    jh_buf *out = table->out;

    header.payload = out->len - table->at - sizeof header;
    jh_buf_extend(out, table->at + jh_stored_len(header.payload) - out->len);
    if (out->failed)
        return;
    memcpy(out->bytes + table->at, &header, sizeof header);
    jh_stored_finish(out->bytes + table->at, key);
}

/* --- reading --- */

static const struct line *lines_of(const jh_stored *header)
{
    return (const struct line *)(const void *)(header + 1);
}

static bool zero_behind(const char *codes, unsigned width, uint32_t rows)
{
    for (size_t row = rows; row < jh_bits_words(rows) * 64; row++)
        if (jh_codes_get(codes, width, row) != 0)
            return false;
    return true;
}

jihe_status jh_table_check(const jh_stored *header, uint32_t columns, jihe_error *err)
{
    const char *payload = (const char *)(header + 1);
    const uint64_t padded = jh_bits_words(header->rows) * 64;
    const struct line *lines = lines_of(header);
    uint64_t end = codes_at(columns);

    if (header->payload < end || header->base != 0 || header->max != 0 || header->width != 0)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes do not hold a table of %" PRIu32 " columns",
                       header->payload, columns);
    for (uint64_t at = columns * sizeof *lines; at < end; at++)
        if (payload[at] != 0)
            return jh_fail(err, JIHE_CORRUPT, "something other than zeros stands before the first column");
    for (uint32_t i = 0; i < columns; i++) {
        const uint64_t len = padded * width_of(lines[i]);

        if (lines[i].base > lines[i].max || len > header->payload - end)
            return jh_fail(err, JIHE_CORRUPT, "column %" PRIu32 " does not fit %" PRIu64 " bytes", i, header->payload);
        if (jh_codes_max(payload + end, width_of(lines[i]), header->rows) !=
                (uint64_t)lines[i].max - (uint64_t)lines[i].base ||
            !zero_behind(payload + end, width_of(lines[i]), header->rows))
            return jh_fail(err, JIHE_CORRUPT, "column %" PRIu32 ": the largest value is not %" PRIi64, i, lines[i].max);
        end += len;
    }
    if (end != header->payload)
        return jh_fail(err, JIHE_CORRUPT, "the columns end at %" PRIu64 " of %" PRIu64 " bytes", end, header->payload);
    return JIHE_OK;
}

void jh_table_views(const jh_stored *header, uint32_t columns, jh_col_view *views)
{
    const char *at = (const char *)(header + 1) + codes_at(columns);

    for (uint32_t i = 0; i < columns; i++) {
        const struct line line = lines_of(header)[i];

        views[i] = (jh_col_view){.rows = header->rows, .encoding = JH_ENC_FIXED, .base = line.base, .max = line.max};
        views[i].width = (uint8_t)width_of(line);
        views[i].codes = views[i].width != 0 ? at : NULL;
        at += jh_bits_words(header->rows) * 64 * views[i].width;
    }
}
