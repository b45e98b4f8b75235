#include "config/yaml_int.h"

#include <string.h>

/* Where the parts of a scalar stand in the file. A folded block, a text over several lines and an escape all make the
 * value another text than the file has: value and file are read side by side, and wherever they part, a break is noted.
 */

typedef struct side_by_side {
    const char *raw;
    size_t len, at;
    uint32_t line, column; /* of raw[at] */
    size_t blanks_end;     /* where the run of blanks ends that raw[at] may be in: looked for once */
    char quote;            /* '\'' or '"', 0 for plain and blocks */
} side_by_side;

static void step(side_by_side *s)
{
    if (s->raw[s->at] == '\n') {
        s->line++;
        s->column = 1;
    } else if (((unsigned char)s->raw[s->at] & 0xC0) != 0x80) {
        s->column++;
    }
    s->at++;
    while (s->at < s->len && ((unsigned char)s->raw[s->at] & 0xC0) == 0x80)
        s->at++;
}

static bool at_blank(const side_by_side *s)
{
    return s->at < s->len && strchr(" \t\r\n", s->raw[s->at]) != NULL && s->raw[s->at] != '\0';
}

/* Length of the escape at raw[at] in "double quotes". */
static size_t escape_length(const side_by_side *s)
{
    const char kind = s->at + 1 < s->len ? s->raw[s->at + 1] : '\0';

    return kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Past the blanks that stand for `c` of the value: one of them, or a line's end with the edges of both lines. */
static void pass_blanks(side_by_side *s, char c)
{
    bool ended = false;

    if (c != '\n' && s->raw[s->at] == c) {
        if (s->blanks_end <= s->at)
            for (s->blanks_end = s->at; s->blanks_end < s->len && is_blank(s->raw[s->blanks_end]);)
                s->blanks_end++;
        if (s->blanks_end == s->len || s->raw[s->blanks_end] != '\n') {
            step(s);
            return;
        }
    }
    while (at_blank(s) && !(ended && c == '\n' && s->raw[s->at] == '\n')) {
        ended |= s->raw[s->at] == '\n';
        step(s);
    }
}

/* Past what stands for the code point at `value`. False: the two cannot be brought together. */
static bool pass(side_by_side *s, const char *value)
{
    if (*value == '\n' || *value == ' ' || *value == '\t') {
        if (at_blank(s))
            pass_blanks(s, *value);
        else if (s->quote == '"' && s->at < s->len && s->raw[s->at] == '\\')
            for (size_t n = escape_length(s); n > 0 && s->at < s->len; n--)
                step(s);
        return true; /* a further line's end has been passed with the first */
    }
    while (at_blank(s))
        step(s);
    if (s->quote == '"' && s->at < s->len && s->raw[s->at] == '\\') {
        for (size_t n = escape_length(s); n > 0 && s->at < s->len; n--)
            step(s);
        return true;
    }
    if (s->at >= s->len || s->raw[s->at] != *value)
        return false;
    if (s->quote == '\'' && *value == '\'')
        step(s);
    step(s);
    return true;
}

static size_t code_point(const char *text, size_t left)
{
    size_t len = 1;

    while (len < left && ((unsigned char)text[len] & 0xC0) == 0x80)
        len++;
    return len;
}

bool jh_yaml_breaks(jh_arena *arena, const char *raw, size_t len, size_t from, char quote, jh_node *node)
{
    side_by_side s = {raw, len, from, node->line, node->column, 0, quote};
    jh_text_break *breaks = NULL;
    size_t count = 0, room = 0;

    for (size_t at = 0, next; at < node->len; at = next) {
        const uint32_t line = s.line, column = s.column;

        next = at + code_point(node->text + at, node->len - at);
        if (!pass(&s, node->text + at))
            return true; /* a form that is not known here: the place of the whole is all that is said */
        if (s.line == line && s.column == column + 1)
            continue;
        while (next < node->len && at_blank(&s) && strchr(" \t\n", node->text[next]) == NULL)
            step(&s);
        breaks = jh_arena_list(arena, breaks, count, &room, sizeof *breaks);
        if (breaks == NULL)
            return false;
        breaks[count++] = (jh_text_break){(uint32_t)next, s.line, s.column};
    }
    node->breaks = breaks;
    node->break_count = count;
    return true;
}
