#include "snapshot/room.h"

#include <inttypes.h>
#include <zstd.h>

#include "base/bits.h"
#include "snapshot/idtext.h"
#include "snapshot/packed.h"
#include "snapshot/stored.h"

void jh_col_room_deinit(jh_col_room *room)
{
    jh_buf_deinit(&room->bytes);
    jh_buf_deinit(&room->offsets);
    ZSTD_freeDCtx(room->zstd);
    *room = (jh_col_room){0};
}

static bool holds(const jh_col_room *room, const jh_stored *header, uint32_t part)
{
    return room->value == header && room->checksum == header->checksum && room->part == part;
}

static void remember(jh_col_room *room, const jh_stored *header, uint32_t part)
{
    room->value = header;
    room->checksum = header->checksum;
    room->part = part;
}

/* Memory for `bytes` bytes and `rows` + 1 offsets, the first of which is set. What was there is forgotten. */
static jihe_status make_room(jh_col_room *room, size_t bytes, uint32_t rows, jihe_error *err)
{
    const uint32_t zero = 0;

    room->value = NULL;
    jh_buf_clear(&room->bytes);
    jh_buf_clear(&room->offsets);
    if (jh_buf_extend(&room->bytes, bytes) == NULL || !jh_buf_reserve(&room->offsets, ((size_t)rows + 1) * sizeof zero))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu bytes of text", bytes);
    jh_buf_put(&room->offsets, &zero, sizeof zero);
    return JIHE_OK;
}

static uint32_t *offsets_of(const jh_col_room *room)
{
    return (uint32_t *)(void *)room->offsets.bytes;
}

/* Frames `from` to `to` - 1, one after another: a frame's lengths lie behind its texts until the next frame's texts
 * replace them. The offsets of their first row go to place `first`. */
static jihe_status unpack(jh_col_room *room, const jh_stored *header, uint32_t from, uint32_t to, uint32_t first,
                          jihe_error *err)
{
    size_t most = 0, texts = 0;
    uint32_t rows = first;
    jihe_status st;

    for (uint32_t frame = from; frame < to; frame++) {
        const size_t end = texts + jh_packed_frame_len(header, frame);

        most = end > most ? end : most;
        texts += jh_packed_frame_texts(header, frame);
        rows += jh_packed_frame_rows(header, frame);
    }
    if ((st = make_room(room, most, rows, err)) != JIHE_OK)
        return st;
    if (header->encoding == JH_ENC_PACKED && room->zstd == NULL && (room->zstd = ZSTD_createDCtx()) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to unpack texts");
    texts = 0;
    rows = first;
    offsets_of(room)[first] = 0;
    for (uint32_t frame = from; frame < to; frame++) {
        if ((st = jh_packed_frame(header, frame, room->zstd, room->bytes.bytes + texts, (uint32_t)texts,
                                  offsets_of(room) + rows + 1, err)) != JIHE_OK)
            return st;
        texts += jh_packed_frame_texts(header, frame);
        rows += jh_packed_frame_rows(header, frame);
    }
    return JIHE_OK;
}

static jihe_status unpack_ids(jh_col_room *room, const jh_stored *header, jihe_error *err)
{
    const jihe_status st = make_room(room, jh_idtext_bytes(header), header->rows, err);

    if (st != JIHE_OK)
        return st;
    jh_idtext_offsets(header, offsets_of(room));
    jh_idtext_write_all(header, (char *)room->bytes.bytes);
    return JIHE_OK;
}

/* Do frames of rows lie alone? */
static bool is_framed(const jh_stored *header)
{
    return header->encoding == JH_ENC_PACKED || header->encoding == JH_ENC_SYMBOLS;
}

static bool is_packed(const jh_stored *header)
{
    return is_framed(header) || header->encoding == JH_ENC_IDS;
}

static void show(const jh_col_room *room, jh_col_view *out)
{
    out->offsets = offsets_of(room);
    out->bytes = (const char *)room->bytes.bytes;
}

jihe_status jh_room_column(jh_col_room *room, const jh_stored *header, jh_col_view *out, jihe_error *err)
{
    jihe_status st;

    jh_stored_view(header, out);
    if (!is_packed(header) || room == NULL)
        return JIHE_OK;
    if (!holds(room, header, JH_ROOM_WHOLE)) {
        st = header->encoding == JH_ENC_IDS ? unpack_ids(room, header, err)
                                            : unpack(room, header, 0, jh_packed_frames(header->rows), 0, err);
        if (st != JIHE_OK)
            return st;
        remember(room, header, JH_ROOM_WHOLE);
    }
    show(room, out);
    return JIHE_OK;
}

jihe_status jh_room_rows(jh_col_room *room, const jh_stored *header, uint32_t from, uint32_t to, jh_col_view *out,
                         jihe_error *err)
{
    const uint32_t first = from / JH_FRAME_ROWS, end = (to - 1) / JH_FRAME_ROWS + 1;
    const uint32_t part = JH_ROOM_FRAMES | first << 8 | end;
    jihe_status st;

    if (!is_framed(header) || room == NULL || holds(room, header, JH_ROOM_WHOLE))
        return jh_room_column(room, header, out, err);
    if (!holds(room, header, part)) {
        if ((st = unpack(room, header, first, end, first * JH_FRAME_ROWS, err)) != JIHE_OK)
            return st;
        remember(room, header, part);
    }
    jh_stored_view(header, out);
    show(room, out);
    return JIHE_OK;
}

jihe_status jh_room_chosen(jh_col_room *room, const jh_stored *header, const uint64_t *rows, jh_col_view *out,
                           jihe_error *err)
{
    jihe_status st;

    if (header->encoding != JH_ENC_IDS || holds(room, header, JH_ROOM_WHOLE))
        return jh_room_column(room, header, out, err);
    if ((st = make_room(room, 0, header->rows, err)) != JIHE_OK)
        return st;
    jh_idtext_offsets_of(header, rows, offsets_of(room));
    if (!jh_buf_reserve(&room->bytes, offsets_of(room)[header->rows]))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " bytes of ids", offsets_of(room)[header->rows]);
    jh_idtext_write_of(header, rows, (char *)room->bytes.bytes);
    jh_stored_view(header, out);
    show(room, out);
    return JIHE_OK;
}

