#include "ingest/csv.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pcg.h"
#include "csv_reference.h"
#include "scratch.h"

/* Mostly what matters to the format; the broken ones are rare, so that whole records come out. */
static void put_random_byte(jh_buf *out, jh_pcg64 *rng)
{
    static const char *const often[] = {"a", "b", ",", "\"", "\n", "\r\n", "\"\"", ",\"", "\",", "中", "é", " "};
    static const char *const seldom[] = {"\r", "\xff", "\xe4\xb8", "\xc0\x80", "😀", "\xed\xa0\x80"};

    if (jh_pcg64_below(rng, 200) == 0)
        jh_buf_putc(out, '\0');
    else if (jh_pcg64_below(rng, 12) == 0)
        jh_buf_puts(out, seldom[jh_pcg64_below(rng, sizeof seldom / sizeof seldom[0])]);
    else
        jh_buf_puts(out, often[jh_pcg64_below(rng, sizeof often / sizeof often[0])]);
}

/* A cell as RFC 4180 writes it. */
static void put_cell(jh_buf *out, const char *text, bool quoted)
{
    if (!quoted) {
        jh_buf_puts(out, text);
        return;
    }
    jh_buf_putc(out, '"');
    for (; *text != '\0'; text++)
        jh_buf_puts(out, *text == '"' ? "\"\"" : (char[2]){*text, '\0'});
    jh_buf_putc(out, '"');
}

static void put_random_table(jh_buf *out, jh_pcg64 *rng)
{
    static const char *const plain[] = {"", "x", "12.50", "单据", "a b", "2026-11-20"};
    static const char *const special[] = {"a,b", "say \"yes\"", "two\nlines", "cr\r\nlf", "\"", "\r", ","};
    const uint64_t columns = 1 + jh_pcg64_below(rng, 4), rows = jh_pcg64_below(rng, 6);

    for (uint64_t i = 0; i < rows * columns; i++) {
        if (jh_pcg64_below(rng, 3) == 0)
            put_cell(out, special[jh_pcg64_below(rng, sizeof special / sizeof special[0])], true);
        else
            put_cell(out, plain[jh_pcg64_below(rng, sizeof plain / sizeof plain[0])], jh_pcg64_below(rng, 4) == 0);
        jh_buf_puts(out, i % columns + 1 < columns ? "," : jh_pcg64_below(rng, 2) == 0 ? "\n" : "\r\n");
    }
}

static void mutate(jh_buf *out, jh_pcg64 *rng)
{
    static const char bytes[] = "\",\n\r\0a\xff";
    const uint64_t changes = jh_pcg64_below(rng, 3);

    for (uint64_t i = 0; i < changes && out->len > 0; i++)
        out->bytes[jh_pcg64_below(rng, out->len)] = (uint8_t)bytes[jh_pcg64_below(rng, sizeof bytes - 1)];
    if (out->len > 0 && jh_pcg64_below(rng, 3) == 0)
        out->len = jh_pcg64_below(rng, out->len);
}

static void compare(const scratch *dir, const jh_buf *text, const size_t *blocks, size_t count, uint64_t round)
{
    const char *path = scratch_file(dir, "t.csv", text->bytes != NULL ? text->bytes : (const uint8_t *)"", text->len);
    jh_buf want = {0}, got = {0};

    reference_read((const char *)text->bytes, text->len, ',', '"', &want);
    for (size_t i = 0; i < count; i++) {
        jh_buf_clear(&got);
        reader_read(path, ',', '"', blocks[i], &got);
        cr_assert_str_eq(jh_buf_text(&got), jh_buf_text(&want), "round %" PRIu64 ", blocks of %zu, text <%.*s>", round,
                         blocks[i], (int)text->len, (const char *)text->bytes);
    }
    jh_buf_deinit(&want);
    jh_buf_deinit(&got);
}

