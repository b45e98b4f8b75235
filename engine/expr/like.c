#include "expr/like.h"

#include <stdint.h>
#include <string.h>

typedef enum part_kind { PART_RUN, PART_ONE, PART_ANY } part_kind;

struct jh_like_part {
    part_kind kind;
    const char *bytes; /* RUN */
    size_t len;
};

bool jh_like_valid(const char *pattern, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (pattern[i] != '\\')
            continue;
        i++;
        if (i == len || (pattern[i] != '%' && pattern[i] != '_' && pattern[i] != '\\'))
            return false;
    }
    return true;
}

/* "word", "word%", "%word", "%word%" */
static void find_kind(jh_like *like)
{
    static const jh_like_kind kinds[2][2] = {{JH_LIKE_EXACT, JH_LIKE_PREFIX}, {JH_LIKE_SUFFIX, JH_LIKE_CONTAINS}};
    const bool before = like->count > 0 && like->parts[0].kind == PART_ANY;
    const bool after = like->count > 1 && like->parts[like->count - 1].kind == PART_ANY;

    if (like->count != 1u + before + after || like->parts[before].kind != PART_RUN)
        return;
    like->kind = kinds[before][after];
    like->word = like->parts[before].bytes;
    like->word_len = like->parts[before].len;
}

bool jh_like_compile(jh_like *out, const char *pattern, size_t len, jh_arena *arena)
{
    jh_like_part *parts = JH_NEW(arena, jh_like_part, len + 1);
    char *bytes = JH_NEW(arena, char, len + 1);
    size_t count = 0, put = 0;
    bool in_run = false;

    if (parts == NULL || bytes == NULL)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (pattern[i] == '%' || pattern[i] == '_') {
            parts[count++].kind = pattern[i] == '%' ? PART_ANY : PART_ONE;
            in_run = false;
            continue;
        }
        i += pattern[i] == '\\';
        if (!in_run)
            parts[count++] = (jh_like_part){PART_RUN, bytes + put, 0};
        in_run = true;
        bytes[put++] = pattern[i];
        parts[count - 1].len++;
    }
    *out = (jh_like){.parts = parts, .count = count};
    find_kind(out);
    return true;
}

/* Bytes of the code point at `text`; a broken one counts as one byte. */
static size_t code_point(const char *text, size_t left)
{
    const unsigned char lead = (unsigned char)*text;
    const size_t len = lead < 0xC0 ? 1u : lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u;

    return len < left ? len : left;
}

/* Bytes of `text` that a part takes, SIZE_MAX when it does not fit. */
static size_t taken(const jh_like_part *part, const char *text, size_t left)
{
    if (part->kind == PART_RUN)
        return part->len <= left && memcmp(text, part->bytes, part->len) == 0 ? part->len : SIZE_MAX;
    return left == 0 ? SIZE_MAX : code_point(text, left);
}

/* Only the last '%' ever needs another try: whatever an earlier one could take, the last one can take as well. */
bool jh_like_match_steps(const jh_like *like, const char *text, size_t len)
{
    size_t part = 0, at = 0, any = SIZE_MAX, any_at = 0;

    for (;;) {
        size_t step = SIZE_MAX;

        while (part < like->count && like->parts[part].kind == PART_ANY) {
            any = part++;
            any_at = at;
        }
        if (part == like->count && (at == len || (any != SIZE_MAX && any + 1 == part)))
            return true;
        if (part < like->count)
            step = taken(&like->parts[part], text + at, len - at);
        if (step != SIZE_MAX) {
            at += step;
            part++;
        } else if (any == SIZE_MAX || any_at >= len) {
            return false;
        } else {
            any_at += code_point(text + any_at, len - any_at);
            at = any_at;
            part = any + 1;
        }
    }
}

bool jh_like_match(const jh_like *like, const char *text, size_t len)
{
    switch (like->kind) {
    case JH_LIKE_EXACT:
        return len == like->word_len && memcmp(text, like->word, len) == 0;
    case JH_LIKE_PREFIX:
        return len >= like->word_len && memcmp(text, like->word, like->word_len) == 0;
    case JH_LIKE_SUFFIX:
        return len >= like->word_len && memcmp(text + len - like->word_len, like->word, like->word_len) == 0;
    case JH_LIKE_CONTAINS:
        return len >= like->word_len && memmem(text, len, like->word, like->word_len) != NULL;
    case JH_LIKE_STEPS:
        break;
    }
    return jh_like_match_steps(like, text, len);
}
