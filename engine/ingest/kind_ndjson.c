#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/paths.h"
#include "ingest/record_kind.h"
#include "ingest/window.h"

/* NDJSON: one JSON object (RFC 8259) per line, UTF-8. A record is read in one go, straight into the fields that are
 * wanted: no tree, and numbers stay the text they are. A line that is not good JSON is one bad record. Empty lines are
 * none. */

typedef enum trouble {
    FINE,
    NOT_UTF8,
    SYNTAX,
    NOT_OBJECT,
    BEHIND,
    NAME_TWICE,
    MANY_NAMES,
    DEEP,
    NESTED,
    NUL_CHARACTER,
    CONTROL,
    ESCAPE
} trouble;

static const struct {
    const char *code, *text;
} troubles[] = {
    [NOT_UTF8] = {"ndjson-encoding", "bytes that are not UTF-8, which JSON has to be; export the file as UTF-8"},
    [SYNTAX] = {"ndjson-syntax", "something that is not JSON"},
    [NOT_OBJECT] = {"ndjson-shape", "a value that is not an object; every line is one object, like {\"id\": 1}"},
    [BEHIND] = {"ndjson-syntax", "something behind the object; every line is one object"},
    [NAME_TWICE] = {"ndjson-name", "a name for the second time; nobody can tell which value counts"},
    [MANY_NAMES] = {"ndjson-name", "more than 4096 names"},
    [DEEP] = {"ndjson-depth", "objects or lists more than 16 deep"},
    [NESTED] = {"ndjson-shape", "an object or a list where a column is declared; name a path inside, or declare a list"},
    [NUL_CHARACTER] = {"ndjson-nul", "a NUL character"},
    [CONTROL] = {"ndjson-syntax", "a control character inside a text; JSON writes it as an escape"},
    [ESCAPE] = {"ndjson-syntax", "an escape that is none of JSON's, or half of a surrogate pair"},
};

struct jh_reader {
    jh_window window;
    jh_paths paths;
    jh_binding *binding;
    uint64_t line; /* of the current record */
    bool any;      /* has there been a good record? */
    jh_buf plain;  /* texts without their escapes, of the current record */
    jh_buf items;  /* its lists that are wanted, their texts with a NUL between them */
};

/* The reading of one line. */
typedef struct scan {
    jh_reader *reader;
    const char *start, *p, *end;
    const char *mark; /* a place whose column is known */
    uint32_t mark_column;
    unsigned depth;
    trouble bad;
    const char *bad_at;
} scan;

typedef struct token {
    const char *text; /* NULL: null */
    size_t len;
    const char *at; /* where it begins in the line */
    bool number, list;
} token;

static bool refuse(scan *s, trouble bad, const char *at)
{
    s->bad = bad;
    s->bad_at = at;
    return false;
}

