#ifndef JH_SNAPSHOT_IDTEXT_H
#define JH_SNAPSHOT_IDTEXT_H

#include "snapshot/packer.h"
#include "snapshot/stored.h"

/* Encoding IDS (FORMAT.md): ids that are a few fixed texts around one number. Shared by engine/snapshot only. */

enum {
    JH_ID_PATTERNS = 256, /* at most, in a segment */
    JH_ID_DIGITS = 18     /* of a number at most, so that it is below 2^63 */
};

/* A pattern as stored: the text before the number, the number's digits, the text after it. */
typedef struct jh_id_pattern {
    uint32_t end;    /* of both texts among all patterns' texts */
    uint32_t prefix; /* bytes of the text before the number */
    uint32_t digits; /* 0: the ids have no number, and are all the same text */
    uint32_t zero;
} jh_id_pattern;

/* The payload for ids in HEAP form, appended to `out`; encoding, width, base and max of the header are set. *done is
 * false, and `out` as before, when they do not fit patterns or would not become smaller than a heap. */
jihe_status jh_idtext_put(jh_packer *packer, const jh_col_view *ids, jh_stored *header, jh_buf *out, bool *done,
                          jihe_error *err);

/* The structure of a value whose frame, checksum and nulls are right. JIHE_CORRUPT. */
jihe_status jh_idtext_check(const jh_stored *header, jihe_error *err);

/* Of a value that was checked. */
uint32_t jh_idtext_len(const jh_stored *header, uint32_t row);
void jh_idtext_write(const jh_stored *header, uint32_t row, char *to); /* jh_idtext_len bytes */
size_t jh_idtext_bytes(const jh_stored *header);                       /* of all ids */
void jh_idtext_offsets(const jh_stored *header, uint32_t *offsets);     /* rows + 1, as a heap has them */
void jh_idtext_write_all(const jh_stored *header, char *to);            /* one after another */
/* The same as if all rows that are not in the bitmap were empty. */
void jh_idtext_offsets_of(const jh_stored *header, const uint64_t *rows, uint32_t *offsets);
void jh_idtext_write_of(const jh_stored *header, const uint64_t *rows, char *to);

#endif
