#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/pcg.h"
#include "codec/pack.h"
#include "ingest/record_kind.h"
#include "scratch.h"

/* Two lists a record, of any length, in NDJSON and in MessagePack: the fields hold what was written, in both. */

static const char yaml[] = "workspace: 1\n"
                           "columns:\n"
                           "- {name: id, type: id}\n"
                           "- {name: left, type: category, list: \";\"}\n"
                           "- {name: right, type: category, list: \",\", source: head.right}\n";

enum { ID, LEFT, RIGHT, FIELDS, RECORDS = 300 };

/* One item: its text, and how JSON and MessagePack write it. */
static void add_item(jh_pcg64 *rng, jh_buf *want, jh_buf *json, jh_buf *pack, bool last)
{
    const uint64_t kind = jh_pcg64_below(rng, 6), number = jh_pcg64_next(rng) >> jh_pcg64_below(rng, 64);
    char digits[32];

    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    switch (kind) {
    case 0: /* nothing at all */
        jh_buf_puts(json, "null");
        jh_pack_nil(pack);
        break;
    case 1:
        jh_buf_puts(json, digits);
        jh_pack_u64(pack, number);
        jh_buf_puts(want, digits);
        break;
    case 2:
        jh_buf_puts(json, " \"\\u5355\\\"\\ud83d\\ude00\" ");
        jh_pack_text(pack, "单\"😀");
        jh_buf_puts(want, "单\"😀");
        break;
    case 3:
        jh_buf_puts(json, "\"\"");
        jh_pack_text(pack, "");
        break;
    default:
        jh_buf_printf(json, "\"x%s\"", digits);
        jh_buf_puts(want, "x");
        jh_buf_puts(want, digits);
        snprintf(digits, sizeof digits, "x%llu", (unsigned long long)number);
        jh_pack_text(pack, digits);
    }
    if (kind != 0)
        jh_buf_putc(want, '\0');
    jh_buf_puts(json, last ? "" : ",");
}

static void add_list(jh_pcg64 *rng, jh_buf *want, jh_buf *json, jh_buf *pack)
{
    const uint64_t count = jh_pcg64_below(rng, jh_pcg64_below(rng, 10) == 0 ? 900 : 5);

    jh_buf_puts(json, "[");
    jh_pack_array(pack, count);
    for (uint64_t i = 0; i < count; i++)
        add_item(rng, want, json, pack, i + 1 == count);
    jh_buf_puts(json, "]");
    want->len -= want->len > 0; /* nothing behind the last */
}

static void add_record(jh_pcg64 *rng, jh_buf want[2], jh_buf *json, jh_buf *pack)
{
    jh_pack_map(pack, 3);
    jh_pack_text(pack, "left");
    jh_buf_puts(json, "{\"left\":");
    add_list(rng, &want[0], json, pack);
    jh_buf_puts(json, ",\"head\":{\"right\": ");
    jh_pack_text(pack, "head");
    jh_pack_map(pack, 1);
    jh_pack_text(pack, "right");
    add_list(rng, &want[1], json, pack);
    jh_buf_puts(json, "},\"id\":\"1\"}\n");
    jh_pack_text(pack, "id");
    jh_pack_text(pack, "1");
}

static void expect_list(const jh_field *field, const jh_buf *want, size_t record)
{
    cr_assert(field->list && field->text != NULL, "record %zu", record);
    cr_assert(field->len == want->len && (want->len == 0 || memcmp(field->text, want->bytes, want->len) == 0),
              "record %zu: %u bytes, expected %zu", record, field->len, want->len);
}

static void read_all(const jh_record_kind *kind, const jh_workspace_config *config, const char *path,
                     jh_buf want[RECORDS][2])
{
    jh_reader *reader;
    jh_binding binding = {0};
    jh_record record;
    jihe_error err = {0};

    cr_assert_eq(kind->open(&reader, &binding, path, config, 4096, &err), JIHE_OK, "%s", err.message);
    for (size_t i = 0; i < RECORDS; i++) {
        cr_assert_eq(kind->next(reader, &record, &err), JIHE_OK, "%s", err.message);
        cr_assert(record.bad == NULL && record.count == FIELDS, "record %zu: %s", i, record.bad);
        expect_list(&record.fields[LEFT], &want[i][0], i);
        expect_list(&record.fields[RIGHT], &want[i][1], i);
        cr_assert(!record.fields[ID].list && record.fields[ID].len == 1);
        cr_assert_str_eq(record.fields[RIGHT].path, "head.right");
    }
    cr_assert_eq(kind->next(reader, &record, &err), JIHE_NOT_FOUND);
    kind->close(reader);
    jh_binding_deinit(&binding);
}

Test(record_lists, ndjson_and_messagepack_give_what_was_written)
{
    static jh_buf want[RECORDS][2];
    const scratch dir = scratch_new();
    jh_workspace_config config;
    jh_buf json = {0}, pack = {0};
    jh_pcg64 rng;

    cr_assert_eq(jh_workspace_config_load(&config, scratch_text(&dir, "jihe.yaml", yaml), NULL), JIHE_OK);
    jh_pcg64_seed(&rng, 8, 8);
    for (size_t i = 0; i < RECORDS; i++)
        add_record(&rng, want[i], &json, &pack);
    cr_assert(!json.failed && !pack.failed);
    read_all(&jh_kind_ndjson, &config, scratch_file(&dir, "j", json.bytes, json.len), want);
    read_all(&jh_kind_msgpack, &config, scratch_file(&dir, "m", pack.bytes, pack.len), want);
    for (size_t i = 0; i < RECORDS; i++) {
        jh_buf_deinit(&want[i][0]);
        jh_buf_deinit(&want[i][1]);
    }
    jh_buf_deinit(&json);
    jh_buf_deinit(&pack);
    jh_workspace_config_deinit(&config);
    scratch_remove(&dir);
}
