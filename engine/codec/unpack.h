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
