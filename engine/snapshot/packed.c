#include "snapshot/packed.h"

#include <inttypes.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/bits.h"
#include "snapshot/codes.h"

/* The payload: the directory, the bitmap where there is one, the symbols where there are some, the frames. */
static uint64_t bitmap_at(uint32_t rows)
{
    return (uint64_t)jh_packed_frames(rows) * sizeof(jh_packed_entry);
}

static uint64_t symbols_at(const jh_stored *header)
{
    return bitmap_at(header->rows) + (header->flags != 0 ? jh_bits_words(header->rows) * sizeof(uint64_t) : 0);
}

/* `base` is 0 where there are no symbols. */
static uint64_t frames_at(const jh_stored *header)
{
    return symbols_at(header) + (uint64_t)header->base;
}

/* --- writing --- */

static void put_length(uint8_t *to, unsigned width, uint32_t len)
{
    if (width == 1)
        *to = (uint8_t)len;
    else
        memcpy(to, &len, width); /* little-endian: the low bytes */
}

void jh_packed_lengths(const jh_col_view *texts, uint32_t from, uint32_t to, unsigned width, uint8_t *out)
{
    for (uint32_t row = from; row < to && width != 0; row++, out += width)
        put_length(out, width, texts->offsets[row + 1] - texts->offsets[row]);
}

/* One frame as it is unpacked: texts, then lengths. */
static bool gather(jh_buf *frame, const jh_col_view *texts, uint32_t from, uint32_t to, unsigned width)
{
    const size_t bytes = texts->offsets[to] - texts->offsets[from];
    uint8_t *at;

    jh_buf_clear(frame);
    at = jh_buf_extend(frame, bytes + (size_t)(to - from) * width);
    if (at == NULL)
        return false;
    if (bytes != 0)
        memcpy(at, texts->bytes + texts->offsets[from], bytes);
    jh_packed_lengths(texts, from, to, width, at + bytes);
    return true;
}

static jihe_status put_frame(jh_packer *packer, jh_buf *out, jihe_error *err)
{
    const jh_buf *frame = &packer->frame;
    const size_t before = out->len;
    jihe_status st;

    if (frame->len == 0)
        return JIHE_OK;
    if ((st = jh_packer_compress(packer, frame->bytes, frame->len, out, err)) != JIHE_OK)
        return st;
    if (out->len - before < frame->len)
        return JIHE_OK;
    out->len = before; /* it does not shrink: as it is */
    jh_buf_put(out, frame->bytes, frame->len);
    return JIHE_OK;
}

static uint32_t longest(const jh_col_view *texts)
{
    uint32_t most = 0;

    for (uint32_t row = 0; row < texts->rows; row++) {
        const uint32_t len = texts->offsets[row + 1] - texts->offsets[row];

        most = len > most ? len : most;
    }
    return most;
}

static uint32_t end_of(const jh_col_view *texts, uint32_t frame)
{
    const uint32_t from = frame * JH_FRAME_ROWS;

    return texts->rows - from < JH_FRAME_ROWS ? texts->rows : from + JH_FRAME_ROWS;
}

/* The frames, compressed by zstd. */
static jihe_status put_frames(jh_packer *packer, const jh_col_view *texts, jh_stored *header,
                              jh_packed_entry *directory, jh_buf *out, jihe_error *err)
{
    const uint32_t frames = jh_packed_frames(texts->rows);
    const size_t start = out->len;
    jihe_status st;

    header->encoding = JH_ENC_PACKED;
    for (uint32_t frame = 0; frame < frames; frame++) {
        if (!gather(&packer->frame, texts, frame * JH_FRAME_ROWS, end_of(texts, frame), header->width))
            return jh_fail(err, JIHE_NO_MEMORY, "no memory to compress texts");
        if ((st = put_frame(packer, out, err)) != JIHE_OK)
            return st;
        directory[frame].end = (uint32_t)(out->len - start); /* not above the heap's limit and its lengths */
    }
    return JIHE_OK;
}

