#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/unpack.h"
#include "ingest/paths.h"
#include "ingest/record_kind.h"
#include "ingest/window.h"

/* A stream of MessagePack maps, one per document. Texts and whole numbers are values; floating-point numbers, binary
 * and ext values (timestamps too) are refused where a column is declared to come from them: amounts and times come as
 * text. What no declaration names may be anything. Line numbers are those of records, columns are bytes in them. */

typedef enum trouble {
    FINE,
    NOT_UTF8,
    NOT_MAP,
    NAME_KIND,
    NAME_TWICE,
    MANY_NAMES,
    NESTED,
    NUL_CHARACTER,
    FLOATING,
    OTHER_KIND
} trouble;

static const struct {
    const char *code, *text;
} troubles[] = {
    [NOT_UTF8] = {"msgpack-encoding", "a text that is not UTF-8"},
    [NOT_MAP] = {"msgpack-shape", "a value that is not a map; every document is one map"},
    [NAME_KIND] = {"msgpack-name", "a name that is not a text"},
    [NAME_TWICE] = {"msgpack-name", "a name for the second time; nobody can tell which value counts"},
    [MANY_NAMES] = {"msgpack-name", "more than 4096 names"},
    [NESTED] = {"msgpack-shape",
                "a map or a list where a column is declared; name a path inside, or declare a list"},
    [NUL_CHARACTER] = {"msgpack-nul", "a NUL character"},
    [FLOATING] = {"msgpack-type", "a floating-point number, which is not exact; write it as text"},
    [OTHER_KIND] = {"msgpack-type", "a binary or ext value; write it as text"},
};

enum { NUMBER_ROOM = 24 }; /* bytes for the digits of one number */

struct jh_reader {
    jh_window window;
    jh_paths paths;
    jh_binding *binding;
    uint64_t number; /* of the current record, from 1 */
    bool any;        /* has there been a good record? */
    char *numbers;   /* texts of whole numbers, NUMBER_ROOM for each field */
    jh_buf items;    /* lists of the current record that are wanted, their texts with a NUL between them */
};

/* The reading of one record. */
typedef struct scan {
    jh_reader *reader;
    const uint8_t *start;
    size_t len;
    trouble bad;
    const uint8_t *bad_at;
} scan;

static bool refuse(scan *s, trouble bad, const uint8_t *at)
{
    s->bad = bad;
    s->bad_at = at;
    return false;
}

static void number_text(jh_unpack *in, bool negative, char text[NUMBER_ROOM], jh_field *field)
{
    const int len = negative ? snprintf(text, NUMBER_ROOM, "%" PRId64, jh_unpack_i64(in))
                             : snprintf(text, NUMBER_ROOM, "%" PRIu64, jh_unpack_u64(in));

    field->text = text;
    field->len = (uint32_t)len;
    field->plain = true;
}

/* The value at `in`, none of map and list, into a field; `number` is room for its digits. */
static bool keep(scan *s, jh_unpack *in, char number[NUMBER_ROOM], jh_field *field)
{
    const uint8_t *at = in->at;
    const jh_unpack_kind kind = jh_unpack_next(in);
    size_t len;

    field->column = (uint32_t)(at - s->start) + 1;
    switch (kind) {
    case JH_UNPACK_NIL:
        jh_unpack_skip(in);
        return true;
    case JH_UNPACK_BOOL:
        field->text = jh_unpack_bool(in) ? "true" : "false";
        field->len = (uint32_t)strlen(field->text);
        return true;
    case JH_UNPACK_UINT:
    case JH_UNPACK_SINT:
        number_text(in, kind == JH_UNPACK_SINT, number, field);
        return true;
    case JH_UNPACK_STR:
        field->text = jh_unpack_str(in, &len);
        field->len = (uint32_t)len;
        return memchr(field->text, '\0', len) == NULL || refuse(s, NUL_CHARACTER, at);
    default:
        return refuse(s, kind == JH_UNPACK_FLOAT ? FLOATING : OTHER_KIND, at);
    }
}

/* One item of a list that is wanted; nil is none. */
static bool read_item(scan *s, jh_unpack *in)
{
    const jh_unpack_kind kind = jh_unpack_next(in);
    jh_buf *items = &s->reader->items;
    jh_field item = {0};
    char number[NUMBER_ROOM];

    if (kind == JH_UNPACK_MAP || kind == JH_UNPACK_ARRAY)
        return refuse(s, NESTED, in->at);
    if (!keep(s, in, number, &item))
        return false;
    if (item.text != NULL) {
        jh_buf_put(items, item.text, item.len);
        jh_buf_putc(items, '\0');
    }
    return true;
}

