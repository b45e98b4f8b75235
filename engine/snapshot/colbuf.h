#ifndef JH_SNAPSHOT_COLBUF_H
#define JH_SNAPSHOT_COLBUF_H

#include "base/buf.h"
#include "snapshot/batch.h"
#include "snapshot/packer.h"
#include "snapshot/segment.h"
#include "snapshot/slots.h"

/* One column of the unfinished segment. Shared by engine/snapshot only. */
typedef struct jh_colbuf {
    uint8_t encoding;  /* how it is collected: JH_ENC_FIXED or JH_ENC_HEAP */
    uint8_t packing;   /* HEAP: JH_ENC_PACKED or JH_ENC_IDS, what it shall be stored as; 0: as it is */
    bool raw;          /* FIXED: all 64 bits, no base: the hash column */
    int64_t *values;   /* FIXED: one per row, 0 where absent */
    uint32_t *offsets; /* HEAP: rows + 1 */
    jh_buf bytes;      /* HEAP */
    uint64_t *valid;   /* a bit per row */
    uint32_t nulls;
    const struct jh_symbol_coder *coder; /* HEAP: of the column's texts; NULL: there is none */
    int64_t least, most; /* FIXED: of the present values; once settled, 0 when there is none */
} jh_colbuf;

void jh_colbuf_deinit(jh_colbuf *column);               /* a zeroed one is fine */
void jh_colbuf_clear(jh_colbuf *column, uint32_t rows); /* no rows; keeps the memory there is for `rows` of them */

/* Memory for `rows` rows in all (a multiple of 64, more than before); false: none. */
bool jh_colbuf_grow(jh_colbuf *column, uint32_t old_rows, uint32_t rows);

/* Row `row`, each once and in order. Room is there; for a text jh_buf_reserve has made it. */
void jh_colbuf_null(jh_colbuf *column, uint32_t row);
void jh_colbuf_number(jh_colbuf *column, uint32_t row, int64_t value);
void jh_colbuf_text(jh_colbuf *column, uint32_t row, const char *text, uint32_t len);

/* Rows `row` .. row + count - 1 from rows[0 .. count) of a batch's column. Room as above; false: no memory for the bytes. */
void jh_colbuf_add_numbers(jh_colbuf *column, uint32_t row, const int64_t *values, const uint8_t *present,
                           const uint32_t *rows, uint32_t count);
void jh_colbuf_add_hashes(jh_colbuf *column, uint32_t row, const uint64_t *hashes, const uint32_t *rows,
                          uint32_t count);
/* Of words numbered as the batch has them; JH_WORD_NONE is absent. Stops at the first that has no code yet (its number is
 * not below `known`, or codes[number] is JH_WORD_NONE), and returns how many it has added. */
uint32_t jh_colbuf_add_codes(jh_colbuf *column, uint32_t row, const uint32_t *words, const uint32_t *codes,
                             uint32_t known, const uint32_t *rows, uint32_t count);
bool jh_colbuf_add_pieces(jh_colbuf *column, uint32_t row, const jh_piece *pieces, const uint32_t *rows,
                          uint32_t count);

/* To be called once all rows are there, before jh_colbuf_encode. */
void jh_colbuf_settle(jh_colbuf *column, uint32_t rows);

/* A coder that has learned from the texts of the first `rows` rows (packed.h); *coder is NULL when there is too little to
 * learn from. JIHE_NO_MEMORY. */
jihe_status jh_colbuf_learn(const jh_colbuf *column, uint32_t rows, struct jh_symbol_coder **coder, jihe_error *err);

/* The finished value of the first `rows` rows: header, payload, zeros, checksum. It is out->bytes[*at .. out->len), *at
 * being the next multiple of 16 (out->bytes is at one, so that the value is aligned); what was in `out` before stays.
 * Threads may encode different columns at a time, each with its own packer. JIHE_NO_MEMORY. */
jihe_status jh_colbuf_encode(const jh_colbuf *column, uint32_t rows, const uint8_t key[JH_KEY_BYTES],
                             jh_packer *packer, jh_buf *out, size_t *at, jihe_error *err);

#endif
