#ifndef JH_SNAPSHOT_MANIFEST_H
#define JH_SNAPSHOT_MANIFEST_H

#include "base/buf.h"
#include "snapshot/snapshot.h"

/* manifest.json (FORMAT.md): written once, and read only when it is byte for byte what this writer makes of the same
 * figures. Shared by engine/snapshot only. */

enum { JH_PROGRAM_ROOM = 64 }; /* "jihe 0.1.0" and its NUL */

/* A total of 0 for each money column of the schema, in its order. */
jihe_status jh_manifest_init(jh_manifest *manifest, int32_t date, uint32_t revision, const jh_schema *schema,
                             jihe_error *err);
void jh_manifest_deinit(jh_manifest *manifest); /* a zeroed one is fine */

extern const char *const jh_manifest_program; /* this program: "jihe 0.1.0" */

/* The text of the file. `program` is what wrote the snapshot. */
void jh_manifest_text(jh_buf *out, const jh_manifest *manifest, const jh_schema *schema, const char *program);

/* Reads the figures out of the file's text. Not yet compared with data.mdb. JIHE_CORRUPT. */
jihe_status jh_manifest_parse(jh_manifest *out, char program[JH_PROGRAM_ROOM], const char *text, size_t len,
                              jihe_error *err);

#endif
