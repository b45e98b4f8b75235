#ifndef JH_CODEC_STORED_MAP_H
#define JH_CODEC_STORED_MAP_H

#include "base/arena.h"
#include "codec/unpack.h"

/* Reading the values of a stored map by key. A missing key, another kind or a number out of range sets *ok to false and
 * gives an empty value; *ok is never set to true, so that a reader of many fields checks it once. Texts are copied into
 * the arena. */

const char *jh_field_text(const jh_unpack *map, const char *key, jh_arena *arena, bool *ok); /* nil reads as "" */
uint64_t    jh_field_u64(const jh_unpack *map, const char *key, uint64_t max, bool *ok);
int64_t     jh_field_i64(const jh_unpack *map, const char *key, int64_t min, int64_t max, bool *ok);
bool        jh_field_bool(const jh_unpack *map, const char *key, bool *ok);

/* A cursor at a nested value; at nothing readable when it is missing. */
jh_unpack jh_field_at(const jh_unpack *map, const char *key, bool *ok);

/* The next value of a list as text; nil gives NULL and is no trouble. */
const char *jh_next_text(jh_unpack *in, jh_arena *arena, bool *ok);

#endif
