#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

#include "ingest/csv.h"
#include "scratch.h"

/* Reads on to the end or the failure; counts good and bad records. */
static jihe_status read_through(const char *path, const jh_csv_dialect *dialect, size_t *good, size_t *bad,
                                jihe_error *err)
{
    jh_csv *csv;
    jh_record record;
    jihe_status st = jh_csv_open(&csv, path, dialect, err);

    *good = *bad = 0;
    if (st != JIHE_OK)
        return st;
    while ((st = jh_csv_next(csv, &record, err)) == JIHE_OK)
        ++*(record.bad != NULL ? bad : good);
    jh_csv_close(csv);
    return st;
}

/* The first record of a text, which must be bad: its code and message. */
static void expect_bad(const char *text, size_t len, jh_encoding encoding, const char *code, const char *in_message,
                       uint32_t line, uint32_t column)
{
    const scratch dir = scratch_new();
    const jh_csv_dialect dialect = {encoding, ',', '"', 1, NULL};
    jh_csv *csv;
    jh_record record;

    cr_assert_eq(jh_csv_open(&csv, scratch_file(&dir, "t", text, len), &dialect, NULL), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_not_null(record.bad, "%s", text);
    cr_assert_str_eq(record.bad_code, code);
    cr_assert_not_null(strstr(record.bad, in_message), "%s", record.bad);
    cr_assert(record.bad_line == line && record.bad_column == column, "%u:%u", record.bad_line, record.bad_column);
    cr_assert_eq(record.count, 0);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_null(record.bad, "the record after <%s> must be whole", text);
    cr_assert_eq(record.count, 2);
    jh_csv_close(csv);
    scratch_remove(&dir);
}

#define BAD(text, encoding, ...) expect_bad(text, sizeof text - 1, encoding, __VA_ARGS__)

Test(hostile, a_bad_record_is_one_record)
{
    BAD("单据,12\" pipe,\"x\ny,z\n", JH_ENCODING_AUTO, "csv-quote", "a quote inside", 1, 6);
    BAD("a,\"b\" c,d\ny,z\n", JH_ENCODING_AUTO, "csv-quote", "behind a closing quote", 1, 6);
    BAD("a,b\rc,d\ny,z\n", JH_ENCODING_AUTO, "csv-line-end", "carriage return", 1, 4);
    BAD("a,\"b\n\0\",d\ny,z\n", JH_ENCODING_AUTO, "csv-nul", "NUL", 2, 1);
    BAD("a,\"\xff\n\",d\ny,z\n", JH_ENCODING_AUTO, "csv-encoding", "not UTF-8", 1, 4);
    BAD("a,\xb5\xa5\xbe\xdd\ny,z\n", JH_ENCODING_AUTO, "csv-encoding", "encoding: gb18030", 1, 3);
    BAD("a,\xb5\xa5\xbe\xdd\ny,z\n", JH_ENCODING_UTF8, "csv-encoding", "encoding: gb18030", 1, 3);
    BAD("\xb5\xa5,\xbe\ny,z\n", JH_ENCODING_GB18030, "csv-encoding", "not GB18030", 1, 3);
}

Test(hostile, quote_open_at_the_end)
{
    const scratch dir = scratch_new();
    size_t good, bad;
    jihe_error err = {0};
    const char *path = scratch_text(&dir, "t", "a,b\n1,2\n中,\"three\n4,5\n6,7\n");

    cr_assert_eq(read_through(path, &comma, &good, &bad, &err), JIHE_DATA);
    cr_assert(err.line == 3 && err.column == 3, "%u:%u", err.line, err.column);
    cr_assert_str_eq(err.source, path);
    cr_assert_eq(good, 2);
    scratch_remove(&dir);
}

/* Megabytes of `filler` behind `head`, compressed: the file is small, what comes out is not. */
static const char *make_bomb(const scratch *dir, const char *head, const char *filler, size_t megabytes)
{
    const char *path = scratch_path(dir, "bomb.gz");
    gzFile file = gzopen(path, "wb1");
    char *block = malloc(1 << 20);

    for (size_t i = 0; i < 1 << 20; i++)
        block[i] = filler[i % strlen(filler)];
    gzputs(file, head);
    for (size_t i = 0; i < megabytes; i++)
        gzwrite(file, block, 1 << 20);
    gzclose(file);
    free(block);
    return path;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static const struct bomb {
    const char *head, *filler, *message;
    uint32_t line, column;
} bombs[] = {
    {"a,b\n1,", "x", "field that begins here is longer", 2, 3},
    {"a,b\n1,\"", "x", "field that begins here is longer", 2, 3},
    {"a,b\n1,\"", "x\n", "field that begins here is longer", 2, 3},
    {"a,b\n1,\"", "\"\"", "field that begins here is longer", 2, 3},
    {"a,b\n1,x\"y", "z", "record that begins here is longer", 2, 1},
    {"a,b\n1,", "xxxxxxx,", "record that begins here is longer", 2, 1},
};

Test(hostile, a_hundred_megabytes_in_bounded_memory)
{
    const scratch dir = scratch_new();

    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        const char *path = make_bomb(&dir, bombs[i].head, bombs[i].filler, i == 0 ? 100 : 12);
        const long before = peak_kib();
        size_t good, bad;
        jihe_error err = {0};
        cr_assert_eq(read_through(path, &comma, &good, &bad, &err), JIHE_DATA, "bomb %zu", i);
        cr_assert_not_null(strstr(err.message, bombs[i].message), "bomb %zu: %s", i, err.message);
        cr_assert(err.line == bombs[i].line && err.column == bombs[i].column, "bomb %zu: %u:%u", i, err.line,
                  err.column);
        cr_assert(peak_kib() - before < 64 * 1024, "bomb %zu took %ld KiB", i, peak_kib() - before);
    }
    scratch_remove(&dir);
}

/* Lines that are skipped, and empty ones, may be as many and as long as they like. */
Test(hostile, what_is_skipped_takes_no_memory)
{
    const scratch dir = scratch_new();
    const jh_csv_dialect second = {JH_ENCODING_AUTO, ',', '"', 2, NULL};
    size_t good, bad;
    const long before = peak_kib();

    cr_assert_eq(read_through(make_bomb(&dir, "a", "b", 40), &second, &good, &bad, NULL), JIHE_NOT_FOUND);
    cr_assert_eq(good + bad, 0);
    cr_assert_eq(read_through(make_bomb(&dir, "a,b\n", "\r\n", 40), &comma, &good, &bad, NULL), JIHE_NOT_FOUND);
    cr_assert_eq(good, 1);
    cr_assert_eq(read_through(make_bomb(&dir, "a,b\n", "\"\n", 40), &comma, &good, &bad, NULL), JIHE_NOT_FOUND);
    cr_assert_eq(good, 1 + (40 << 20) / 4, "%zu records of a quoted line end", good);
    cr_assert(peak_kib() - before < 64 * 1024);
    scratch_remove(&dir);
}

/* The limit is exact, whatever the blocks. */
Test(hostile, the_longest_field)
{
    const scratch dir = scratch_new();
    static const size_t blocks[] = {1000, 1 << 20, 3 << 20};
    jh_buf text = {0};

    for (size_t over = 0; over <= 1; over++) {
        for (size_t quoted = 0; quoted <= 1; quoted++) {
            jh_buf_clear(&text);
            jh_buf_puts(&text, quoted ? "a\n\"" : "a\n");
            memset(jh_buf_extend(&text, JH_CSV_MAX_FIELD + over), 'x', JH_CSV_MAX_FIELD + over);
            jh_buf_puts(&text, quoted ? "\"\n" : "\n");
            for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
                jh_csv *csv;
                jh_record record;
                cr_assert_eq(
                    jh_csv_open_blocks(&csv, scratch_file(&dir, "t", text.bytes, text.len), &comma, blocks[b], NULL),
                    JIHE_OK);
                cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
                cr_assert_eq(jh_csv_next(csv, &record, NULL), over ? JIHE_DATA : JIHE_OK,
                             "%zu over, quoted %zu, block %zu", over, quoted, blocks[b]);
                jh_csv_close(csv);
            }
        }
    }
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}

