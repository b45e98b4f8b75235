#include "config/yaml_int.h"

#include "base/buf.h"
#include "base/text.h"

/* JIHE_CONFIG at byte `at` of the text. */
static jihe_status refuse_at(const char *source, const char *text, size_t at, jihe_error *err, const char *what)
{
    uint32_t line = 1;
    size_t start = 0;

    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            line++;
            start = i + 1;
        }
    }
    return jh_fail_at(err, JIHE_CONFIG, source, line, jh_text_code_points(text + start, at - start) + 1, "%s", what);
}

static jihe_status check_utf8(const char *source, const char *text, size_t len, jihe_error *err)
{
    const size_t good = jh_text_utf8_valid(text, len);
    jh_buf decoded = {0};
    jihe_status gb18030;

    if (good == len)
        return JIHE_OK;
    gb18030 = jh_text_from_gb18030(text, len, &decoded, NULL);
    jh_buf_deinit(&decoded);
    if (gb18030 == JIHE_OK)
        return refuse_at(source, text, good, err, "the file looks like GB18030; save it as UTF-8");
    return refuse_at(source, text, good, err, "the file is not valid UTF-8 from here on; save it as UTF-8");
}

/* Whether the line that begins at `at` holds nothing but a comment. */
static bool comment_line(const char *text, size_t at, size_t len)
{
    while (at < len && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at < len && text[at] == '#';
}

/* What the bytes before say about the next one. */
typedef struct gate_state {
    bool   first;      /* of a line */
    bool   in_comment; /* the line is a comment and nothing else */
    size_t quotes;     /* single quotes just before, without a gap */
    size_t empty;      /* line ends just before, with blanks between them at most */
} gate_state;

/* What is wrong with a byte, or NULL. */
static const char *fault(const gate_state *state, unsigned char c)
{
    if (c == '%' && state->first)
        return "a line may not begin with '%' (YAML directives are not used here); quote or indent it";
    if (c == '\t' && !state->in_comment)
        return "found a tab; use spaces (inside double quotes, \\t stands for a tab)";
    if (c == '\'' && state->quotes == JH_YAML_MAX_QUOTES && !state->in_comment)
        return "found more than 8 single quotes in a row; use double quotes or a block (|) around the text";
    if (state->empty > JH_YAML_MAX_EMPTY)
        return "found more than 1000 empty lines in a row; remove them";
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
        return "found a control character; remove it (inside double quotes it can be written like \\x01)";
    return NULL;
}

jihe_status jh_yaml_too_large(const char *source, jihe_error *err)
{
    return jh_fail_at(err, JIHE_CONFIG, source, 0, 0, "the file is larger than %d KiB; split it into several",
                      JH_YAML_MAX_BYTES / 1024);
}

jihe_status jh_yaml_gate(const char *source, const char *text, size_t len, jihe_error *err)
{
    gate_state state = {.first = true};
    jihe_status status;

    if (len > JH_YAML_MAX_BYTES)
        return jh_yaml_too_large(source, err);
    if ((status = check_utf8(source, text, len, err)) != JIHE_OK)
        return status;
    for (size_t at = 0; at < len; at++) {
        const char *what;

        if (state.first)
            state.in_comment = comment_line(text, at, len);
        what = fault(&state, (unsigned char)text[at]);
        if (what != NULL)
            return refuse_at(source, text, at, err, what);
        state.first = text[at] == '\n' || text[at] == '\r';
        if (state.first)
            state.empty++;
        else if (text[at] != ' ')
            state.empty = 0;
        state.quotes = text[at] == '\'' ? state.quotes + 1 : 0;
    }
    return JIHE_OK;
}
