#ifndef JH_INGEST_PARCEL_H
#define JH_INGEST_PARCEL_H

#include "base/arena.h"
#include "ingest/fields.h"
#include "ingest/rejects.h"
#include "snapshot/batch.h"

/* A part of an extract on its way into snapshots: text as it was read, then the documents in it by column, and the
 * records that are none. A parcel is used again and again; all that its documents point to lives as long as it is not. */

enum {
    JH_PARCEL_TEXT = 256 << 10, /* bytes of CSV in one parcel: it stays in a core's own cache */
    JH_PARCEL_RECORDS = 2048,   /* of an extract that is read record by record */
    JH_PARCEL_PAD = 64          /* bytes behind the text that can be read */
};

/* Where a document of the batch came from. */
typedef struct jh_origin {
    const char *raw; /* the record as written */
    uint32_t raw_len;
    uint32_t line, column; /* of its id; line 0: count the line feeds before `raw` */
    const char *path;      /* as jh_field has it */
} jh_origin;

/* A record that was rejected; as jh_reject, with the text of the message elsewhere. */
typedef struct jh_refusal {
    uint32_t before; /* how many of `kept` stand before it */
    uint32_t line, column;
    const char *reason, *found, *path, *message, *raw;
    size_t found_len, raw_len;
} jh_refusal;

typedef struct jh_parcel {
    char *text; /* CSV: whole records, as far as counting quotes can tell */
    size_t len, room;
    bool ends;           /* text[len] is the end of the file */
    uint64_t bytes_read; /* of the file as stored, when this was read */

    jh_batch batch;
    jh_origin *origins; /* by row of the batch */
    uint32_t *kept;     /* the rows of the batch that are documents, in order */
    uint32_t kept_count;
    uint32_t room_rows; /* of origins and kept */
    jh_refusal *refusals;
    size_t refusal_count, refusal_room;
    uint64_t lines; /* line feeds in the text that was used: lines are counted from the parcel's first, as 1 */
    size_t used;    /* bytes of the text that were records; less than len: it was cut within one */
    bool closed;    /* the footer was met: nothing from it on counts, `lines` and `used` end before it */
    jh_arena arena;
    jihe_status status; /* not JIHE_OK: the extract is broken behind the documents above; `error` says how */
    jihe_error error;
} jh_parcel;

jihe_status jh_parcel_init(jh_parcel *parcel, const jh_schema *schema, jihe_error *err);
void jh_parcel_deinit(jh_parcel *parcel); /* a zeroed one is fine */

void jh_parcel_clear(jh_parcel *parcel); /* no text, no documents; keeps the memory */

bool jh_parcel_reserve_text(jh_parcel *parcel, size_t bytes);
bool jh_parcel_reserve_rows(jh_parcel *parcel, uint32_t rows);

/* Adds a reject behind the documents kept so far; copies what it points to, but the reason and the path. */
jihe_status jh_parcel_refuse(jh_parcel *parcel, const jh_reject *why, const char *raw, size_t raw_len, jihe_error *err);

#endif
