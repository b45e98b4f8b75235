#include "snapshot/manifest.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/days.h"
#include "base/num.h"
#include "base/text.h"
#include "jihe/version.h"
#include "snapshot/schema_copy.h"

const char *const jh_manifest_program = "jihe " JIHE_VERSION;

jihe_status jh_manifest_init(jh_manifest *manifest, int32_t date, uint32_t revision, const jh_schema *schema,
                             jihe_error *err)
{
    *manifest = (jh_manifest){.format = JH_DATA_FORMAT, .date = date, .revision = revision};
    manifest->totals = calloc(schema->count, sizeof *manifest->totals);
    if (manifest->totals == NULL)
        goto no_memory;
    for (size_t i = 0; i < schema->count; i++) {
        struct jh_manifest_total *total = &manifest->totals[manifest->total_count];

        if (schema->columns[i].type != JH_MONEY)
            continue;
        total->scale = schema->columns[i].money.scale;
        total->column = strdup(schema->columns[i].name);
        if (total->column == NULL)
            goto no_memory;
        manifest->total_count++;
    }
    return JIHE_OK;

no_memory:
    jh_manifest_deinit(manifest);
    return jh_fail(err, JIHE_NO_MEMORY, "no memory for a manifest");
}

void jh_manifest_deinit(jh_manifest *manifest)
{
    for (size_t i = 0; i < manifest->total_count; i++)
        free(manifest->totals[i].column);
    free(manifest->totals);
    *manifest = (jh_manifest){0};
}

/* Written by hand, not by jansson: the bytes of a sealed file must not depend on a library's release. */
static void put_string(jh_buf *out, const char *text)
{
    jh_buf_putc(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            jh_buf_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            jh_buf_printf(out, "\\u%04x", (unsigned)*text);
        else
            jh_buf_putc(out, *text);
    }
    jh_buf_putc(out, '"');
}

/* Names and scales are the schema's, so that a manifest which was read and tells others does not come out the same. */
static void put_totals(jh_buf *out, const jh_manifest *manifest, const jh_schema *schema)
{
    size_t next = 0;
    char minor[41];

    jh_buf_puts(out, "  \"totals\": [");
    for (size_t i = 0; i < schema->count && next < manifest->total_count; i++) {
        const struct jh_manifest_total *total = &manifest->totals[next];

        if (schema->columns[i].type != JH_MONEY)
            continue;
        jh_buf_puts(out, next++ == 0 ? "\n    {\"column\": " : ",\n    {\"column\": ");
        put_string(out, schema->columns[i].name);
        jh_num_i128_text(total->minor, minor);
        jh_buf_printf(out, ", \"scale\": %" PRIu32 ", \"present\": %" PRIu64 ", \"minor\": \"%s\"}",
                      schema->columns[i].money.scale, total->present, minor);
    }
    jh_buf_puts(out, next == 0 ? "],\n" : "\n  ],\n");
}

static void put_columns(jh_buf *out, const jh_schema *schema)
{
    jh_buf_puts(out, "  \"columns\": [\n");
    for (size_t i = 0; i < schema->count; i++) {
        jh_buf_puts(out, "    {\"name\": ");
        put_string(out, schema->columns[i].name);
        jh_buf_printf(out, ", \"type\": \"%s\"}%s\n", jh_type_name(schema->columns[i].type),
                      i + 1 < schema->count ? "," : "");
    }
    jh_buf_puts(out, "  ],\n");
}

void jh_manifest_text(jh_buf *out, const jh_manifest *manifest, const jh_schema *schema, const char *program)
{
    char date[16];

    jh_days_text(manifest->date, date);
    jh_buf_printf(out, "{\n  \"format\": %" PRIu32 ",\n  \"date\": \"%s\",\n  \"revision\": %" PRIu32 ",\n",
                  manifest->format, date, manifest->revision);
    jh_buf_printf(out, "  \"rows\": %" PRIu64 ",\n  \"segments\": %" PRIu64 ",\n  \"file_bytes\": %" PRIu64 ",\n",
                  manifest->rows, manifest->segments, manifest->file_bytes);
    jh_buf_printf(out, "  \"sha256\": \"%s\",\n", manifest->sha256);
    put_totals(out, manifest, schema);
    put_columns(out, schema);
    jh_buf_puts(out, "  \"program\": ");
    put_string(out, program);
    jh_buf_puts(out, "\n}\n");
}

static bool to_u64(json_int_t number, uint64_t most, uint64_t *out)
{
    *out = (uint64_t)number;
    return number >= 0 && *out <= most;
}

