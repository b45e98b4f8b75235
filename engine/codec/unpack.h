#ifndef JH_CODEC_UNPACK_H
#define JH_CODEC_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading MessagePack without copies and without allocation, from bytes nobody trusts. jh_unpack_begin walks the
 * whole value first (lengths against bytes left, depth <= 16, nodes <= bytes, UTF-8 in strings, one value and nothing
 * after it), so that the readers below cannot run off the end. A reader that meets another kind sets `failed`, stays
 * where it is and returns false/0/""; check `failed` once at the end. Floats and ext values can be skipped, not read.
 * Of two equal keys of a map the first is found. */
typedef struct jh_unpack {
    const uint8_t *at, *end;
    bool           failed;
} jh_unpack;

/* What the next value is. Looks, does not move. */
typedef enum jh_unpack_kind {
    JH_UNPACK_NONE, /* the end, or a cursor that failed */
    JH_UNPACK_NIL,
    JH_UNPACK_BOOL,
    JH_UNPACK_UINT, /* zero or above, in whichever form */
    JH_UNPACK_SINT, /* below zero */
    JH_UNPACK_FLOAT,
    JH_UNPACK_STR,
    JH_UNPACK_BIN,
    JH_UNPACK_EXT,
    JH_UNPACK_ARRAY,
    JH_UNPACK_MAP
} jh_unpack_kind;

jh_unpack_kind jh_unpack_next(const jh_unpack *in);

/* How much of a stream its first value takes, before jh_unpack_begin looks into it. */
typedef enum jh_unpack_extent {
    JH_UNPACK_WHOLE, /* all of it is there: *value_len bytes */
    JH_UNPACK_SHORT, /* more bytes are needed */
    JH_UNPACK_LONG,  /* it takes more than `most` bytes, whatever follows */
    JH_UNPACK_BROKEN /* not MessagePack, or deeper than 16 */
} jh_unpack_extent;

jh_unpack_extent jh_unpack_measure(const void *bytes, size_t len, size_t most, size_t *value_len);

bool jh_unpack_begin(jh_unpack *in, const void *bytes, size_t len);
size_t      jh_unpack_map(jh_unpack *in);   /* number of pairs */
size_t      jh_unpack_array(jh_unpack *in); /* number of items */
const char *jh_unpack_str(jh_unpack *in, size_t *len); /* into the bytes, not terminated; nil gives NULL, len 0 */
const void *jh_unpack_bin(jh_unpack *in, size_t *len);
uint64_t    jh_unpack_u64(jh_unpack *in);
int64_t     jh_unpack_i64(jh_unpack *in);
bool        jh_unpack_bool(jh_unpack *in);
void        jh_unpack_skip(jh_unpack *in);
bool        jh_unpack_is_nil(const jh_unpack *in); /* looks, does not move */

/* At a map: true and a cursor at the value of `key`, or false. Does not move `in`. */
bool jh_unpack_find(const jh_unpack *in, const char *key, jh_unpack *value);

#endif
