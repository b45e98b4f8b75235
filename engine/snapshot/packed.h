#ifndef JH_SNAPSHOT_PACKED_H
#define JH_SNAPSHOT_PACKED_H

#include "snapshot/packer.h"
#include "snapshot/stored.h"
#include "snapshot/symbols.h"

/* Encodings PACKED and SYMBOLS (FORMAT.md): texts in frames of JH_FRAME_ROWS rows, each of which can be unpacked alone.
 * Shared by engine/snapshot only. */

enum { JH_FRAME_ROWS = 4096 };

/* The directory's line about a frame, as stored. */
typedef struct jh_packed_entry {
    uint32_t end;   /* of the frame, counted from the first frame's start */
    uint32_t bytes; /* of the texts in it, unpacked */
} jh_packed_entry;

static inline uint32_t jh_packed_frames(uint32_t rows)
{
    return (rows + JH_FRAME_ROWS - 1) / JH_FRAME_ROWS;
}

/* The payload for texts in HEAP form, appended to `out`; encoding, width, base and max of the header are set. `coder` has
 * learned from texts of the same column; NULL: there is none yet. */
jihe_status jh_packed_put(jh_packer *packer, const jh_col_view *texts, const jh_symbol_coder *coder, jh_stored *header,
                          jh_buf *out, jihe_error *err);

/* --- symbol_frames.c: writing of SYMBOLS --- */

/* A coder that has learned from these texts; *out is NULL when there is too little text. JIHE_NO_MEMORY. */
jihe_status jh_symbol_frames_learn(const jh_col_view *texts, jh_symbol_coder **out, jihe_error *err);

/* Which coder to use: `given`, or one that has learned from these texts, or none: zstd does better. *own is to be freed. */
jihe_status jh_symbol_frames_choose(const jh_col_view *texts, const jh_symbol_coder *given,
                                    const jh_symbol_coder **chosen, jh_symbol_coder **own, jihe_error *err);

/* The table of symbols and the frames, appended to `out`; directory[f].end is filled, counted from the first frame. */
jihe_status jh_symbol_frames_put(jh_packer *packer, const jh_col_view *texts, const jh_symbol_coder *coder,
                                 jh_stored *header, jh_packed_entry *directory, jh_buf *out, jihe_error *err);

/* Appends the lengths of rows from .. to - 1, as they stand at the end of a frame. */
void jh_packed_lengths(const jh_col_view *texts, uint32_t from, uint32_t to, unsigned width, uint8_t *out);

/* The structure of a value whose frame, checksum and nulls are right: everything that can be seen without unpacking.
 * JIHE_CORRUPT. */
jihe_status jh_packed_check(const jh_stored *header, jihe_error *err);

/* The view of a value that was checked, without offsets and bytes. */
void jh_packed_view(const jh_stored *header, jh_col_view *out);

uint32_t jh_packed_frame_rows(const jh_stored *header, uint32_t frame);
size_t jh_packed_frame_len(const jh_stored *header, uint32_t frame); /* bytes jh_packed_frame writes */
uint32_t jh_packed_frame_texts(const jh_stored *header, uint32_t frame); /* of these, bytes of texts; they come first */

/* One frame of a value that was checked: its texts go to `bytes` (jh_packed_frame_len there), and where each row's
 * ends, counted from `start`, to ends[0..]. `zstd` is a ZSTD_DCtx; SYMBOLS do without. JIHE_CORRUPT when it is not what the directory
 * says. */
jihe_status jh_packed_frame(const jh_stored *header, uint32_t frame, void *zstd, void *bytes, uint32_t start,
                            uint32_t *ends, jihe_error *err);

#endif
