#include "sample/draw_stream.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

uint64_t jh_stream_key(const char *seed, const char *stream)
{
    char bytes[JH_MAX_SEED + 1 + 128];
    const size_t seed_len = strlen(seed), stream_len = strlen(stream);

    assert(seed_len <= JH_MAX_SEED && stream_len <= 128);
    memcpy(bytes, seed, seed_len);
    bytes[seed_len] = 0x1F;
    memcpy(bytes + seed_len + 1, stream, stream_len);
    return jh_hash64(bytes, seed_len + 1 + stream_len);
}

const char *jh_stream_name(const jh_rule *rule)
{
    return rule->draw.own_stream ? rule->id : "night";
}