static void skip_blanks(scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static bool next_is(scan *s, char c)
{
    skip_blanks(s);
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* ---- texts ---- */

static bool hex4(const char *p, const char *end, uint32_t *code)
{
    *code = 0;
    if (end - p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
        if (!digit && !letter)
            return false;
        *code = *code << 4 | (uint32_t)(digit ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return true;
}

static void put_code(jh_buf *out, uint32_t code)
{
    if (code < 0x80) {
        jh_buf_putc(out, (char)code);
        return;
    }
    if (code < 0x800) {
        jh_buf_putc(out, (char)(0xc0 | code >> 6));
    } else {
        if (code < 0x10000) {
            jh_buf_putc(out, (char)(0xe0 | code >> 12));
        } else {
            jh_buf_putc(out, (char)(0xf0 | code >> 18));
            jh_buf_putc(out, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        jh_buf_putc(out, (char)(0x80 | (code >> 6 & 0x3f)));
    }
    jh_buf_putc(out, (char)(0x80 | (code & 0x3f)));
}

/* At the 'u' of an escape: one character, of one escape or of a surrogate pair. */
static bool unicode_escape(scan *s, jh_buf *out)
{
    uint32_t code, low;

    if (!hex4(s->p + 1, s->end, &code) || (code >= 0xdc00 && code <= 0xdfff))
        return refuse(s, ESCAPE, s->p - 1);
    if (code == 0)
        return refuse(s, NUL_CHARACTER, s->p - 1);
    if (code >= 0xd800 && code <= 0xdbff) {
        if (s->end - s->p < 11 || s->p[5] != '\\' || s->p[6] != 'u' || !hex4(s->p + 7, s->end, &low) ||
            low < 0xdc00 || low > 0xdfff)
            return refuse(s, ESCAPE, s->p - 1);
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        s->p += 6;
    }
    s->p += 5;
    put_code(out, code);
    return true;
}

/* Behind a backslash. */
static bool escape(scan *s, jh_buf *out)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *letter = s->p < s->end && *s->p != '\0' ? strchr(letters, *s->p) : NULL;

    if (s->p < s->end && *s->p == 'u')
        return unicode_escape(s, out);
    if (letter == NULL)
        return refuse(s, ESCAPE, s->p - 1);
    jh_buf_putc(out, values[letter - letters]);
    s->p++;
    return true;
}

static const char *plain_end(const char *p, const char *end)
{
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}

/* Behind an opening quote. A text without escapes stays where it is. */
static bool read_text(scan *s, token *out)
{
    jh_buf *plain = &s->reader->plain;
    const size_t begin = plain->len;
    const char *start = s->p;

    out->at = start - 1;
    s->p = plain_end(s->p, s->end);
    if (s->p < s->end && *s->p == '"') {
        out->text = start;
        out->len = (size_t)(s->p++ - start);
        return true;
    }
    while (s->p < s->end && *s->p == '\\') {
        jh_buf_put(plain, start, (size_t)(s->p - start));
        s->p++;
        if (!escape(s, plain))
            return false;
        start = s->p;
        s->p = plain_end(s->p, s->end);
    }
    if (s->p == s->end)
        return refuse(s, SYNTAX, out->at);
    if (*s->p != '"')
        return refuse(s, *s->p == '\0' ? NUL_CHARACTER : CONTROL, s->p);
    jh_buf_put(plain, start, (size_t)(s->p - start));
    s->p++;
    out->text = (const char *)plain->bytes + begin; /* the buffer has room for the whole line: it does not move */
    out->len = plain->len - begin;
    return true;
}

/* ---- numbers and words ---- */

static bool digits(scan *s)
{
    const char *start = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p != start;
}

static bool read_number(scan *s, token *out)
{
    out->at = out->text = s->p;
    out->number = true;
    if (*s->p == '-')
        s->p++;
    if (s->p < s->end && *s->p == '0')
        s->p++;
    else if (!digits(s))
        return refuse(s, SYNTAX, out->at);
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (!digits(s))
            return refuse(s, SYNTAX, out->at);
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (!digits(s))
            return refuse(s, SYNTAX, out->at);
    }
    out->len = (size_t)(s->p - out->text);
    return true;
}

static bool read_word(scan *s, token *out)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < 3; i++) {
        const size_t len = strlen(words[i]);
        if ((size_t)(s->end - s->p) < len || memcmp(s->p, words[i], len) != 0)
            continue;
        *out = (token){.text = i < 2 ? words[i] : NULL, .len = i < 2 ? len : 0, .at = s->p};
        s->p += len;
        return true;
    }
    return refuse(s, SYNTAX, s->p);
}

static bool read_plain(scan *s, token *out)
{
    *out = (token){.at = s->p};
    if (*s->p == '"') {
        s->p++;
        return read_text(s, out);
    }
    return *s->p == '-' || (*s->p >= '0' && *s->p <= '9') ? read_number(s, out) : read_word(s, out);
}

/* ---- objects ---- */

static uint32_t column_of(scan *s, const char *at)
{
    if (at < s->mark) {
        s->mark = s->start;
        s->mark_column = 1;
    }
    s->mark_column += jh_text_code_points(s->mark, (size_t)(at - s->mark));
    s->mark = at;
    return s->mark_column;
}

static bool keep(scan *s, const token *value)
{
    bool twice;
    jh_field *field = jh_paths_take(&s->reader->paths, &twice);

    if (twice)
        return refuse(s, NAME_TWICE, value->at);
    if (field == NULL || value->text == NULL)
        return true;
    field->text = value->text;
    field->len = (uint32_t)value->len;
    field->plain = value->number;
    field->list = value->list;
    field->column = column_of(s, value->at);
    return true;
}

static bool read_value(scan *s);

static bool read_pair(scan *s)
{
    jh_paths *paths = &s->reader->paths;
    const char *at;
    token name;
    size_t mark;
    jh_paths_result result;
    bool good;

    skip_blanks(s);
    at = s->p;
    if (!next_is(s, '"'))
        return refuse(s, SYNTAX, at);
    if (!read_text(s, &name))
        return false;
    result = jh_paths_key(paths, name.text, name.len, &mark);
    if (result != JH_PATHS_OK)
        return refuse(s, result == JH_PATHS_TWICE ? NAME_TWICE : MANY_NAMES, at);
    good = next_is(s, ':') ? read_value(s) : refuse(s, SYNTAX, s->p);
    jh_paths_back(paths, mark);
    return good;
}

/* Behind the opening bracket, to behind the closing one. */
static bool read_items(scan *s, char close, bool (*read_item)(scan *))
{
    if (next_is(s, close))
        return true;
    for (;;) {
        if (!read_item(s))
            return false;
        if (next_is(s, close))
            return true;
        if (!next_is(s, ','))
            return refuse(s, SYNTAX, s->p);
    }
}

/* One item of a list that is wanted; null is none. */
static bool read_item(scan *s)
{
    jh_buf *items = &s->reader->items;
    token value;

    skip_blanks(s);
    if (s->p == s->end)
        return refuse(s, SYNTAX, s->p);
    if (*s->p == '{' || *s->p == '[')
        return refuse(s, NESTED, s->p);
    if (!read_plain(s, &value))
        return false;
    if (value.text != NULL) {
        jh_buf_put(items, value.text, value.len);
        jh_buf_putc(items, '\0');
    }
    return true;
}

/* At the bracket of a list that a list column comes from. */
static bool read_list(scan *s)
{
    jh_buf *items = &s->reader->items;
    token list = {.at = s->p++, .list = true};
    const size_t begin = items->len;

    if (begin == 0)
        jh_buf_reserve(items, (size_t)(s->end - s->start)); /* for all lists of the line: they do not move */
    if (items->failed || !read_items(s, ']', read_item))
        return false;
    list.len = items->len - begin;
    list.len -= list.len > 0; /* nothing behind the last */
    list.text = (const char *)items->bytes + begin;
    return keep(s, &list);
}

static bool read_nested(scan *s)
{
    jh_paths *paths = &s->reader->paths;
    const bool object = *s->p == '{';
    uint32_t outer;
    bool good;

    if (s->depth == JH_PATHS_DEPTH)
        return refuse(s, DEEP, s->p);
    if (!object && jh_paths_wants_list(paths))
        return read_list(s);
    if (jh_paths_wants(paths))
        return refuse(s, NESTED, s->p);
    if (!object)
        jh_paths_pass(paths);
    s->p++;
    s->depth++;
    if (object) {
        outer = jh_paths_enter(paths);
        good = read_items(s, '}', read_pair);
        jh_paths_leave(paths, outer);
    } else {
        paths->lists++;
        good = read_items(s, ']', read_value);
        paths->lists--;
    }
    s->depth--;
    return good;
}

static bool read_value(scan *s)
{
    token value;

    skip_blanks(s);
    if (s->p == s->end)
        return refuse(s, SYNTAX, s->p);
    if (*s->p == '{' || *s->p == '[')
        return read_nested(s);
    return read_plain(s, &value) && keep(s, &value);
}

/* ---- lines ---- */

static void read_line(scan *s)
{
    const size_t len = (size_t)(s->end - s->start), valid = jh_text_utf8_valid(s->start, len);

    skip_blanks(s);
    if (valid < len)
        refuse(s, NOT_UTF8, s->start + valid);
    else if (*s->p != '{')
        refuse(s, NOT_OBJECT, s->p);
    else if (read_nested(s)) {
        skip_blanks(s);
        if (s->p < s->end)
            refuse(s, BEHIND, s->p);
    }
}

static jihe_status take_line(jh_reader *reader, size_t len, jh_record *record, jihe_error *err)
{
    const char *start = reader->window.bytes + reader->window.at;
    scan s = {.reader = reader, .start = start, .p = start, .end = start + len, .mark = start, .mark_column = 1};
    jh_paths *paths = &reader->paths;

    jh_paths_begin(paths, reader->line);
    jh_buf_clear(&reader->plain);
    jh_buf_clear(&reader->items);
    jh_buf_reserve(&reader->plain, len);
    read_line(&s);
    jh_paths_tell(paths, reader->binding);
    if (jh_paths_failed(paths) || reader->plain.failed || reader->items.failed || reader->binding->names.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "reading a record of '%s'",
                       jh_source_name(jh_window_source(&reader->window)));
    jh_paths_finish(paths);
    *record = (jh_record){.fields = paths->fields, .count = paths->count, .line = reader->line, .raw = start};
    record->raw_len = len > 0 && start[len - 1] == '\r' ? len - 1 : len;
    reader->any = reader->any || s.bad == FINE;
    if (s.bad == FINE)
        return JIHE_OK;
    record->count = 0;
    record->bad = troubles[s.bad].text;
    record->bad_code = troubles[s.bad].code;
    record->bad_line = paths->fields[0].line;
    record->bad_column = column_of(&s, s.bad_at);
    return JIHE_OK;
}

static uint32_t narrow_line(uint64_t line)
{
    return line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
}

/* The line at hand: its length without LF, and with; false when its end is not at hand. */
static bool find_line(const jh_window *window, size_t *len, size_t *whole)
{
    const char *start = window->bytes + window->at;
    const size_t held = window->len - window->at;
    const char *lf = held > 0 ? memchr(start, '\n', held) : NULL;

    *len = lf != NULL ? (size_t)(lf - start) : held;
    *whole = lf != NULL ? *len + 1 : held;
    return lf != NULL || (window->ended && held > 0);
}

static bool is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

static jihe_status ndjson_end(const jh_reader *reader, const char *name, jihe_error *err)
{
    const jihe_status st = reader->any ? jh_paths_check(&reader->paths, name, err) : JIHE_OK;

    return st == JIHE_OK ? JIHE_NOT_FOUND : st;
}

static jihe_status ndjson_next(jh_reader *reader, jh_record *record, jihe_error *err)
{
    jh_window *window = &reader->window;
    const char *name = jh_source_name(jh_window_source(window));
    size_t len, whole;
    jihe_status st;

    for (;;) {
        const bool found = find_line(window, &len, &whole);

        if (len > JH_RECORD_MAX)
            return jh_fail_at(err, JIHE_DATA, name, narrow_line(reader->line + 1), 1,
                              "the line is longer than %d bytes; every line is one object", JH_RECORD_MAX);
        if (!found && window->ended)
            return ndjson_end(reader, name, err);
        if (!found) {
            if ((st = jh_window_fill(window, err)) != JIHE_OK)
                return st;
            continue;
        }
        reader->line++;
        st = is_blank(window->bytes + window->at, len) ? JIHE_NOT_FOUND : take_line(reader, len, record, err);
        window->at += whole;
        if (st != JIHE_NOT_FOUND)
            return st;
    }
}

static const jh_source *ndjson_source(const jh_reader *reader)
{
    return jh_window_source(&reader->window);
}

static void ndjson_close(jh_reader *reader)
{
    if (reader == NULL)
        return;
    jh_window_close(&reader->window);
    jh_paths_deinit(&reader->paths);
    jh_buf_deinit(&reader->plain);
    jh_buf_deinit(&reader->items);
    free(reader);
}

static jihe_status ndjson_open(jh_reader **out, jh_binding *binding, const char *path,
                               const jh_workspace_config *config, size_t block_bytes, jihe_error *err)
{
    jh_reader *reader = calloc(1, sizeof *reader);
    jihe_status st;

    *out = NULL;
    if (reader == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    reader->binding = binding;
    if ((st = jh_window_open_text(&reader->window, path, block_bytes, err)) != JIHE_OK ||
        (st = jh_paths_init(&reader->paths, &config->schema, err)) != JIHE_OK ||
        (st = jh_binding_init_sources(binding, &config->schema, path, err)) != JIHE_OK) {
        ndjson_close(reader);
        return st;
    }
    *out = reader;
    return JIHE_OK;
}

const jh_record_kind jh_kind_ndjson = {ndjson_open, ndjson_next, ndjson_source, ndjson_close, NULL};
