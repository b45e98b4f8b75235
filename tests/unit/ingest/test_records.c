#include "ingest/records.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/pcg.h"
#include "codec/pack.h"
#include "ingest/record_kind.h"
#include "scratch.h"

#define YAML                                                                                                           \
    "workspace: 1\ncolumns:\n- {name: id, type: id, source: [a, head.no]}\n- {name: amount, type: money}\n"            \
    "- {name: team, type: category, source: head.team}\n- {name: again, type: text, source: amount}\n"

enum { A, NO, AMOUNT, TEAM, AGAIN, FIELDS };

typedef struct fixture {
    scratch dir;
    jh_workspace_config config;
    jh_binding binding;
    jh_reader *reader;
    const jh_record_kind *kind;
} fixture;

static void fixture_init(fixture *f, const jh_record_kind *kind)
{
    jihe_error err = {0};

    memset(f, 0, sizeof *f);
    f->kind = kind;
    f->dir = scratch_new();
    cr_assert_eq(jh_workspace_config_load(&f->config, scratch_text(&f->dir, "jihe.yaml", YAML), &err), JIHE_OK, "%s",
                 err.message);
}

static void fixture_close(fixture *f)
{
    f->kind->close(f->reader);
    f->reader = NULL;
    jh_binding_deinit(&f->binding);
}

static void fixture_open(fixture *f, const void *bytes, size_t len, size_t block)
{
    jihe_error err = {0};

    fixture_close(f);
    cr_assert_eq(f->kind->open(&f->reader, &f->binding, scratch_file(&f->dir, "t", bytes, len), &f->config, block, &err),
                 JIHE_OK, "%s", err.message);
}

static void fixture_deinit(fixture *f)
{
    fixture_close(f);
    jh_workspace_config_deinit(&f->config);
    scratch_remove(&f->dir);
}

static void expect_field(const jh_record *record, size_t at, const char *text, bool plain)
{
    const jh_field *field = &record->fields[at];

    cr_assert_eq(text == NULL, field->text == NULL, "field %zu", at);
    cr_assert(text == NULL || (field->len == strlen(text) && memcmp(field->text, text, field->len) == 0),
              "field %zu: <%.*s>, expected <%s>", at, (int)field->len, field->text, text);
    cr_assert_eq(field->plain, plain);
}

Test(records, ndjson_by_path_and_as_written)
{
    static const char text[] = "\xEF\xBB\xBF\n  \r\n"
                               "{\"head\":{\"no\":\"\\u5355\\ud83d\\ude00\\n\\\"\",\"team\":null},"
                               "\"amount\":-0.10e5,\"x\":[{\"a\":1}],"
                               " \"a\" : \"k\" }\r\n"
                               "{\"head.team\": true, \"a\": 12345678901234567890.10, \"head\": {}, \"amount\": \"\"}";
    static const size_t blocks[] = {1, 7, 64, 4096};
    fixture f;
    jh_record record;

    fixture_init(&f, &jh_kind_ndjson);
    for (size_t i = 0; i < 4; i++) {
        fixture_open(&f, text, sizeof text - 1, blocks[i]);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        cr_assert_null(record.bad, "%s", record.bad);
        cr_assert(record.count == FIELDS && record.line == 3);
        expect_field(&record, A, "k", false);
        expect_field(&record, NO, "单😀\n\"", false);
        expect_field(&record, TEAM, NULL, false);
        expect_field(&record, AMOUNT, "-0.10e5", true);
        expect_field(&record, AGAIN, "-0.10e5", true);
        cr_assert_str_eq(record.fields[NO].path, "head.no");
        cr_assert(record.fields[NO].line == 3 && record.fields[NO].column == 15);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        expect_field(&record, A, "12345678901234567890.10", true);
        expect_field(&record, NO, NULL, false);
        expect_field(&record, TEAM, "true", false);
        expect_field(&record, AMOUNT, "", false);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_NOT_FOUND);
        cr_assert_eq(f.binding.ignored, 1, "a list is counted, not what it holds");
    }
    fixture_deinit(&f);
}

