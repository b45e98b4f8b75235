#ifndef JH_SNAPSHOT_STORED_H
#define JH_SNAPSHOT_STORED_H

#include <stdbool.h>
#include <string.h>

#include "snapshot/segment.h"
#include "snapshot/slots.h"

/* One value of data.mdb as it lies in the file (FORMAT.md): a 48-byte header, the payload, zeros up to 2,048 bytes in
 * all. Shared by the .c files of engine/snapshot only. */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is little-endian and is read in place");

enum {
    JH_ENC_BLOB = 3,        /* bytes of another format: the schema's MessagePack */
    JH_STORED_MIN = 2048,   /* shorter values would share a page and lose their alignment */
    JH_STORED_VALIDITY = 1, /* flag: a validity bitmap follows */
    JH_TEXT_MAX = 1 << 20,  /* bytes of one value */
    JH_HEAP_MAX = 1 << 30   /* bytes of one heap, or of one dictionary */
};

typedef struct jh_stored {
    uint32_t rows;    /* documents; dictionary and tally: codes; schema: columns */
    uint8_t encoding; /* JH_ENC_* */
    uint8_t width;    /* FIXED: 0, 1, 2, 4, 8; otherwise 0 */
    uint8_t flags;    /* JH_STORED_VALIDITY exactly when 0 < nulls < rows */
    uint8_t zero;
    uint32_t nulls;
    uint32_t zero_too;
    int64_t base;
    int64_t max;       /* raw columns (hashes, counts): base 0 and max -1, all 64 bits in use */
    uint64_t payload;  /* bytes after the header, without the zeros at the end */
    uint64_t checksum; /* XXH3-64 of this header, with XXH3-64 of all bytes after it in this field, and of the key */
} jh_stored;

_Static_assert(sizeof(jh_stored) == 48, "the header's size is part of the format");
_Static_assert(offsetof(jh_stored, nulls) == 8 && offsetof(jh_stored, base) == 16 && offsetof(jh_stored, max) == 24 &&
                   offsetof(jh_stored, payload) == 32 && offsetof(jh_stored, checksum) == 40,
               "the header's layout is part of the format");
_Static_assert(JH_SEGMENT_ROWS % 64 == 0, "a full segment needs no padding");

/* What a reader knows about a value before it looks. */
typedef struct jh_expect {
    uint8_t encoding;
    uint8_t other; /* an encoding it may have instead; 0: none */
    bool raw; /* FIXED of 64 bits without base */
    bool may_be_null;
    uint32_t rows;
    int64_t low, high; /* FIXED, not raw: the range present values must lie in */
    uint32_t columns;  /* TABLE */
} jh_expect;

/* The values a column of this type may hold; categories: 0 up to, not including, `codes`. */
jh_expect jh_expect_column(const jh_column *column, uint32_t rows, uint32_t codes);
/* The same in a snapshot of an earlier format. */
jh_expect jh_expect_column_of(uint32_t format, const jh_column *column, uint32_t rows, uint32_t codes);
jh_expect jh_expect_raw(uint32_t rows);
bool jh_expect_holds(const jh_expect *expect, int64_t value);

unsigned jh_stored_width(uint64_t span); /* bytes that hold 0..span: 0, 1, 2, 4 or 8 */
uint64_t jh_stored_fixed_payload(uint32_t rows, unsigned width, bool validity);
uint64_t jh_stored_heap_payload(uint32_t rows, uint64_t bytes, bool validity);
size_t jh_stored_len(uint64_t payload); /* of the whole value */

/* The header is filled but for the checksum, and so is the payload: adds the zeros and the checksum. The key is part of
 * it, so that a value in another's place is found out. */
void jh_stored_finish(void *value, const uint8_t key[JH_KEY_BYTES]);

/* Structure and checksum of a value nobody trusts, of which `len` bytes can be read. JIHE_CORRUPT says why. */
jihe_status jh_stored_check(const void *value, size_t len, const uint8_t key[JH_KEY_BYTES], const jh_expect *expect,
                            jihe_error *err);

/* Of a value, not a BLOB, that was checked or has just been written. Texts that are packed are not in it: see room.h. */
void jh_stored_view(const void *value, jh_col_view *out);

#endif
