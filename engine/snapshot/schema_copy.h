#ifndef JH_SNAPSHOT_SCHEMA_COPY_H
#define JH_SNAPSHOT_SCHEMA_COPY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/schema.h"

/* The schema as a snapshot carries it: MessagePack (FORMAT.md). Shared by engine/snapshot only. */

enum {
    JH_DATA_FORMAT = 3,       /* the version written */
    JH_DATA_FORMAT_OLDEST = 1 /* versions from this one on are read */
};

void jh_schema_pack(jh_buf *out, const jh_schema *schema);

/* From bytes nobody trusts; everything in *out lives in `arena`. *format is that of the snapshot. JIHE_CORRUPT. */
jihe_status jh_schema_unpack(jh_schema *out, jh_arena *arena, const void *bytes, size_t len, uint32_t *format,
                             jihe_error *err);

#endif
