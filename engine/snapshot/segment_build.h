#ifndef JH_SNAPSHOT_SEGMENT_BUILD_H
#define JH_SNAPSHOT_SEGMENT_BUILD_H

#include "snapshot/colbuf.h"
#include "snapshot/slots.h"
#include "snapshot/stored.h"
#include "snapshot/writer.h"

/* One segment of a snapshot that is being built: filled by the writer, then encoded, which any thread may do, then put
 * into the file. Opaque outside of engine/snapshot (writer.h). */
struct jh_segment_build {
    struct jh_segment_build *next; /* in the writer's list, in order of number */
    const jh_schema *schema;
    const jh_slots *slots;
    const char *name;    /* of the snapshot, for messages */
    uint32_t number;
    uint32_t rows, room; /* rows it has; rows there is memory for */
    bool taken;          /* somebody encodes it, or has: it is filled */
    jh_colbuf *columns;  /* by slot */
    uint32_t *codes;     /* by schema column: codes of its dictionary when the segment was full */
    jh_buf encoded;      /* all values, one after another */
    struct jh_segment_value {
        size_t at, len; /* in `encoded` */
    } *values;          /* by slot */
};

jihe_status jh_segment_build_new(jh_segment_build **out, const jh_schema *schema, const jh_slots *slots,
                                 const char *name, jihe_error *err);
void jh_segment_build_free(jh_segment_build *build); /* NULL accepted */
void jh_segment_build_clear(jh_segment_build *build, uint32_t number); /* no rows; keeps the memory */

/* Memory for `rows` rows in all, at most JH_SEGMENT_ROWS. False: none. */
bool jh_segment_build_reserve(jh_segment_build *build, uint32_t rows);

#endif
