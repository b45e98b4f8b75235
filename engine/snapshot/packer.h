#ifndef JH_SNAPSHOT_PACKER_H
#define JH_SNAPSHOT_PACKER_H

#include "base/buf.h"
#include "base/error.h"

/* What encoding a column needs besides the column: a compressor and scratch memory, kept from segment to segment. One
 * per thread. What comes out does not depend on what went through it before. Shared by engine/snapshot only. */
typedef struct jh_packer {
    void *zstd;       /* ZSTD_CCtx; NULL until the first text */
    jh_buf frame;     /* packed.c: one frame as it was before compression */
    jh_buf numbers;   /* idtext.c: an int64_t per row */
    jh_buf patterns;  /* idtext.c: a byte per row */
} jh_packer;

void jh_packer_deinit(jh_packer *packer); /* a zeroed one is fine */

enum { JH_PACK_LEVEL = 1 }; /* of zstd; part of the format only in that equal input shall give equal files */

/* One zstd frame with its content size and without a checksum, appended to `out`. JIHE_NO_MEMORY, JIHE_BUG. */
jihe_status jh_packer_compress(jh_packer *packer, const void *bytes, size_t len, jh_buf *out, jihe_error *err);

#endif
