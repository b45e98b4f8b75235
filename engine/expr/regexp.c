#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/regexp.h"

#include <pcre2.h>

enum { MAX_NESTING = 64 };

struct jh_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

/* Compiled patterns live and die with their arena. */
static void *arena_get(size_t size, void *arena)
{
    return jh_arena_get(arena, size, 1);
}

static void arena_keep(void *memory, void *arena)
{
    (void)memory;
    (void)arena;
}

/* No \C: it would cut characters; nesting is bounded because PCRE2 recurses over it. */
static pcre2_code *compile(const char *text, size_t len, uint32_t options, pcre2_general_context *memory, int *error,
                           size_t *at)
{
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_code *code;

    *error = PCRE2_ERROR_NOMEMORY;
    *at = 0;
    if (context == NULL)
        return NULL;
    pcre2_set_parens_nest_limit(context, MAX_NESTING);
    code = pcre2_compile((PCRE2_SPTR)text, len, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | options, error, at, context);
    pcre2_compile_context_free(context);
    return code;
}

jihe_status jh_pattern_check(const char *text, size_t len, size_t *at, char *message, size_t size)
{
    int error;
    pcre2_code *code = compile(text, len, 0, NULL, &error, at);

    if (code == NULL) {
        if (pcre2_get_error_message(error, (PCRE2_UCHAR *)message, size) < 0)
            message[0] = '\0';
        return error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED ? JIHE_NO_MEMORY : JIHE_CONFIG;
    }
    pcre2_code_free(code);
    return JIHE_OK;
}

static jh_pattern *new_pattern(const char *text, size_t len, uint32_t options, jh_arena *arena)
{
    jh_pattern *pattern = JH_NEW(arena, jh_pattern, 1);
    pcre2_general_context *memory = pcre2_general_context_create(arena_get, arena_keep, arena);
    size_t at;
    int error;

    if (pattern == NULL || memory == NULL)
        return NULL;
    pattern->code = compile(text, len, options, memory, &error, &at);
    pattern->limits = pcre2_match_context_create(memory);
    if (pattern->code == NULL || pattern->limits == NULL)
        return NULL;
    pcre2_set_match_limit(pattern->limits, JH_PATTERN_STEPS);
    pcre2_set_heap_limit(pattern->limits, JH_PATTERN_HEAP_KIB);
    return pattern;
}

jh_pattern *jh_pattern_new(const char *text, size_t len, jh_arena *arena)
{
    return new_pattern(text, len, 0, arena);
}

/* One pair of offsets is room enough: only whether there is a match is asked. */
jh_pattern_room *jh_pattern_room_new(void)
{
    return (jh_pattern_room *)pcre2_match_data_create(1, NULL);
}

void jh_pattern_room_free(jh_pattern_room *room)
{
    pcre2_match_data_free((pcre2_match_data *)room);
}

jh_found jh_pattern_find(const jh_pattern *pattern, jh_pattern_room *room, const char *text, size_t len)
{
    const int result = pcre2_match(pattern->code, (PCRE2_SPTR)(text == NULL ? "" : text), len, 0, 0,
                                   (pcre2_match_data *)room, pattern->limits);

    if (result >= 0)
        return JH_FOUND_YES;
    if (result == PCRE2_ERROR_NOMATCH)
        return JH_FOUND_NO;
    return result == PCRE2_ERROR_NOMEMORY ? JH_FOUND_NO_MEMORY : JH_FOUND_NO_ANSWER;
}

jh_found jh_pattern_find_plain(const char *pattern, size_t pattern_len, const char *text, size_t len)
{
    jh_pattern_room *room = jh_pattern_room_new();
    jh_found found = JH_FOUND_NO_MEMORY;
    const jh_pattern *plain;
    jh_arena arena;

    jh_arena_init(&arena, 0);
    plain = new_pattern(pattern, pattern_len, PCRE2_NO_START_OPTIMIZE | PCRE2_NO_AUTO_POSSESS | PCRE2_NO_DOTSTAR_ANCHOR,
                        &arena);
    if (plain != NULL && room != NULL)
        found = jh_pattern_find(plain, room, text, len);
    jh_arena_deinit(&arena);
    jh_pattern_room_free(room);
    return found;
}
