#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/csv.h"
#include "ingest/ingest.h"
#include "made_up.h"
#include "scratch.h"

/* What an ingest comes to does not depend on how the extract is cut into parcels, nor on how many threads work on them:
 * each is held against the extract read record by record. */

typedef struct way {
    uint32_t threads;
    size_t parcel_bytes; /* 0: record by record */
} way;

static void say(jh_buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(jh_buf *out, const char *format, ...)
{
    char text[1200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    jh_buf_puts(out, text);
}

static void say_file(jh_buf *out, const char *path)
{
    char block[4096];
    FILE *file = fopen(path, "rb");
    size_t got;

    cr_assert_not_null(file, "%s", path);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        jh_buf_put(out, block, got);
    fclose(file);
}

static void ingest(const jh_workspace_config *config, const char *file, bool split, way how, jh_buf *out)
{
    const scratch dir = scratch_new();
    const jh_ingest_options options = {.files = &file,
                                       .file_count = 1,
                                       .split = split,
                                       .date = 20453, /* 2025-12-31 */
                                       .max_rejects = UINT64_MAX,
                                       .threads = how.threads,
                                       .by_record = how.parcel_bytes == 0,
                                       .parcel_bytes = how.parcel_bytes};
    jh_ingest_result result;
    jihe_error err = {0};
    const jihe_status st = jh_ingest(&result, dir.path, config, &options, &err);
    char *place;

    jh_buf_clear(out);
    cr_assert_neq(st, JIHE_BUG, "%s", err.message);
    say(out, "status %d: %s:%u:%u: ", st, st == JIHE_OK ? "" : err.source, err.line, err.column);
    while ((place = strstr(err.message, dir.path)) != NULL) /* of the reject file */
        memset(place, '.', strlen(dir.path));
    say(out, "%s\nread %lu stored %lu rejected %lu\n", err.message, (unsigned long)result.rows_read,
        (unsigned long)result.rows_stored, (unsigned long)result.rows_rejected);
    for (size_t i = 0; i < result.date_count; i++)
        say(out, "%d r%u %lu %s\n", result.dates[i].date, result.dates[i].revision, (unsigned long)result.dates[i].rows,
            result.dates[i].sha256);
    if (result.reject_file[0] != '\0')
        say_file(out, result.reject_file);
    jh_buf_putc(out, '\0');
    jh_ingest_result_deinit(&result);
    scratch_remove(&dir);
}

static void keep_failing(const char *file)
{
    char command[256];

    snprintf(command, sizeof command, "cp %s ${TMPDIR:-/tmp}/jihe-parcels-failed", file);
    if (system(command) != 0)
        printf("cannot keep %s\n", file);
}

static void hold_against_records(const jh_workspace_config *config, const char *file, bool split, const way *ways,
                                 size_t count)
{
    jh_buf want = {0}, got = {0};

    ingest(config, file, split, (way){1, 0}, &want);
    for (size_t i = 0; i < count; i++) {
        ingest(config, file, split, ways[i], &got);
        if (got.len == want.len && memcmp(got.bytes, want.bytes, got.len) == 0)
            continue;
        keep_failing(file);
        cr_assert(false, "%u threads, parcels of %zu bytes: %.3000s\nrecord by record: %.3000s", ways[i].threads,
                  ways[i].parcel_bytes, (const char *)got.bytes, (const char *)want.bytes);
    }
    jh_buf_deinit(&want);
    jh_buf_deinit(&got);
}

static const way all_ways[] = {{1, 64},  {1, 100}, {2, 64},   {3, 200}, {8, 64},      {8, 1000},
                               {2, 333}, {3, 777}, {2, 4096}, {1, 0},   {1, 1 << 19}, {3, 1 << 14}};
enum { WAYS = sizeof all_ways / sizeof all_ways[0] };

static void load_config(jh_workspace_config *config, const scratch *dir, const char *yaml)
{
    jihe_error err = {0};

    cr_assert_eq(jh_workspace_config_load(config, scratch_text(dir, "jihe.yaml", yaml), &err), JIHE_OK, "%s:%u:%u %s",
                 err.source, err.line, err.column, err.message);
}

static void hold_text(const scratch *dir, const char *yaml, const char *text, size_t len, bool split)
{
    jh_workspace_config config;

    load_config(&config, dir, yaml);
    hold_against_records(&config, scratch_file(dir, "extract.csv", text, len), split, all_ways, WAYS);
    jh_workspace_config_deinit(&config);
}

static uint32_t rounds(uint32_t usual)
{
    const char *asked = getenv("JIHE_ROUNDS");

    return asked != NULL ? (uint32_t)strtoul(asked, NULL, 10) : usual;
}

Test(parcels, made_up_extracts, .timeout = 3600)
{
    const scratch dir = scratch_new();
    const uint32_t count = rounds(90);

    for (uint32_t n = 0; n < count; n++) {
        const made_up how = {.rows = 1 + n * 37 % 150,
                             .ids = n % 3 == 0 ? 40 : 1000000,
                             .odd = n % 5 == 0 ? 0 : n % 5 * 8,
                             .broken = n % 4 == 0 ? 0 : n % 4 * 12,
                             .long_fields = n % 2 == 0,
                             .footer = n % 7 == 0};
        jh_workspace_config config;
        jh_buf text = {0};
        jh_pcg64 rng;
        const char *file;

        jh_pcg64_seed(&rng, n, 5);
        load_config(&config, &dir, made_up_yaml(n));
        made_up_extract(&text, &rng, &config, &how);
        file = n % 6 == 5 ? scratch_gzip(&dir, "extract.csv.gz", text.bytes, text.len)
                          : scratch_file(&dir, "extract.csv", text.bytes, text.len);
        hold_against_records(&config, file, config.schema.business_date != SIZE_MAX && n % 8 != 3, all_ways, WAYS);
        jh_buf_deinit(&text);
        jh_workspace_config_deinit(&config);
    }
    scratch_remove(&dir);
}

#define THREE "workspace: 1\ncolumns:\n- {name: id, type: id}\n- {name: n, type: integer}\n- {name: t, type: text}\n"

/* Quotes that make the count wrong for all that follows, or to the end. */
Test(parcels, quotes_astray, .timeout = 600)
{
    static const char *const texts[] = {
        "id,n,t\na,1,x\nb,2,y\"z\nc,3,\"p\nq\"\nd,4,\"r\ns\"\ne,5,t\n",
        "id,n,t\na,1,\"x\"y\nb,2,\"open\nc,3,z\nd,4,z\n",
        "id,n,t\na,1,\"open\n\nb,2,z\nc,3,z\n",
        "id,n,t\na,1,x\"\nb,2,\"\"\"\nc,3,\"\nd,4,z\"\n\"e\",5,z\nf,6,z\n",
        "id,n,"
        "t\n\"a\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
        "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\",1,x\nb,2,x\n",
        "id,n,t\n",
        "id,n,t",
        "id,n,t\n\n\n\n",
        "id,n,t\r\na,1,x\r\n\r\n\r\nb,2,x\r",
        "id,n,t\na,1,x\rb,2,y\nc,3,z"};
    const scratch dir = scratch_new();

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        hold_text(&dir, THREE, texts[i], strlen(texts[i]), false);
    scratch_remove(&dir);
}

static void put_rows(jh_buf *out, uint32_t from, uint32_t to)
{
    char row[64];

    for (uint32_t i = from; i < to; i++) {
        snprintf(row, sizeof row, "a%u,%u,text %u\n", i, i, i);
        jh_buf_puts(out, row);
    }
}

/* A long field, of bytes that are not quoted (`quote` false), or quoted lines. */
static void put_long(jh_buf *out, const char *id, size_t bytes, bool quote)
{
    jh_buf_puts(out, id);
    jh_buf_puts(out, quote ? ",7,\"" : ",7,");
    while (bytes-- > 0)
        jh_buf_putc(out, quote && bytes % 50 == 0 ? '\n' : 'x');
    jh_buf_puts(out, quote ? "\"\n" : "\n");
}

static void hold_long(const jh_buf *text)
{
    static const way ways[] = {{1, 64}, {2, 100000}, {1, 0}, {1, 1 << 19}, {3, 1 << 19}, {1, 1 << 24}, {2, 3 << 20}};
    const scratch dir = scratch_new();
    jh_workspace_config config;

    load_config(&config, &dir, THREE "- {name: more, type: text, optional: true}\n");
    hold_against_records(&config, scratch_file(&dir, "long.csv", text->bytes, text->len), false, ways,
                         sizeof ways / sizeof ways[0]);
    jh_workspace_config_deinit(&config);
    scratch_remove(&dir);
}

/* Fields and records at the limits, in declared columns and in others. */
Test(parcels, long_fields, .timeout = 600)
{
    static const size_t lens[] = {1 << 16, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, 9 << 20};

    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        for (int kind = 0; kind < 4; kind++) {
            jh_buf text = {0};
            jh_buf_puts(&text, kind < 2 ? "id,n,t\n" : "id,n,ignored,t\n");
            if (kind < 2)
                put_rows(&text, 0, 2000);
            put_long(&text, "long", lens[i], kind % 2 == 0);
            if (kind >= 2)
                text.len--, jh_buf_puts(&text, ",t\n");
            put_long(&text, "again", lens[i], kind % 2 == 0);
            put_rows(&text, 2000, 4000);
            hold_long(&text);
            jh_buf_deinit(&text);
        }
    }
}

/* More than 8 MiB in fields that are short enough, around the limit to the byte. */
Test(parcels, long_records, .timeout = 600)
{
    for (int more = -2; more <= 2; more++) {
        jh_buf text = {0};
        size_t start;
        jh_buf_puts(&text, "id,n,t,a,b,c,d,e,f,g,h,i,j\n");
        put_rows(&text, 0, 100);
        start = text.len;
        jh_buf_puts(&text, "long,1");
        for (int f = 0; f < 11; f++) {
            jh_buf_putc(&text, ',');
            for (int i = 0; i < 760000; i++)
                jh_buf_putc(&text, 'y');
        }
        while (text.len - start < (size_t)(JH_CSV_MAX_RECORD - 1 + more))
            jh_buf_putc(&text, 'z');
        jh_buf_putc(&text, '\n');
        jh_buf_puts(&text, "last,1,,,,,,,,,,,\n");
        hold_long(&text);
        jh_buf_deinit(&text);
    }
}

/* A compressed file that breaks: what could be read comes first, and the place is the same. */
Test(parcels, broken_gzip, .timeout = 600)
{
    static const size_t cuts[] = {1, 8, 9, 20, 100, 1000, 2500, 6000};
    const scratch dir = scratch_new();
    jh_workspace_config config;
    jh_buf text = {0};

    load_config(&config, &dir, THREE "csv: {footer: END}\n");
    jh_buf_puts(&text, "id,n,t\n");
    put_rows(&text, 0, 3000);
    for (int footer = 0; footer < 2; footer++) {
        for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
            const char *whole = scratch_gzip(&dir, "whole.gz", text.bytes, text.len);
            uint8_t packed[65536];
            FILE *file = fopen(whole, "rb");
            size_t len = fread(packed, 1, sizeof packed, file);

            fclose(file);
            cr_assert(len > 8000 && len < sizeof packed);
            if (i % 2 == 0)
                len -= cuts[i];
            else
                packed[len - cuts[i]] ^= 0x55;
            hold_against_records(&config, scratch_file(&dir, "broken.csv.gz", packed, len), false, all_ways, WAYS);
        }
        text.len = 0;
        jh_buf_puts(&text, "id,n,t\n");
        put_rows(&text, 0, 300);
        jh_buf_puts(&text, "END,,\n");
        put_rows(&text, 300, 3000);
    }
    jh_buf_deinit(&text);
    jh_workspace_config_deinit(&config);
    scratch_remove(&dir);
}