static const struct bad_line {
    const char *text, *code;
    uint32_t column;
} bad_lines[] = {
    {"{\"a\":1,\"a\":2}", "ndjson-name", 8},
    {"{\"a\":1,\"\\u0061\":2}", "ndjson-name", 8},
    {"{\"x\":[{\"b\":1,\"b\":1}]}", "ndjson-name", 14},
    {"{\"head\":{\"no\":1},\"head.no\":2}", "ndjson-name", 28},
    {"{\"amount\":{\"v\":1}}", "ndjson-shape", 11},
    {"{\"amount\":[1]}", "ndjson-shape", 11},
    {"[]", "ndjson-shape", 1},
    {"单", "ndjson-shape", 1},
    {"{\"单\":01}", "ndjson-syntax", 7},
    {"{\"a\":1}{", "ndjson-syntax", 8},
    {"{\"a\":1,}", "ndjson-syntax", 8},
    {"{\"a\":.5}", "ndjson-syntax", 6},
    {"{\"a\":1.}", "ndjson-syntax", 6},
    {"{\"a\":-}", "ndjson-syntax", 6},
    {"{\"a\":1e}", "ndjson-syntax", 6},
    {"{\"a\":NaN}", "ndjson-syntax", 6},
    {"{\"a\":nul", "ndjson-syntax", 6},
    {"{\"a\":\"x", "ndjson-syntax", 6},
    {"{\"a\":\"\\", "ndjson-syntax", 7},
    {"{\"a\":\"\t\"}", "ndjson-syntax", 7},
    {"{\"a\":\"\\x\"}", "ndjson-syntax", 7},
    {"{\"a\":\"\\ud800\"}", "ndjson-syntax", 7},
    {"{\"a\":\"\\ud800\\u0041\"}", "ndjson-syntax", 7},
    {"{\"a\":\"\\udc00\"}", "ndjson-syntax", 7},
    {"{\"a\":\"\\u0000\"}", "ndjson-nul", 7},
    {"{\"a\":\"\xb5\xa5\"}", "ndjson-encoding", 7},
    {"{\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "ndjson-depth", 21},
};

Test(records, a_bad_line_is_one_record)
{
    fixture f;
    jh_record record;
    char text[256];

    fixture_init(&f, &jh_kind_ndjson);
    for (size_t i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
        const int len = snprintf(text, sizeof text, "%s\n{\"a\":7}\n", bad_lines[i].text);
        fixture_open(&f, text, (size_t)len, 64);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        cr_assert_not_null(record.bad, "%s", bad_lines[i].text);
        cr_assert_str_eq(record.bad_code, bad_lines[i].code, "%s gave %s", bad_lines[i].text, record.bad);
        cr_assert(record.bad_line == 1 && record.bad_column == bad_lines[i].column, "%s at %u:%u", bad_lines[i].text,
                  record.bad_line, record.bad_column);
        cr_assert(record.count == 0 && record.raw_len == strlen(bad_lines[i].text));
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        cr_assert_null(record.bad);
        expect_field(&record, A, "7", true);
    }
    fixture_deinit(&f);
}

/* Pieces of JSON put together at random, and then damaged: what jansson takes we take, with the same texts. */
static size_t random_line(jh_pcg64 *rng, char *out, size_t room)
{
    static const char *const pieces[] = {
        "\"a\"", ":", ",", "{", "}", "[", "]", "1", "-0", "0.5", "1E+3", "true", "false", "null", " ", "\"\\u00e9\"",
        "\"amount\"", "\"head\"", "\"no\"", "\"\\\\\"", "\"单\"", "\"\\ud83d\\ude00\"", "\"a\":", "\"head\":{", "\"x\":"};
    const uint64_t count = 1 + jh_pcg64_below(rng, 14);
    size_t len = (size_t)snprintf(out, room, "{");

    for (uint64_t i = 0; i < count; i++)
        len += (size_t)snprintf(out + len, room - len, "%s",
                                pieces[jh_pcg64_below(rng, sizeof pieces / sizeof pieces[0])]);
    for (size_t open = 0, i = 0; i < len; i++) { /* most objects are closed, so that many lines are good */
        open += out[i] == '{' || out[i] == '[';
        open -= open > 0 && (out[i] == '}' || out[i] == ']');
        if (i + 1 == len)
            for (; open > 0 && len + 2 < room; open--)
                out[len++] = '}', i++;
    }
    out[len] = '\0';
    return len;
}

Test(records, ndjson_agrees_with_jansson)
{
    fixture f;
    jh_record record;
    jh_pcg64 rng;
    char line[1024], text[1100];
    size_t taken = 0;

    fixture_init(&f, &jh_kind_ndjson);
    jh_pcg64_seed(&rng, 11, 3);
    for (int n = 0; n < 45000; n++) {
        const size_t len = random_line(&rng, line, sizeof line);
        json_t *tree = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
        const int all = snprintf(text, sizeof text, "%s\n", line);
        bool ours;

        fixture_open(&f, text, (size_t)all, 4096);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        ours = record.bad == NULL;
        if (!ours && strcmp(record.bad_code, "ndjson-shape") == 0) { /* good JSON that is not for these columns */
            json_decref(tree);
            continue;
        }
        cr_assert_eq(ours, tree != NULL, "%s: %s", line, ours ? "taken" : record.bad);
        if (tree != NULL) {
            const json_t *a = json_object_get(tree, "a");
            cr_assert_eq(record.fields[A].text != NULL, a != NULL && !json_is_null(a), "%s", line);
            if (json_is_string(a))
                expect_field(&record, A, json_string_value(a), false);
            if (json_is_number(a)) {
                char number[64];
                snprintf(number, sizeof number, "%.*s", (int)record.fields[A].len, record.fields[A].text);
                cr_assert_float_eq(strtod(number, NULL), json_number_value(a), 1e-9, "%s", line);
            }
            taken++;
        }
        json_decref(tree);
    }
    cr_assert(taken > 500, "only %zu good lines", taken);
    fixture_deinit(&f);
}

Test(records, a_path_that_no_record_has_is_refused)
{
    static const char text[] = "{\"a\":\"1\",\"head\":{\"nr\":\"2\",\"team\":null},\"amuont\":5}\n";
    fixture f;
    jh_record record;
    jihe_error err = {0};

    fixture_init(&f, &jh_kind_ndjson);
    fixture_open(&f, text, sizeof text - 1, 4096);
    cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_OK);
    cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_DATA);
    cr_assert_str_eq(err.message,
                     "no record has the declared 'head.no' (nearest: 'head.nr'), 'amount' (nearest: 'amuont')");
    cr_assert_eq(f.binding.ignored, 2);
    fixture_open(&f, "", 0, 4096);
    cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_NOT_FOUND, "no record lacks nothing");
    fixture_deinit(&f);
}

