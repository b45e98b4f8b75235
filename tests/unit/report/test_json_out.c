#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "fixture.h"
#include "sink.h"

static const jh_out_column columns[] = {{"id", "编号"}, {"a\"b", NULL}, {"rules", NULL}, {"done", NULL}, {"n", NULL}};

static jh_out_cell list(const char *text, size_t len)
{
    jh_out_cell cell = jh_cell_str(text, len);

    cell.kind = JH_CELL_LIST;
    return cell;
}

static jh_rows *sample(size_t count)
{
    const jh_out_cell cells[] = {
        jh_cell_text("稽核"), jh_cell_number("-12.50"),
        list("r1\x1F", 3),    jh_cell_bool(true),
        jh_cell_int(-7),      jh_cell_str("\"\\/\b\f\n\r\t\0\x1F\x7F", 11),
        jh_cell_none(),       list("", 0),
        jh_cell_bool(false),  jh_cell_uint(UINT64_MAX),
    };

    return rows_of(columns, 5, cells, count);
}

#define ROW_1 "{\"id\":\"稽核\",\"a\\\"b\":-12.50,\"rules\":[\"r1\",\"\"],\"done\":true,\"n\":-7}"
#define ROW_2                                                                                                          \
    "{\"id\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\",\"a\\\"b\":null,\"rules\":[],\"done\":false,"           \
    "\"n\":18446744073709551615}"

Test(json_out, golden)
{
    static const struct {
        jh_format format;
        size_t count;
        const char *want;
    } cases[] = {
        {JH_FORMAT_JSON, 2, "[\n" ROW_1 ",\n" ROW_2 "\n]\n"},
        {JH_FORMAT_JSON, 1, "[\n" ROW_1 "\n]\n"},
        {JH_FORMAT_JSON, 0, "[]\n"},
        {JH_FORMAT_NDJSON, 2, ROW_1 "\n" ROW_2 "\n"},
        {JH_FORMAT_NDJSON, 0, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        jh_rows *rows = sample(cases[i].count);
        jh_buf buf = {0};

        cr_assert_str_eq(written(&buf, rows, cases[i].format, JH_CSV_BOM | JH_CSV_GUARD, "zh"), cases[i].want);
        jh_rows_free(rows);
        jh_buf_deinit(&buf);
    }
}

/* What a reader should get: the text itself, one U+FFFD for each byte that is not part of valid UTF-8. */
static void mended(jh_buf *out, const char *text, size_t len)
{
    jh_buf_clear(out);
    for (size_t at = 0; at < len;) {
        const size_t valid = jh_text_utf8_valid(text + at, len - at);

        jh_buf_put(out, text + at, valid);
        at += valid;
        if (at < len) {
            jh_buf_puts(out, "\xEF\xBF\xBD");
            at++;
        }
    }
}

/* jansson, which is strict about UTF-8, escapes and duplicate keys, reads back what was meant. */
Test(json_out, jansson_reads_random_texts_back)
{
    static const char *const pieces[] = {
        "\"",           "\\",   "/",    "\n",       "\r", "\t",   "\x01",         "\x1F",
        "\x7F",         "a",    "稽",   "é",        "😀",  "\xC3", "\xE7\xA8",     "\xED\xA0\x80",
        "\xF4\x90\x80", "\xFF", "\x80", "\xC0\xAF", " ",  "<",    "\xE2\x80\xA8", "u0041"};
    jh_pcg64 rng;
    jh_buf buf = {0}, want = {0};

    jh_pcg64_seed(&rng, 7, 7);
    for (int i = 0; i < 20000; i++) {
        char text[128];
        const size_t len = random_text(&rng, pieces, sizeof pieces / sizeof pieces[0], 12, text);
        json_error_t error;

        if (len > 0 && i % 10 == 0)
            text[jh_pcg64_below(&rng, len)] = '\0';
        jh_buf_clear(&buf);
        jh_json_put(&buf, text, len);
        mended(&want, text, len);

        json_t *value = json_loadb((const char *)buf.bytes, buf.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

        cr_assert_not_null(value, "%s in %.*s", error.text, (int)buf.len, (const char *)buf.bytes);
        cr_assert_eq(json_string_length(value), want.len);
        cr_assert(want.len == 0 || memcmp(json_string_value(value), want.bytes, want.len) == 0);
        for (size_t j = 0; j < buf.len; j++)
            cr_assert(buf.bytes[j] >= 0x20 && buf.bytes[j] != 0x7F);
        json_decref(value);
    }
    jh_buf_deinit(&buf);
    jh_buf_deinit(&want);
}

Test(json_out, whole_documents_load)
{
    jh_rows *rows = sample(1);
    jh_buf buf = {0};
    json_error_t error;
    const char *text = written(&buf, rows, JH_FORMAT_JSON, 0, "zh");
    json_t *array = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    json_t *object = json_array_get(array, 0);

    cr_assert_not_null(array, "%s", error.text);
    cr_assert_str_eq(json_string_value(json_object_get(object, "id")), "稽核");
    cr_assert_eq(json_array_size(json_object_get(object, "rules")), 2);
    cr_assert_eq(json_integer_value(json_object_get(object, "n")), -7);
    json_decref(array);
    jh_rows_free(rows);
    jh_buf_deinit(&buf);
}