jihe_status jh_packed_put(jh_packer *packer, const jh_col_view *texts, const jh_symbol_coder *coder, jh_stored *header,
                          jh_buf *out, jihe_error *err)
{
    jh_packed_entry directory[JH_SEGMENT_ROWS / JH_FRAME_ROWS] = {0};
    const size_t directory_at = out->len, directory_len = (size_t)bitmap_at(texts->rows);
    const jh_symbol_coder *chosen;
    jh_symbol_coder *own;
    jihe_status st = jh_symbol_frames_choose(texts, coder, &chosen, &own, err);

    header->max = longest(texts);
    header->width = (uint8_t)jh_stored_width((uint64_t)header->max);
    for (uint32_t frame = 0; frame < jh_packed_frames(texts->rows); frame++)
        directory[frame].bytes = texts->offsets[end_of(texts, frame)] - texts->offsets[frame * JH_FRAME_ROWS];
    jh_buf_put(out, directory, directory_len);
    if (texts->valid != NULL)
        jh_buf_put(out, texts->valid, jh_bits_words(texts->rows) * sizeof *texts->valid);
    if (st == JIHE_OK)
        st = chosen != NULL ? jh_symbol_frames_put(packer, texts, chosen, header, directory, out, err)
                            : put_frames(packer, texts, header, directory, out, err);
    jh_symbols_free(own);
    if (st == JIHE_OK && out->failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory to compress texts");
    if (st == JIHE_OK)
        memcpy(out->bytes + directory_at, directory, directory_len);
    return st;
}

/* --- reading --- */

static jh_packed_entry entry(const jh_stored *header, uint32_t frame)
{
    jh_packed_entry out;

    memcpy(&out, (const char *)(header + 1) + frame * sizeof out, sizeof out);
    return out;
}

static uint32_t stored_from(const jh_stored *header, uint32_t frame)
{
    return frame == 0 ? 0 : entry(header, frame - 1).end;
}

uint32_t jh_packed_frame_rows(const jh_stored *header, uint32_t frame)
{
    const uint32_t left = header->rows - frame * JH_FRAME_ROWS;

    return left < JH_FRAME_ROWS ? left : JH_FRAME_ROWS;
}

uint32_t jh_packed_frame_texts(const jh_stored *header, uint32_t frame)
{
    return entry(header, frame).bytes;
}

size_t jh_packed_frame_len(const jh_stored *header, uint32_t frame)
{
    return entry(header, frame).bytes + (size_t)jh_packed_frame_rows(header, frame) * header->width;
}

/* What a frame says about itself must be what the directory says, before anything is unpacked. A symbol or an escape is
 * one byte at least, and so are the texts of a frame that has any. */
static bool frame_fits(const jh_stored *header, uint32_t frame, const char *at, size_t stored)
{
    const size_t unpacked = jh_packed_frame_len(header, frame), texts = jh_packed_frame_texts(header, frame);

    if (stored >= unpacked)
        return stored == unpacked;
    if (header->encoding == JH_ENC_SYMBOLS)
        return stored >= unpacked - texts && (stored - (unpacked - texts)) * JH_SYMBOL_BYTES >= texts;
    return ZSTD_getFrameContentSize(at, stored) == unpacked && ZSTD_findFrameCompressedSize(at, stored) == stored;
}

static jihe_status check_frames(const jh_stored *header, jihe_error *err)
{
    const char *frames = (const char *)(header + 1) + frames_at(header);
    const uint64_t room = header->payload - frames_at(header);
    uint64_t from = 0, texts = 0;

    for (uint32_t frame = 0; frame < jh_packed_frames(header->rows); frame++) {
        const jh_packed_entry line = entry(header, frame);
        const uint64_t most = (uint64_t)jh_packed_frame_rows(header, frame) * (uint64_t)header->max;

        texts += line.bytes;
        if (line.end < from || line.end > room || line.bytes > most || texts > JH_HEAP_MAX)
            return jh_fail(err, JIHE_CORRUPT,
                           "frame %" PRIu32 " of %" PRIu32 " bytes of text, ending at %" PRIu32 ", cannot stand here",
                           frame, line.bytes, line.end);
        if (!frame_fits(header, frame, frames + from, (size_t)(line.end - from)))
            return jh_fail(err, JIHE_CORRUPT, "frame %" PRIu32 " does not unpack to %zu bytes", frame,
                           jh_packed_frame_len(header, frame));
        from = line.end;
    }
    if (from != room)
        return jh_fail(err, JIHE_CORRUPT, "the frames end at %" PRIu64 " of %" PRIu64 " bytes", from, room);
    return JIHE_OK;
}

static bool get_symbols(const jh_stored *header, jh_symbols *out)
{
    return jh_symbols_get(out, (const uint8_t *)(header + 1) + symbols_at(header), (size_t)header->base);
}

static jihe_status check_symbols(const jh_stored *header, jihe_error *err)
{
    jh_symbols symbols;

    if (header->encoding == JH_ENC_SYMBOLS ? header->base <= 0 || header->base > JH_SYMBOLS_STORED : header->base != 0)
        return jh_fail(err, JIHE_CORRUPT, "a table of symbols of %" PRIi64 " bytes", header->base);
    if (header->payload < frames_at(header))
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " bytes do not hold the directory of %" PRIu32 " rows",
                       header->payload, header->rows);
    if (header->encoding == JH_ENC_SYMBOLS && !get_symbols(header, &symbols))
        return jh_fail(err, JIHE_CORRUPT, "%" PRIi64 " bytes are no table of symbols", header->base);
    return JIHE_OK;
}