/* ---- MessagePack ---- */

static void put_document(jh_buf *out, const char *id, int64_t amount)
{
    jh_pack_map(out, 4);
    jh_pack_text(out, "a");
    jh_pack_text(out, id);
    jh_pack_text(out, "head");
    jh_pack_map(out, 2);
    jh_pack_text(out, "no");
    jh_pack_bool(out, true);
    jh_pack_text(out, "team");
    jh_pack_nil(out);
    jh_pack_text(out, "amount");
    jh_pack_i64(out, amount);
    jh_pack_text(out, "more");
    jh_pack_array(out, 1);
    jh_pack_u64(out, 1);
}

Test(records, msgpack_maps_in_a_row)
{
    static const size_t blocks[] = {1, 7, 64, 4096};
    fixture f;
    jh_record record;
    jh_buf text = {0};

    fixture_init(&f, &jh_kind_msgpack);
    put_document(&text, "单据", INT64_MIN);
    put_document(&text, "", 5);
    for (size_t i = 0; i < 4; i++) {
        fixture_open(&f, text.bytes, text.len, blocks[i]);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        cr_assert_null(record.bad, "%s", record.bad);
        expect_field(&record, A, "单据", false);
        expect_field(&record, NO, "true", false);
        expect_field(&record, TEAM, NULL, false);
        expect_field(&record, AMOUNT, "-9223372036854775808", true);
        expect_field(&record, AGAIN, "-9223372036854775808", true);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_OK);
        expect_field(&record, A, "", false);
        expect_field(&record, AMOUNT, "5", true);
        cr_assert(record.line == 2 && record.fields[A].line == 2);
        cr_assert_eq(f.kind->next(f.reader, &record, NULL), JIHE_NOT_FOUND);
    }
    for (size_t len = 1; len < text.len; len++) { /* cut anywhere but between the two */
        jihe_status st;
        fixture_open(&f, text.bytes, len, 16);
        while ((st = f.kind->next(f.reader, &record, NULL)) == JIHE_OK)
            cr_assert_null(record.bad);
        cr_assert_eq(st, 2 * len == text.len + strlen("单据") + 8 ? JIHE_NOT_FOUND : JIHE_DATA, "cut to %zu", len);
    }
    jh_buf_deinit(&text);
    fixture_deinit(&f);
}

#define BYTES(text) text, sizeof text - 1

static const struct hostile_pack {
    const char *bytes;
    size_t len;
    const char *code; /* of a bad record; NULL: the file is refused */
} hostile_packs[] = {
    {BYTES("\x01"), "msgpack-shape"},
    {BYTES("\x91\x01"), "msgpack-shape"},
    {BYTES("\x81\x01\x01"), "msgpack-name"},
    {BYTES("\x82\xa1" "a\x01\xa1" "a\x01"), "msgpack-name"},
    {BYTES("\x81\xa1" "a\x80"), "msgpack-shape"},
    {BYTES("\x81\xa1" "a\xcb\0\0\0\0\0\0\0\0"), "msgpack-type"},
    {BYTES("\x81\xa1" "a\xc4\x01" "x"), "msgpack-type"},
    {BYTES("\x81\xa1" "a\xd6\xff\0\0\0\0"), "msgpack-type"},
    {BYTES("\x81\xa1" "a\xa1\0"), "msgpack-nul"},
    {BYTES("\x81\xa1" "a\xa2\xb5\xa5"), "msgpack-encoding"},
    {BYTES("\xc1"), NULL},
    {BYTES("\xdd\xff\xff\xff\xff"), NULL},
    {BYTES("\xdf\xff\xff\xff\xff"), NULL},
    {BYTES("\xdb\xff\xff\xff\xff"), NULL},
    {BYTES("\xc9\xff\xff\xff\xff\x01"), NULL},
    {BYTES("\xdc\xff\xff\xdc\xff\xff\xdc\xff\xff\xdc\xff\xff"), NULL},
    {BYTES("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91"), NULL},
};

