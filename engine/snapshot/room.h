#ifndef JH_SNAPSHOT_ROOM_H
#define JH_SNAPSHOT_ROOM_H

#include "base/buf.h"
#include "snapshot/segment.h"

/* Where texts and ids that are stored packed are unpacked to. It belongs to the caller, only grows, and remembers what
 * is in it: one per thread and column, used again from segment to segment. Zero-initialise; jh_col_room_deinit frees.
 * What a view borrows from a room is gone when the room is used again. */
typedef struct jh_col_room {
    jh_buf   bytes;
    jh_buf   offsets;  /* uint32_t */
    void    *zstd;     /* ZSTD_DCtx; NULL until the first frame */
    const void *value; /* what is unpacked here; NULL: nothing */
    uint64_t checksum; /* its checksum, since another value may come to lie in its place */
    uint32_t part;     /* its frame, JH_ROOM_WHOLE, or JH_ROOM_FRAMES with the first frame and the one after the last */
} jh_col_room;

#define JH_ROOM_WHOLE  UINT32_MAX
#define JH_ROOM_FRAMES (UINT32_C(1) << 31)

void jh_col_room_deinit(jh_col_room *room);

/* For engine/snapshot: a stored value that was checked, of any encoding but BLOB. JIHE_NO_MEMORY, or JIHE_CORRUPT when
 * a frame does not unpack to what was promised. */
struct jh_stored;
jihe_status jh_room_column(jh_col_room *room, const struct jh_stored *header, jh_col_view *out, jihe_error *err);
/* A view of all rows, in which only the texts of rows `from` to `to` - 1 may be looked at; from < to. */
jihe_status jh_room_rows(jh_col_room *room, const struct jh_stored *header, uint32_t from, uint32_t to,
                         jh_col_view *out, jihe_error *err);
/* A view of all rows, in which only the ids of the rows in the bitmap may be looked at. */
jihe_status jh_room_chosen(jh_col_room *room, const struct jh_stored *header, const uint64_t *rows, jh_col_view *out,
                           jihe_error *err);
/* A view that has row `row` at *at: of as little as can be had without the rest. */
jihe_status jh_room_row(jh_col_room *room, const struct jh_stored *header, uint32_t row, jh_col_view *out,
                        uint32_t *at, jihe_error *err);

#endif