jihe_status jh_packed_check(const jh_stored *header, jihe_error *err)
{
    jihe_status st;

    if (header->max < 0 || header->max > JH_TEXT_MAX || header->width != jh_stored_width((uint64_t)header->max) ||
        (header->nulls == header->rows && header->max != 0))
        return jh_fail(err, JIHE_CORRUPT, "texts of up to %" PRIi64 " bytes, with lengths of %u", header->max,
                       header->width);
    return (st = check_symbols(header, err)) == JIHE_OK ? check_frames(header, err) : st;
}

void jh_packed_view(const jh_stored *header, jh_col_view *out)
{
    *out = (jh_col_view){.rows = header->rows, .nulls = header->nulls, .encoding = JH_ENC_HEAP};
    if (header->flags != 0)
        out->valid = (const uint64_t *)(const void *)((const char *)(header + 1) + bitmap_at(header->rows));
}

/* Lengths to ends. False: they do not add up to the texts, one is longer than the longest, or a row without a value
 * has one. */
static bool read_lengths(const jh_stored *header, uint32_t frame, const uint8_t *lengths, uint32_t start,
                         uint32_t *ends)
{
    const uint32_t rows = jh_packed_frame_rows(header, frame);
    uint64_t at = start;
    uint32_t most = 0;
    jh_col_view view;

    jh_packed_view(header, &view);
    for (uint32_t i = 0; i < rows; i++, lengths += header->width) {
        uint32_t len = 0;

        if (header->width == 1)
            len = *lengths;
        else
            memcpy(&len, lengths, header->width);
        most = len > most ? len : most;
        at += len;
        ends[i] = (uint32_t)at;
        if (len != 0 && !jh_col_present(&view, frame * JH_FRAME_ROWS + i))
            return false;
    }
    return at == (uint64_t)start + jh_packed_frame_texts(header, frame) && most <= (uint64_t)header->max;
}

/* What was coded is to become the frame's texts; the lengths behind it stay as they are. */
static bool decode_frame(const jh_stored *header, uint32_t frame, const char *at, size_t stored, char *bytes)
{
    const size_t texts = jh_packed_frame_texts(header, frame), lengths = jh_packed_frame_len(header, frame) - texts;
    jh_symbols symbols;

    memcpy(bytes + texts, at + stored - lengths, lengths);
    return get_symbols(header, &symbols) &&
           jh_symbols_decode(&symbols, (const uint8_t *)at, stored - lengths, bytes, texts);
}

/* Bytes that came of a frame of `stored` bytes; or an error of zstd. */
static size_t unpack_frame(const jh_stored *header, uint32_t frame, void *zstd, const char *at, size_t stored,
                           void *bytes)
{
    const size_t len = jh_packed_frame_len(header, frame);

    if (stored == len) {
        if (len != 0)
            memcpy(bytes, at, len);
        return len;
    }
    if (header->encoding == JH_ENC_SYMBOLS)
        return decode_frame(header, frame, at, stored, bytes) ? len : 0;
    return ZSTD_decompressDCtx(zstd, bytes, len, at, stored);
}

jihe_status jh_packed_frame(const jh_stored *header, uint32_t frame, void *zstd, void *bytes, uint32_t start,
                            uint32_t *ends, jihe_error *err)
{
    const size_t from = stored_from(header, frame), stored = entry(header, frame).end - from;
    const size_t len = jh_packed_frame_len(header, frame);
    const char *at = (const char *)(header + 1) + frames_at(header) + from;
    const size_t got = unpack_frame(header, frame, zstd, at, stored, bytes);

    if (ZSTD_isError(got) && ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to unpack %zu bytes", len);
    if (ZSTD_isError(got) || got != len)
        return jh_fail(err, JIHE_CORRUPT, "frame %" PRIu32 " does not unpack to %zu bytes", frame, len);
    if (!read_lengths(header, frame, (const uint8_t *)bytes + jh_packed_frame_texts(header, frame), start, ends))
        return jh_fail(err, JIHE_CORRUPT, "frame %" PRIu32 ": the lengths are not those of %" PRIu32 " bytes of text",
                       frame, jh_packed_frame_texts(header, frame));
    return JIHE_OK;
}