Test(records, hostile_messagepack)
{
    fixture f;
    jh_record record;

    fixture_init(&f, &jh_kind_msgpack);
    for (size_t i = 0; i < sizeof hostile_packs / sizeof hostile_packs[0]; i++) {
        const struct hostile_pack *h = &hostile_packs[i];
        jh_buf text = {0};
        jihe_error err = {0};

        jh_buf_put(&text, h->bytes, h->len);
        if (h->code != NULL)
            put_document(&text, "next", 1);
        fixture_open(&f, text.bytes, text.len, 64);
        if (h->code == NULL) {
            cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_DATA, "case %zu", i);
            cr_assert_eq(err.line, 1);
        } else {
            cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_OK, "case %zu: %s", i, err.message);
            cr_assert_not_null(record.bad, "case %zu", i);
            cr_assert_str_eq(record.bad_code, h->code, "case %zu: %s", i, record.bad);
            cr_assert_eq(f.kind->next(f.reader, &record, &err), JIHE_OK);
            cr_assert_null(record.bad);
            expect_field(&record, A, "next", false);
        }
        jh_buf_deinit(&text);
    }
    fixture_deinit(&f);
}

/* Random bytes and damaged documents: an answer, never a crash, and records end. */
Test(records, random_messagepack)
{
    fixture f;
    jh_record record;
    jh_pcg64 rng;

    fixture_init(&f, &jh_kind_msgpack);
    jh_pcg64_seed(&rng, 12, 3);
    for (int n = 0; n < 3000; n++) {
        jh_buf text = {0};
        size_t records = 0;
        jihe_status st;

        put_document(&text, "一", n);
        put_document(&text, "二", -n);
        for (int k = 0; k < 3; k++)
            text.bytes[jh_pcg64_below(&rng, text.len)] = (uint8_t)jh_pcg64_next(&rng);
        fixture_open(&f, text.bytes, text.len, 32);
        while ((st = f.kind->next(f.reader, &record, NULL)) == JIHE_OK)
            records++;
        cr_assert(records <= text.len && (st == JIHE_NOT_FOUND || st == JIHE_DATA));
        jh_buf_deinit(&text);
    }
    fixture_deinit(&f);
}

/* ---- bombs ---- */

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* A hundred megabytes that fit into some kilobytes of zstd, in each kind of extract. */
Test(records, zstd_bombs_in_bounded_memory)
{
    static const size_t size = 100u << 20;
    static const struct {
        const char *name, *head, *filler;
    } bombs[] = {{"b.ndjson.zst", "{\"a\":\"", "x"},
                 {"b.ndjson.zst", "{\"a\":\"", "\\n"},
                 {"b.jsonl.zst", "", "["},
                 {"b.msgpack.zst", "\x81\xa1" "a\xdb\x06\0\0\0", "x"},
                 {"b.msgpack.zst", "\xdd\x06\0\0\0", "\x01"},
                 {"b.csv.zst", "a,head.no,amount,head.team\n1,\"", "x"}};

    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        const size_t head = i == 3 ? 8 : i == 4 ? 5 : strlen(bombs[i].head), step = strlen(bombs[i].filler);
        char *text = malloc(size);
        const char *path;
        fixture f;
        jh_records *records;
        jh_record record;
        jihe_error err = {0};
        long before;
        jihe_status st;

        fixture_init(&f, &jh_kind_ndjson);
        memcpy(text, bombs[i].head, head);
        for (size_t at = head; at < size; at++)
            text[at] = bombs[i].filler[(at - head) % step];
        path = scratch_zstd(&f.dir, bombs[i].name, text, size);
        memset(text, 0, size);
        before = peak_kib();
        st = jh_records_open(&records, path, &f.config, &err);
        while (st == JIHE_OK && (st = jh_records_next(records, &record, &err)) == JIHE_OK)
            continue;
        cr_assert_eq(st, JIHE_DATA, "bomb %zu: %d", i, (int)st);
        cr_assert_not_null(strstr(err.message, "longer than"), "bomb %zu: %s", i, err.message);
        cr_assert(peak_kib() - before < 64 * 1024, "bomb %zu took %ld KiB", i, peak_kib() - before);
        jh_records_close(records);
        free(text);
        fixture_deinit(&f);
    }
}