/* At a list that a list column comes from. */
static bool read_list(scan *s, jh_unpack *in)
{
    jh_buf *items = &s->reader->items;
    const size_t begin = items->len;
    const uint8_t *at = in->at;
    bool twice, good = true;
    jh_field *field = jh_paths_take(&s->reader->paths, &twice);

    if (field == NULL || twice)
        return refuse(s, NAME_TWICE, at);
    if (begin == 0)
        jh_buf_reserve(items, 4 * s->len); /* for all lists of the record: one byte may be "127" and its NUL */
    for (size_t count = jh_unpack_array(in); count > 0 && good && !items->failed; count--)
        good = read_item(s, in);
    if (!good || items->failed)
        return false;
    field->column = (uint32_t)(at - s->start) + 1;
    field->text = (const char *)items->bytes + begin;
    field->len = (uint32_t)(items->len - begin);
    field->len -= field->len > 0; /* nothing behind the last */
    field->list = true;
    return true;
}

static bool read_map(scan *s, jh_unpack *in);

static bool read_plain(scan *s, jh_unpack *in)
{
    jh_reader *reader = s->reader;
    bool twice;
    jh_field *field = jh_paths_take(&reader->paths, &twice);

    if (field == NULL) {
        jh_unpack_skip(in);
        return true;
    }
    if (twice)
        return refuse(s, NAME_TWICE, in->at);
    return keep(s, in, reader->numbers + (size_t)(field - reader->paths.fields) * NUMBER_ROOM, field);
}

static bool read_value(scan *s, jh_unpack *in)
{
    const jh_unpack_kind kind = jh_unpack_next(in);
    const bool nested = kind == JH_UNPACK_MAP || kind == JH_UNPACK_ARRAY;

    if (kind == JH_UNPACK_ARRAY && jh_paths_wants_list(&s->reader->paths))
        return read_list(s, in);
    if (nested && jh_paths_wants(&s->reader->paths))
        return refuse(s, NESTED, in->at);
    if (kind == JH_UNPACK_MAP)
        return read_map(s, in);
    if (!nested)
        return read_plain(s, in);
    jh_paths_pass(&s->reader->paths);
    jh_unpack_skip(in);
    return true;
}

static bool read_pair(scan *s, jh_unpack *in)
{
    const uint8_t *at = in->at;
    jh_paths *paths = &s->reader->paths;
    const char *name;
    size_t len, mark;
    jh_paths_result result;
    bool good;

    if (jh_unpack_next(in) != JH_UNPACK_STR)
        return refuse(s, NAME_KIND, at);
    name = jh_unpack_str(in, &len);
    result = jh_paths_key(paths, name, len, &mark);
    if (result != JH_PATHS_OK)
        return refuse(s, result == JH_PATHS_TWICE ? NAME_TWICE : MANY_NAMES, at);
    good = read_value(s, in);
    jh_paths_back(paths, mark);
    return good;
}

/* No deeper than the check before reading allows. */
static bool read_map(scan *s, jh_unpack *in)
{
    size_t pairs = jh_unpack_map(in);
    const uint32_t outer = jh_paths_enter(&s->reader->paths);
    bool good = true;

    for (; pairs > 0 && good; pairs--)
        good = read_pair(s, in);
    jh_paths_leave(&s->reader->paths, outer);
    return good;
}

static void read_record(scan *s, size_t len)
{
    jh_unpack in;

    if (!jh_unpack_begin(&in, s->start, len)) /* whole and not too deep is known: it is a text */
        refuse(s, NOT_UTF8, s->start);
    else if (jh_unpack_next(&in) != JH_UNPACK_MAP)
        refuse(s, NOT_MAP, s->start);
    else
        read_map(s, &in);
}

