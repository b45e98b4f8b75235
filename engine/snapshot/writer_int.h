#ifndef JH_SNAPSHOT_WRITER_INT_H
#define JH_SNAPSHOT_WRITER_INT_H

/* Shared by writer.c (the life of a snapshot that is being built) and writer_rows.c (its documents). */

#include "snapshot/colbuf.h"
#include "snapshot/dict.h"
#include "snapshot/places.h"
#include "snapshot/probe.h"
#include "snapshot/slots.h"
#include "snapshot/stored.h"
#include "snapshot/writer.h"
#include "store/env.h"

struct jh_writer {
    jh_places places;
    const jh_schema *schema;
    jh_slots slots;
    jh_env *env;          /* NULL until the first segment is full or the snapshot is sealed, and after that */
    jh_colbuf *columns;   /* by slot: the unfinished segment */
    jh_dict *dicts;       /* by schema column; used for categories */
    uint32_t *codes;      /* by schema column: the codes of the row being added */
    jh_packer packer;
    jh_buf encoded;       /* one value on its way to the file */
    jh_col_room id_room;  /* an id that lies packed in the file */
    jh_probe ids;         /* hash of an id to its row number */
    jh_manifest manifest; /* rows, segments and totals so far; the rest when sealed */
    uint32_t fill;        /* rows in the unfinished segment */
    uint32_t room;        /* rows its buffers have memory for */
    bool failed;          /* a segment could not be written: what was built is of no use */
    bool sealed, published;
};

/* JIHE_BUG when an earlier call failed beyond repair or the snapshot is sealed. */
jihe_status jh_writer_usable(const jh_writer *writer, jihe_error *err);

/* The unfinished segment goes to the file. */
jihe_status jh_writer_flush(jh_writer *writer, jihe_error *err);

#endif