Test(hostile, the_longest_record)
{
    static const size_t blocks[] = {1 << 20, 3 << 20, 20 << 20};
    const scratch dir = scratch_new();
    jh_buf text = {0};

    for (size_t over = 0; over <= 1; over++) {
        jh_buf_clear(&text);
        jh_buf_puts(&text, "a\n");
        memset(jh_buf_extend(&text, JH_CSV_MAX_RECORD - 1 + over), 'x', JH_CSV_MAX_RECORD - 1 + over);
        for (size_t at = 2; at < text.len; at += 4096)
            text.bytes[at] = ',';
        jh_buf_puts(&text, "\nb\n");
        for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
            jh_csv *csv;
            jh_record record;
            cr_assert_eq(
                jh_csv_open_blocks(&csv, scratch_file(&dir, "t", text.bytes, text.len), &comma, blocks[b], NULL),
                JIHE_OK);
            cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
            cr_assert_eq(jh_csv_next(csv, &record, NULL), over ? JIHE_DATA : JIHE_OK, "%zu over, block %zu", over,
                         blocks[b]);
            jh_csv_close(csv);
        }
    }
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}

Test(hostile, too_many_fields)
{
    const scratch dir = scratch_new();
    jh_buf text = {0};

    for (int i = 1; i < JH_CSV_MAX_FIELDS; i++)
        jh_buf_putc(&text, ',');
    jh_buf_puts(&text, "\n,");
    for (int i = 1; i < JH_CSV_MAX_FIELDS; i++)
        jh_buf_putc(&text, ',');
    jh_buf_puts(&text, "\na,b\n");
    jh_csv *csv;
    jh_record record;
    cr_assert_eq(jh_csv_open(&csv, scratch_file(&dir, "t", text.bytes, text.len), &comma, NULL), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_eq(record.count, (size_t)JH_CSV_MAX_FIELDS);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_str_eq(record.bad_code, "csv-fields");
    cr_assert_eq(record.bad_column, JH_CSV_MAX_FIELDS + 1);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert_eq(record.count, 2);
    jh_csv_close(csv);
    jh_buf_deinit(&text);
    scratch_remove(&dir);
}