static jihe_status take_record(jh_reader *reader, size_t len, jh_record *record, jihe_error *err)
{
    const char *start = reader->window.bytes + reader->window.at;
    scan s = {.reader = reader, .start = (const uint8_t *)start, .len = len};
    jh_paths *paths = &reader->paths;

    jh_buf_clear(&reader->items);
    jh_paths_begin(paths, reader->number);
    read_record(&s, len);
    jh_paths_tell(paths, reader->binding);
    if (jh_paths_failed(paths) || reader->items.failed || reader->binding->names.failed)
        return jh_fail(err, JIHE_NO_MEMORY, "reading a record of '%s'",
                       jh_source_name(jh_window_source(&reader->window)));
    jh_paths_finish(paths);
    *record = (jh_record){
        .fields = paths->fields, .count = paths->count, .line = reader->number, .raw = start, .raw_len = len};
    reader->any = reader->any || s.bad == FINE;
    if (s.bad == FINE)
        return JIHE_OK;
    record->count = 0;
    record->bad = troubles[s.bad].text;
    record->bad_code = troubles[s.bad].code;
    record->bad_line = paths->fields[0].line;
    record->bad_column = (uint32_t)(s.bad_at - s.start) + 1;
    return JIHE_OK;
}

static jihe_status msgpack_broken(const jh_reader *reader, const char *name, jh_unpack_extent extent, jihe_error *err)
{
    const uint32_t at = reader->number < UINT32_MAX ? (uint32_t)reader->number + 1 : UINT32_MAX;

    if (extent == JH_UNPACK_LONG)
        return jh_fail_at(err, JIHE_DATA, name, at, 1, "record %" PRIu64 " is longer than %d bytes, or broken",
                          reader->number + 1, JH_RECORD_MAX);
    return jh_fail_at(err, JIHE_DATA, name, at, 1, "record %" PRIu64 " %s", reader->number + 1,
                      extent == JH_UNPACK_SHORT ? "ends too early; fetch the file again"
                                                : "is not MessagePack, or more than 16 deep");
}

static jihe_status msgpack_end(const jh_reader *reader, const char *name, jihe_error *err)
{
    const jihe_status st = reader->any ? jh_paths_check(&reader->paths, name, err) : JIHE_OK;

    return st == JIHE_OK ? JIHE_NOT_FOUND : st;
}

static jihe_status msgpack_next(jh_reader *reader, jh_record *record, jihe_error *err)
{
    jh_window *window = &reader->window;
    const char *name = jh_source_name(jh_window_source(window));
    size_t len;
    jihe_status st;

    for (;;) {
        const size_t held = window->len - window->at;
        const jh_unpack_extent extent = jh_unpack_measure(window->bytes + window->at, held, JH_RECORD_MAX, &len);

        if (extent == JH_UNPACK_WHOLE) {
            reader->number++;
            st = take_record(reader, len, record, err);
            window->at += len;
            return st;
        }
        if (held == 0 && window->ended)
            return msgpack_end(reader, name, err);
        if (extent != JH_UNPACK_SHORT || window->ended)
            return msgpack_broken(reader, name, extent, err);
        if ((st = jh_window_fill(window, err)) != JIHE_OK)
            return st;
    }
}

static const jh_source *msgpack_source(const jh_reader *reader)
{
    return jh_window_source(&reader->window);
}

static void msgpack_close(jh_reader *reader)
{
    if (reader == NULL)
        return;
    jh_window_close(&reader->window);
    jh_paths_deinit(&reader->paths);
    free(reader->numbers);
    jh_buf_deinit(&reader->items);
    free(reader);
}

static jihe_status msgpack_open(jh_reader **out, jh_binding *binding, const char *path,
                                const jh_workspace_config *config, size_t block_bytes, jihe_error *err)
{
    jh_reader *reader = calloc(1, sizeof *reader);
    jihe_status st;

    *out = NULL;
    if (reader == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    reader->binding = binding;
    if ((st = jh_window_open_bytes(&reader->window, path, block_bytes, err)) == JIHE_OK &&
        (st = jh_paths_init(&reader->paths, &config->schema, err)) == JIHE_OK &&
        (st = jh_binding_init_sources(binding, &config->schema, path, err)) == JIHE_OK &&
        (reader->numbers = malloc(reader->paths.count * NUMBER_ROOM)) == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening '%s'", path);
    if (st != JIHE_OK) {
        msgpack_close(reader);
        return st;
    }
    *out = reader;
    return JIHE_OK;
}

const jh_record_kind jh_kind_msgpack = {msgpack_open, msgpack_next, msgpack_source, msgpack_close, NULL};
