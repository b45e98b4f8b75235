#include "codec/stored_map.h"

const char *jh_next_text(jh_unpack *in, jh_arena *arena, bool *ok)
{
    size_t len = 0;
    const char *text = jh_unpack_str(in, &len);
    const char *copy = text == NULL ? NULL : jh_arena_text(arena, text, len);

    *ok = *ok && !in->failed && (text == NULL || copy != NULL);
    return copy;
}

jh_unpack jh_field_at(const jh_unpack *map, const char *key, bool *ok)
{
    jh_unpack value = {.failed = true};

    if (!jh_unpack_find(map, key, &value)) {
        value = (jh_unpack){.failed = true};
        *ok = false;
    }
    return value;
}

const char *jh_field_text(const jh_unpack *map, const char *key, jh_arena *arena, bool *ok)
{
    jh_unpack value = jh_field_at(map, key, ok);
    const char *text = value.failed ? NULL : jh_next_text(&value, arena, ok);

    return text == NULL ? "" : text;
}

uint64_t jh_field_u64(const jh_unpack *map, const char *key, uint64_t max, bool *ok)
{
    jh_unpack value = jh_field_at(map, key, ok);
    const uint64_t number = value.failed ? 0 : jh_unpack_u64(&value);

    *ok = *ok && !value.failed && number <= max;
    return number;
}

int64_t jh_field_i64(const jh_unpack *map, const char *key, int64_t min, int64_t max, bool *ok)
{
    jh_unpack value = jh_field_at(map, key, ok);
    const int64_t number = value.failed ? 0 : jh_unpack_i64(&value);

    *ok = *ok && !value.failed && number >= min && number <= max;
    return number;
}

bool jh_field_bool(const jh_unpack *map, const char *key, bool *ok)
{
    jh_unpack value = jh_field_at(map, key, ok);
    const bool answer = value.failed ? false : jh_unpack_bool(&value);

    *ok = *ok && !value.failed;
    return answer;
}
