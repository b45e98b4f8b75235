#ifndef JH_SNAPSHOT_BATCH_H
#define JH_SNAPSHOT_BATCH_H

#include <stdbool.h>

#include "config/schema.h"
#include "snapshot/words.h"

/* Documents on their way into a snapshot, column by column. */

typedef struct jh_piece {
    const char *text; /* NULL: the document has none */
    uint32_t len;
} jh_piece;

typedef struct jh_batch_column {
    int64_t *numbers;  /* money, integer, date, time, flag; 0 where there is none */
    uint8_t *present;  /* of those: 0 or 1 */
    uint32_t *words;   /* category: number in the source's words, or JH_WORD_NONE */
    jh_piece *pieces;  /* id, text; the bytes lie elsewhere */
} jh_batch_column;

typedef struct jh_batch {
    const jh_schema *schema;
    uint32_t source;          /* who made it: words of one source are the same in all its batches */
    jh_words *words;          /* the source's, by schema column; used for categories */
    uint32_t rows, room;
    jh_batch_column *columns; /* by schema column */
    uint64_t *hashes;         /* of the ids */
} jh_batch;

jihe_status jh_batch_init(jh_batch *batch, const jh_schema *schema, uint32_t source, jh_words *words, jihe_error *err);
void jh_batch_deinit(jh_batch *batch); /* a zeroed one is fine */

/* Room for `rows` documents in all; those there stay. False: no memory. */
bool jh_batch_reserve(jh_batch *batch, uint32_t rows);

#endif