Test(csv, equals_reference_on_random_bytes)
{
    static const size_t blocks[] = {1, 2, 3, 7, 64, JH_CSV_BLOCK};
    const scratch dir = scratch_new();
    jh_pcg64 rng;
    jh_buf text = {0};

    jh_pcg64_seed(&rng, 20261120, 1);
    for (uint64_t round = 0; round < 3000; round++) {
        const uint64_t pieces = jh_pcg64_below(&rng, 60);
        jh_buf_clear(&text);
        for (uint64_t i = 0; i < pieces; i++)
            put_random_byte(&text, &rng);
        compare(&dir, &text, blocks, sizeof blocks / sizeof blocks[0], round);
    }
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}

Test(csv, equals_reference_on_mutated_tables)
{
    static const size_t blocks[] = {1, 4, 11, JH_CSV_BLOCK};
    const scratch dir = scratch_new();
    jh_pcg64 rng;
    jh_buf text = {0};

    jh_pcg64_seed(&rng, 20261120, 2);
    for (uint64_t round = 0; round < 4000; round++) {
        jh_buf_clear(&text);
        put_random_table(&text, &rng);
        mutate(&text, &rng);
        compare(&dir, &text, blocks, sizeof blocks / sizeof blocks[0], round);
    }
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}

/* A file with every feature, read with every block size there is a difference between. */
Test(csv, every_block_border)
{
    static const char bytes[] = "\xEF\xBB\xBF"
                                "编号,金额,\"备注\"\r\n1,2,\"a \"\"quoted\"\" word\"\r\n\r\n"
                                "2,\"3\r\n4\",中文\n3,bad\"quote,\"x\n4,cr\rhere,z\n5,nul\0here,z\n6,\xff,z\n7,\"\",";
    const scratch dir = scratch_new();
    jh_buf text = {0};
    size_t blocks[sizeof bytes];

    for (size_t i = 0; i < sizeof bytes; i++)
        blocks[i] = i + 1;
    jh_buf_put(&text, bytes + 3, sizeof bytes - 4);
    compare(&dir, &text, blocks, sizeof bytes, 0);
    /* With the mark the answer is the same: it is no part of the first name. */
    jh_buf want = {0}, got = {0};
    const char *path = scratch_file(&dir, "bom.csv", bytes, sizeof bytes - 1);
    reference_read(bytes + 3, sizeof bytes - 4, ',', '"', &want);
    for (size_t block = 1; block < 12; block++) {
        jh_buf_clear(&got);
        reader_read(path, ',', '"', block, &got);
        cr_assert_str_eq(jh_buf_text(&got), jh_buf_text(&want));
    }
    jh_buf_deinit(&want);
    jh_buf_deinit(&got);
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}

/* The reference is tested too: what it says of a text worked out by hand. */
Test(csv, worked_out_by_hand)
{
    static const char bytes[] = "\n中,b\r\n\"x\"\"y\n\", \"\n1,\"z\"\"\"\n2,\"p\"q,\"\nok\n\"\"\n\"open";
    static const char want[] = "R 2 2:1:3:e4b8ad 2:3:1:62\n"
                               "B 3 4:4 csv-quote\n"
                               "R 5 5:1:1:31 5:3:2:7a22\n"
                               "B 6 6:6 csv-quote\n"
                               "R 7 7:1:2:6f6b\n"
                               "R 8 8:1:0:\n"
                               "OPEN 9:1\n";
    const scratch dir = scratch_new();
    const char *path = scratch_file(&dir, "t.csv", bytes, sizeof bytes - 1);
    jh_buf answer = {0};

    reference_read(bytes, sizeof bytes - 1, ',', '"', &answer);
    cr_assert_str_eq(jh_buf_text(&answer), want);
    jh_buf_clear(&answer);
    reader_read(path, ',', '"', JH_CSV_BLOCK, &answer);
    cr_assert_str_eq(jh_buf_text(&answer), want);
    jh_buf_deinit(&answer);
    scratch_remove(&dir);
}

