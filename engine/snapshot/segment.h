#ifndef JH_SNAPSHOT_SEGMENT_H
#define JH_SNAPSHOT_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/schema.h"

/* One column of one segment, as stored (FORMAT.md) and as read: a 48-byte header, then the array. */

enum {
    JH_SEGMENT_ROWS = 65536,
    JH_ENC_FIXED = 1, /* value = base + code, codes unsigned of `width` bytes; width 0: every present value is base */
    JH_ENC_HEAP  = 2, /* rows + 1 offsets of 4 bytes, then the bytes */
    JH_ENC_PACKED = 4, /* texts in zstd frames; read as HEAP, into a jh_col_room */
    JH_ENC_IDS    = 5, /* ids as patterns and numbers; likewise */
    JH_ENC_TABLE  = 6, /* columns of numbers: tallies */
    JH_ENC_SYMBOLS = 7 /* texts in frames, a byte for each frequent part; read as PACKED is */
};

/* A borrowed column: points into the snapshot's map, gone when the snapshot closes. */
typedef struct jh_col_view {
    uint32_t        rows;    /* 1..JH_SEGMENT_ROWS */
    uint32_t        nulls;   /* rows without a value */
    uint8_t         encoding;
    uint8_t         width;   /* FIXED: 0, 1, 2, 4 or 8 */
    int64_t         base;    /* FIXED: smallest present value */
    int64_t         max;     /* FIXED: largest present value; base and max are 0 when nothing is present */
    const void     *codes; /* FIXED: 64-byte aligned array, padded with zeros to whole 64 rows; NULL when width is 0 */
    const uint32_t *offsets; /* HEAP: rows + 1, rising, the last is the number of bytes */
    const char     *bytes;   /* HEAP */
    const uint64_t *valid;   /* bit set = value present; NULL when nulls is 0 or nulls == rows; padding bits 0 */
} jh_col_view;

/* FIXED columns hold: category = dictionary code; money = minor units; integer; date = days; time = UTC ms; flag = 0/1.
 * HEAP columns hold id and text. */

static inline int jh_col_present(const jh_col_view *view, uint32_t row)
{
    if (view->nulls == 0)
        return 1;
    return view->valid != NULL && (view->valid[row / 64] >> (row % 64) & 1) != 0;
}

int64_t jh_col_number(const jh_col_view *view, uint32_t row); /* FIXED; the row must be present */
/* Of the rows first .. first + count - 1; what rows without a value get means nothing. */
void    jh_col_numbers(const jh_col_view *view, uint32_t first, uint32_t count, int64_t *out);

#endif
