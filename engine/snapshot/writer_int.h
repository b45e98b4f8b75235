#ifndef JH_SNAPSHOT_WRITER_INT_H
#define JH_SNAPSHOT_WRITER_INT_H

/* Shared by writer.c (the life of a snapshot that is being built), writer_ids.c (which ids it has), writer_rows.c
 * (documents one by one) and writer_batch.c (documents by column). */

#include "snapshot/dict.h"
#include "snapshot/places.h"
#include "snapshot/probe.h"
#include "snapshot/room.h"
#include "snapshot/segment_build.h"
#include "snapshot/symbols.h"
#include "snapshot/writer.h"
#include "store/env.h"

/* What the numbers of one source's words are here. */
typedef struct jh_word_map {
    uint32_t *codes; /* by number; JH_WORD_NONE: not met yet */
    uint32_t room;
} jh_word_map;

struct jh_writer {
    jh_places places;
    const jh_schema *schema;
    jh_slots slots;
    jh_env *env; /* NULL until the first segment is put or the snapshot is sealed, and after that */
    jh_segment_build *open;                /* the unfinished segment */
    jh_segment_build *filled, *filled_end; /* those not yet put, in order */
    jh_segment_build *spare;               /* memory of one that was put */
    jh_buf encoded;                        /* memory for a filled segment's values: few are encoded at a time */
    jh_packer packer;
    jh_dict *dicts;       /* by schema column; used for categories */
    jh_symbol_coder **coders; /* by schema column: of texts, has learned from the first segment; may be NULL */
    uint32_t *codes;      /* by schema column: the codes of the row being added */
    jh_word_map *maps;    /* [source * columns + column] */
    uint32_t map_sources;
    uint32_t *kept;       /* rows of the batch being appended */
    uint32_t kept_room;
    uint32_t threads;     /* that may seal */
    jh_probe ids;         /* hash of an id to its row number */
    jh_col_room id_room;  /* an id that lies packed in the file */
    jh_manifest manifest; /* rows, segments put and totals so far; the rest when sealed */
    bool failed;          /* a segment could not be written: what was built is of no use */
    bool sealed, published;
};

/* JIHE_BUG when an earlier call failed beyond repair or the snapshot is sealed. */
jihe_status jh_writer_usable(const jh_writer *writer, jihe_error *err);

/* The open segment goes to the end of the filled ones, and another one is opened. */
jihe_status jh_writer_turn(jh_writer *writer, jihe_error *err);

/* Encodes and puts all filled segments. */
jihe_status jh_writer_drain(jh_writer *writer, jihe_error *err);

/* Is the id in? `batch` are the documents that follow the writer's rows: number `rows + i` is kept[i] of it. */
jihe_status jh_writer_find(jh_writer *writer, uint64_t hash, const char *id, size_t len, const jh_batch *batch,
                           bool *found, jihe_error *err);

/* Room in the index for `count` more ids. */
jihe_status jh_writer_reserve_ids(jh_writer *writer, uint32_t count, jihe_error *err);

#endif