/* The view of one frame's rows. */
static void narrow(jh_col_view *view, uint32_t frame, uint32_t rows)
{
    if (view->valid != NULL) {
        view->valid += (size_t)frame * JH_FRAME_ROWS / 64;
        view->nulls = rows - (uint32_t)jh_bits_count(view->valid, rows);
        if (view->nulls == 0 || view->nulls == rows)
            view->valid = NULL;
    } else if (view->nulls != 0) {
        view->nulls = rows;
    }
    view->rows = rows;
}

static jihe_status one_frame(jh_col_room *room, const jh_stored *header, uint32_t row, jh_col_view *out, uint32_t *at,
                             jihe_error *err)
{
    const uint32_t frame = row / JH_FRAME_ROWS;
    jihe_status st;

    if (!holds(room, header, frame)) {
        if ((st = unpack(room, header, frame, frame + 1, 0, err)) != JIHE_OK)
            return st;
        remember(room, header, frame);
    }
    show(room, out);
    narrow(out, frame, jh_packed_frame_rows(header, frame));
    *at = row % JH_FRAME_ROWS;
    return JIHE_OK;
}

static jihe_status one_id(jh_col_room *room, const jh_stored *header, uint32_t row, jh_col_view *out, uint32_t *at,
                          jihe_error *err)
{
    const uint32_t len = jh_idtext_len(header, row);
    const jihe_status st = make_room(room, len, 1, err);

    if (st != JIHE_OK)
        return st;
    jh_idtext_write(header, row, (char *)room->bytes.bytes);
    jh_buf_put(&room->offsets, &len, sizeof len);
    show(room, out);
    out->rows = 1;
    *at = 0;
    return JIHE_OK;
}

jihe_status jh_room_row(jh_col_room *room, const jh_stored *header, uint32_t row, jh_col_view *out, uint32_t *at,
                        jihe_error *err)
{
    if (is_packed(header) && !holds(room, header, JH_ROOM_WHOLE)) {
        jh_stored_view(header, out);
        return header->encoding == JH_ENC_IDS ? one_id(room, header, row, out, at, err)
                                              : one_frame(room, header, row, out, at, err);
    }
    *at = row;
    return jh_room_column(room, header, out, err);
}