Test(csv, other_delimiters_and_a_header_further_down)
{
    const jh_csv_dialect dialect = {JH_ENCODING_UTF8, '\t', '\'', 3, NULL};
    const scratch dir = scratch_new();
    const char *path = scratch_text(&dir, "t.csv", "Report \"of\" May\r\n\xff\n'a'\tb,c\n1\t'it''s'\n");
    jh_csv *csv;
    jh_record record;

    cr_assert_eq(jh_csv_open_blocks(&csv, path, &dialect, 3, NULL), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_eq(record.line, 3);
    cr_assert_eq(record.count, 2);
    cr_assert(record.fields[1].len == 3 && memcmp(record.fields[1].text, "b,c", 3) == 0);
    cr_assert(record.raw_len == 7 && memcmp(record.raw, "'a'\tb,c", 7) == 0);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert(record.fields[1].len == 4 && memcmp(record.fields[1].text, "it's", 4) == 0);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_NOT_FOUND);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_NOT_FOUND);
    jh_csv_close(csv);
    scratch_remove(&dir);
}

/* Row counts as the data's README.md states them. */
static const struct real_file {
    const char *path;
    uint64_t rows;
    size_t fields;
} real_files[] = {
    {"us_pcard_2010/transactions.csv.gz", 95076, 9},       {"corp_payments_2010/payments.csv.gz", 189470, 5},
    {"bpi2020_travel_claims/claims.csv.gz", 25447, 14},    {"bpi2012_loan_docs/applications.csv.gz", 13087, 4},
    {"chicago_inspections/inspections.csv.gz", 27600, 16},
};

Test(csv, real_files_have_no_bad_record)
{
    const char *root = getenv("JIHE_SOURCE");
    char path[512];

    for (size_t i = 0; i < sizeof real_files / sizeof real_files[0]; i++) {
        uint64_t rows = 0;
        jh_csv *csv;
        jh_record record;
        jihe_error err = {0};
        jihe_status st;

        snprintf(path, sizeof path, "%s/../shared/data/%s", root != NULL ? root : ".", real_files[i].path);
        if (jh_csv_open(&csv, path, &comma, &err) != JIHE_OK)
            cr_skip_test("%s is not there", path);
        for (; (st = jh_csv_next(csv, &record, &err)) == JIHE_OK; rows++) {
            cr_assert_null(record.bad, "%s:%u:%u %s", path, record.bad_line, record.bad_column, record.bad);
            cr_assert_eq(record.count, real_files[i].fields, "%s:%" PRIu64, path, record.line);
        }
        cr_assert_eq(st, JIHE_NOT_FOUND, "%s", err.message);
        cr_assert_eq(rows, real_files[i].rows + 1, "%s", path);
        jh_csv_close(csv);
    }
}

/* The row whose first non-empty field begins with the footer ends the data; what follows is not looked at. */
Test(csv, footer)
{
    static const char text[] = "合计,b\n1,合计\n,2\n\n,合计：2,3\n\"open\n";
    const scratch dir = scratch_new();
    jh_csv_dialect dialect = comma;
    jh_csv *csv;
    jh_record record;
    size_t records = 0;
    jihe_error err = {0};
    jihe_status st;

    dialect.footer = "合计";
    cr_assert_eq(jh_csv_open_blocks(&csv, scratch_text(&dir, "t", text), &dialect, 5, &err), JIHE_OK);
    while ((st = jh_csv_next(csv, &record, &err)) == JIHE_OK)
        records++;
    cr_assert(st == JIHE_NOT_FOUND && records == 3, "%zu records: %s", records, err.message);
    cr_assert_eq(jh_csv_next(csv, &record, &err), JIHE_NOT_FOUND);
    jh_csv_close(csv);
    dialect.footer = NULL;
    cr_assert_eq(jh_csv_open(&csv, scratch_text(&dir, "t", text), &dialect, &err), JIHE_OK);
    while ((st = jh_csv_next(csv, &record, &err)) == JIHE_OK)
        continue;
    cr_assert_eq(st, JIHE_DATA, "without it the open quote is met");
    jh_csv_close(csv);
    scratch_remove(&dir);
}