static jihe_status parse_total(struct jh_manifest_total *out, json_t *item, jihe_error *err)
{
    json_error_t at = {0};
    const char *column = NULL, *minor = NULL;
    json_int_t scale = 0, present = 0;
    uint64_t scale_number = 0;

    if (json_unpack_ex(item, &at, JSON_STRICT, "{s:s, s:I, s:I, s:s}", "column", &column, "scale", &scale, "present",
                       &present, "minor", &minor) != 0)
        return jh_fail(err, JIHE_CORRUPT, "an entry of 'totals': %s", at.text);
    if (!to_u64(scale, 6, &scale_number) || !to_u64(present, INT64_MAX, &out->present) ||
        !jh_num_i128(minor, strlen(minor), &out->minor))
        return jh_fail(err, JIHE_CORRUPT,
                       "an entry of 'totals' has scale %" JSON_INTEGER_FORMAT ", present %" JSON_INTEGER_FORMAT
                       ", minor '%.48s'",
                       scale, present, minor);
    out->scale = (uint32_t)scale_number;
    out->column = strdup(column);
    return out->column != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "no memory for a manifest");
}

static jihe_status parse_totals(jh_manifest *out, json_t *list, jihe_error *err)
{
    const size_t count = json_array_size(list); /* 0 for anything but an array */
    jihe_status st = JIHE_OK;

    if (!json_is_array(list) || count > JH_MAX_COLUMNS)
        return jh_fail(err, JIHE_CORRUPT, "'totals' is not a list of at most %d entries", JH_MAX_COLUMNS);
    out->totals = calloc(count + 1, sizeof *out->totals);
    if (out->totals == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a manifest");
    for (size_t i = 0; i < count && st == JIHE_OK; i++) {
        st = parse_total(&out->totals[i], json_array_get(list, i), err);
        out->total_count += st == JIHE_OK;
    }
    return st;
}

static bool hex64(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static jihe_status parse_root(jh_manifest *out, char program[JH_PROGRAM_ROOM], json_t *root, jihe_error *err)
{
    json_int_t format = 0, revision = 0, rows = 0, segments = 0, file_bytes = 0;
    const char *date = "", *sha256 = "", *wrote = "";
    json_t *totals = NULL, *columns = NULL;
    json_error_t at = {0};
    uint64_t number = 0;

    if (json_unpack_ex(root, &at, 0, "{s:I}", "format", &format) != 0)
        return jh_fail(err, JIHE_CORRUPT, "'format': %s", at.text);
    if (format < JH_DATA_FORMAT_OLDEST || format > JH_DATA_FORMAT)
        return jh_fail(err, JIHE_CORRUPT,
                       "data format %" JSON_INTEGER_FORMAT ", this program reads formats %d to %d: use the jihe "
                       "that wrote it, or ingest the date again",
                       format, JH_DATA_FORMAT_OLDEST, JH_DATA_FORMAT);
    out->format = (uint32_t)format;
    if (json_unpack_ex(root, &at, JSON_STRICT, "{s:I, s:s, s:I, s:I, s:I, s:I, s:s, s:o, s:o, s:s}", "format", &format,
                       "date", &date, "revision", &revision, "rows", &rows, "segments", &segments, "file_bytes",
                       &file_bytes, "sha256", &sha256, "totals", &totals, "columns", &columns, "program", &wrote) != 0)
        return jh_fail(err, JIHE_CORRUPT, "%s", at.text);
    if (!jh_days_parse(date, strlen(date), &out->date) || !to_u64(revision, UINT32_MAX, &number) || number == 0 ||
        !to_u64(rows, UINT32_MAX - 1, &out->rows) || !to_u64(segments, UINT32_MAX, &out->segments) ||
        !to_u64(file_bytes, INT64_MAX, &out->file_bytes) || !hex64(sha256) || strlen(wrote) >= JH_PROGRAM_ROOM)
        return jh_fail(err, JIHE_CORRUPT, "a figure is out of its range");
    out->revision = (uint32_t)number;
    memcpy(out->sha256, sha256, sizeof out->sha256);
    memcpy(program, wrote, strlen(wrote) + 1);
    return parse_totals(out, totals, err);
}

jihe_status jh_manifest_parse(jh_manifest *out, char program[JH_PROGRAM_ROOM], const char *text, size_t len,
                              jihe_error *err)
{
    json_error_t at = {0};
    json_t *root;
    jihe_status st;

    *out = (jh_manifest){0};
    /* Jansson drops digits and calls things invalid for want of memory, and does not tell. */
    if (!jh_memory_reserve())
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to read it");
    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
    st = root == NULL ? jh_fail(err, JIHE_CORRUPT, "line %d column %d: %s", at.line, at.column, at.text)
                      : parse_root(out, program, root, err);
    json_decref(root);
    if (st != JIHE_OK)
        jh_manifest_deinit(out);
    return st;
}