/* Duplicates within a parcel, far apart, and in other segments; dates that change with every row. */
Test(parcels, duplicates_across_segments, .timeout = 600)
{
    static const way ways[] = {{1, 1 << 19}, {2, 1 << 16}, {3, 1 << 19}, {8, 5000}};
    static const char *const yamls[] = {
        THREE, THREE "duplicates: number\n",
        THREE "- {name: d, type: date, role: business_date, format: '%Y-%m-%d'}\nduplicates: number\n"};
    const scratch dir = scratch_new();

    for (size_t y = 0; y < 3; y++) {
        jh_workspace_config config;
        jh_buf text = {0};
        jh_pcg64 rng;
        char row[96];

        jh_pcg64_seed(&rng, 3, y);
        jh_buf_puts(&text, y == 2 ? "id,n,t,d\n" : "id,n,t\n");
        for (uint32_t i = 0; i < 200000; i++) {
            const uint32_t id = i % 1000 == 0 ? (uint32_t)jh_pcg64_below(&rng, i + 1) : i;
            snprintf(row, sizeof row, y == 2 ? "a%u,%u,%u,2026-01-%02u\n" : "a%u,%u,%u\n", id, i, id, 1 + i % 3);
            jh_buf_puts(&text, row);
        }
        load_config(&config, &dir, yamls[y]);
        hold_against_records(&config, scratch_file(&dir, "much.csv", text.bytes, text.len), y == 2, ways, 4);
        jh_buf_deinit(&text);
        jh_workspace_config_deinit(&config);
    }
    scratch_remove(&dir);
}
