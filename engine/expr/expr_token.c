#include "expr/expr_token.h"

#include <string.h>

#include "base/text.h"
#include "expr/expr_literal.h"

static const struct keyword {
    const char *word;
    jh_token_kind kind;
} keywords[] = {
    {"and", JH_TOKEN_AND},         {"or", JH_TOKEN_OR},       {"not", JH_TOKEN_NOT}, {"in", JH_TOKEN_IN},
    {"between", JH_TOKEN_BETWEEN}, {"like", JH_TOKEN_LIKE},   {"is", JH_TOKEN_IS},   {"null", JH_TOKEN_NULL},
    {"true", JH_TOKEN_TRUE},       {"false", JH_TOKEN_FALSE},
};

/* Marks that look right on paper, and what to type instead. Full-width ASCII is found by its range. */
static const struct lookalike {
    const char *mark, *instead;
} lookalikes[] = {
    {"\u2018", "'"},  {"\u2019", "'"},  {"\u201c", "'"},  {"\u201d", "'"}, {"\u3000", "a space"}, {"\u00a0", "a space"},
    {"\u2260", "<>"}, {"\u2264", "<="}, {"\u2265", ">="}, {"\u3001", ","}, {"\u2212", "-"},
};

/* Characters of other languages. */
static const struct stranger {
    char mark;
    const char *hint;
} strangers[] = {
    {'&', "write 'and'"},
    {'|', "write 'or'"},
    {'!', "write 'not', or '<>' for not equal"},
    {'`', "put column names in double quotes"},
    {'[', "put column names in double quotes"},
    {';', "one expression is enough"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Full-width digits and punctuation (U+FF01..U+FF5E without letters): the ASCII character meant, or 0. */
static char full_width(const char *at, size_t left)
{
    unsigned code;

    if (left < 3 || (unsigned char)at[0] != 0xEF)
        return 0;
    code = 0xF000u | ((unsigned)at[1] & 0x3F) << 6 | ((unsigned)at[2] & 0x3F);
    if (code < 0xFF01 || code > 0xFF5E || is_letter((char)(code - 0xFEE0)))
        return 0;
    return (char)(code - 0xFEE0);
}

/* Length of a misleading mark at `at`, 0 when there is none; `instead` gets what to type. */
static size_t misleading(const char *at, size_t left, char instead[16])
{
    const char plain = full_width(at, left);

    if (plain != 0) {
        instead[0] = plain == '"' ? '\'' : plain;
        instead[1] = '\0';
        return 3;
    }
    for (size_t i = 0; i < sizeof lookalikes / sizeof lookalikes[0]; i++) {
        const size_t len = strlen(lookalikes[i].mark);

        if (left >= len && memcmp(at, lookalikes[i].mark, len) == 0) {
            memcpy(instead, lookalikes[i].instead, strlen(lookalikes[i].instead) + 1);
            return len;
        }
    }
    return 0;
}

/* Bytes of the bare name at `text`. */
static size_t name_length(const char *text, size_t len)
{
    char instead[16];
    size_t at = 0;

    while (at < len && (is_letter(text[at]) || (at > 0 && is_digit(text[at])))) {
        if ((unsigned char)text[at] >= 0xC0 && misleading(text + at, len - at, instead) != 0)
            break;
        at++;
    }
    return at;
}

static jh_token_kind keyword_kind(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        const char *word = keywords[i].word;
        size_t same = 0;

        while (same < len && word[same] != '\0' && lower(text[same]) == word[same])
            same++;
        if (same == len && word[same] == '\0')
            return keywords[i].kind;
    }
    return JH_TOKEN_NAME;
}

bool jh_token_bare(const char *name, size_t len)
{
    return len > 0 && name_length(name, len) == len && keyword_kind(name, len) == JH_TOKEN_NAME;
}

static jihe_status read_name(const jh_expr_source *source, jh_token *token)
{
    const size_t len = name_length(source->text + token->at, source->len - token->at);

    token->end = token->at + (uint32_t)len;
    token->text = source->text + token->at;
    token->text_len = (uint32_t)len;
    token->kind = keyword_kind(token->text, len);
    return JIHE_OK;
}

/* The byte behind the closing quote of what opens at `open`, 0 when it is never closed. */
static uint32_t closing(const jh_expr_source *source, uint32_t open)
{
    const char quote = source->text[open];

    for (uint32_t at = open + 1; at < source->len; at++) {
        if (source->text[at] != quote)
            continue;
        if (at + 1 == source->len || source->text[at + 1] != quote)
            return at + 1;
        at++;
    }
    return 0;
}

/* 'text' or "name": the quote doubled stands for itself. */
static jihe_status read_quoted(const jh_expr_source *source, jh_token *token)
{
    const char quote = source->text[token->at];
    char *value;

    token->kind = quote == '\'' ? JH_TOKEN_TEXT : JH_TOKEN_NAME;
    token->end = closing(source, token->at);
    if (token->end == 0)
        return jh_expr_fail(source, token->at,
                            "the quote opened here is never closed; inside %s, write the quote twice",
                            quote == '\'' ? "a text" : "a column name");
    value = JH_NEW(source->arena, char, token->end - token->at);
    if (value == NULL)
        return jh_expr_no_memory(source);
    for (uint32_t at = token->at + 1; at < token->end - 1; at++) {
        value[token->text_len++] = source->text[at];
        if (source->text[at] == quote)
            at++;
    }
    token->text = value;
    return JIHE_OK;
}

static jihe_status fail_number(const jh_expr_source *source, const jh_token *token, uint32_t end)
{
    char quoted[64];

    while (end < source->len && (is_letter(source->text[end]) || is_digit(source->text[end]) ||
                                 source->text[end] == '.' || source->text[end] == '-'))
        end++;
    jh_text_quote(source->text + token->at, end - token->at, quoted, sizeof quoted);
    if (strchr(quoted + 1, '-') != NULL)
        return jh_expr_fail(source, token->at, "'%s' is not a number; a date stands in quotes: '%s'", quoted, quoted);
    return jh_expr_fail(source, token->at,
                        "'%s' is not a number; expected digits, with a point before decimals: 1250 or -0.5", quoted);
}

/* Do the digits from `from` to `end` go on as something else: 10万, 5., 2026-11-01? "48h" and "5-3" are fine. */
static bool is_run_on(const jh_expr_source *source, uint32_t from, uint32_t end)
{
    const char *text = source->text + end;
    const uint32_t left = source->len - end;
    char instead[16];

    if (left == 0 || jh_duration_unit(text, name_length(text, left)) != 0)
        return false;
    if (text[0] == '-')
        return end - from == 4 && left >= 6 && is_digit(text[1]) && is_digit(text[2]) && text[3] == '-';
    return (text[0] == '.' || is_letter(text[0])) && misleading(text, left, instead) == 0;
}

static jihe_status read_number(const jh_expr_source *source, jh_token *token)
{
    const char *text = source->text;
    uint32_t at = token->at;

    while (at < source->len && is_digit(text[at]))
        at++;
    if (at + 1 < source->len && text[at] == '.' && is_digit(text[at + 1]))
        for (at++; at < source->len && is_digit(text[at]);)
            at++;
    if (is_run_on(source, token->at, at))
        return fail_number(source, token, at);
    token->kind = JH_TOKEN_NUMBER;
    token->end = at;
    token->text = text + token->at;
    token->text_len = at - token->at;
    return JIHE_OK;
}

static jihe_status fail_character(const jh_expr_source *source, uint32_t at)
{
    char instead[16], quoted[16];
    const size_t len = misleading(source->text + at, source->len - at, instead);

    if (len != 0)
        return jh_expr_fail(source, at, "found '%s', expected plain punctuation: type %s",
                            jh_text_quote(source->text + at, len, quoted, sizeof quoted), instead);
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        if (strangers[i].mark == source->text[at])
            return jh_expr_fail(source, at, "unexpected '%c'; %s", source->text[at], strangers[i].hint);
    jh_text_quote(source->text + at, 1, quoted, sizeof quoted);
    return jh_expr_fail(source, at, "unexpected character '%s'", quoted);
}

/* Comparison signs and punctuation. */
static jihe_status read_mark(const jh_expr_source *source, jh_token *token)
{
    static const struct mark {
        const char *text;
        jh_token_kind kind;
        jh_cmp cmp;
    } marks[] = {
        {"<>", JH_TOKEN_CMP, JH_CMP_NE}, {"!=", JH_TOKEN_CMP, JH_CMP_NE}, {"<=", JH_TOKEN_CMP, JH_CMP_LE},
        {">=", JH_TOKEN_CMP, JH_CMP_GE}, {"=", JH_TOKEN_CMP, JH_CMP_EQ},  {"<", JH_TOKEN_CMP, JH_CMP_LT},
        {">", JH_TOKEN_CMP, JH_CMP_GT},  {"(", JH_TOKEN_OPEN, 0},         {")", JH_TOKEN_CLOSE, 0},
        {",", JH_TOKEN_COMMA, 0},        {".", JH_TOKEN_DOT, 0},          {"+", JH_TOKEN_PLUS, 0},
        {"-", JH_TOKEN_MINUS, 0},        {"*", JH_TOKEN_TIMES, 0},        {"/", JH_TOKEN_OVER, 0},
        {"%", JH_TOKEN_REST, 0},         {"~", JH_TOKEN_MATCH, 0},
    };
    const uint32_t left = source->len - token->at;

    if (left >= 2 && memcmp(source->text + token->at, "==", 2) == 0)
        return jh_expr_fail(source, token->at, "unexpected '=='; equality is written '='");
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const size_t len = strlen(marks[i].text);

        if (left >= len && memcmp(source->text + token->at, marks[i].text, len) == 0) {
            token->kind = marks[i].kind;
            token->cmp = marks[i].cmp;
            token->end = token->at + (uint32_t)len;
            return JIHE_OK;
        }
    }
    return fail_character(source, token->at);
}

jihe_status jh_token_read(const jh_expr_source *source, uint32_t from, jh_token *out)
{
    const char *text = source->text;

    while (from < source->len && strchr(" \t\r\n", text[from]) != NULL && text[from] != '\0')
        from++;
    *out = (jh_token){.kind = JH_TOKEN_END, .at = from, .end = from};
    if (from == source->len)
        return JIHE_OK;
    if (name_length(text + from, source->len - from) > 0)
        return read_name(source, out);
    if (text[from] == '\'' || text[from] == '"')
        return read_quoted(source, out);
    if (is_digit(text[from]))
        return read_number(source, out);
    return read_mark(source, out);
}
