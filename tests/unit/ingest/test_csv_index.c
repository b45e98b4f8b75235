#include "ingest/csv_index.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/pcg.h"
#include "ingest/csv_scan.h"

static const jh_csv_dialect dialect = {.encoding = JH_ENCODING_AUTO, .delimiter = ',', .quote = '"', .header = 1};

/* Long enough for several steps of 64 bytes; most of them regular. */
static void put_random_text(jh_buf *out, jh_pcg64 *rng)
{
    static const char *const good[] = {"a",
                                       "",
                                       "12.50",
                                       "单据编号",
                                       "\"\"",
                                       "\"a,b\"",
                                       "\"two\nlines\"",
                                       "\"say \"\"yes\"\"\"",
                                       "\"\"\"\"",
                                       "\"cr\r\nlf\"",
                                       "0123456789012345678901234567890123456789"};
    static const char *const bad[] = {"a\"b", "\"a\"b", "a\rb", "\"open", "\r", "\"\"\"", "x\"\""};
    const uint64_t fields = 1 + jh_pcg64_below(rng, 5), rows = jh_pcg64_below(rng, 12);
    const bool spoil = jh_pcg64_below(rng, 3) == 0;
    const uint64_t kinds = jh_pcg64_below(rng, 4) == 0 ? 2 : 11; /* with 2, dozens of fields end in 64 bytes */

    for (uint64_t i = 0; i < rows * fields; i++) {
        if (spoil && jh_pcg64_below(rng, 20) == 0)
            jh_buf_puts(out, bad[jh_pcg64_below(rng, 7)]);
        else
            jh_buf_puts(out, good[jh_pcg64_below(rng, kinds)]);
        jh_buf_puts(out, i % fields + 1 < fields ? "," : jh_pcg64_below(rng, 2) == 0 ? "\n" : "\r\n");
        if (jh_pcg64_below(rng, 30) == 0)
            jh_buf_puts(out, "\n");
    }
    if (spoil && jh_pcg64_below(rng, 10) == 0)
        jh_buf_putc(out, '\0');
    if (spoil && out->len > 0 && jh_pcg64_below(rng, 4) == 0)
        out->len -= (size_t)jh_pcg64_below(rng, out->len < 9 ? out->len : 9);
}

static bool same_rows(const jh_csv_index *index, const char *text, size_t *row, const jh_record *record, size_t at)
{
    size_t first = index->rows[*row];

    while (index->rows[*row + 1] - first == 1 && (index->ends[first] == at || record == NULL)) {
        first = index->rows[++*row]; /* an empty line */
        if (*row == index->row_count)
            return record == NULL;
    }
    if (record == NULL || index->rows[*row + 1] - first != record->count)
        return false;
    for (size_t i = 0; i < record->count; i++) {
        const size_t from = i == 0 ? at : index->ends[first + i - 1] + 1, to = index->ends[first + i];
        const char *field = record->fields[i].text;
        if (memchr(text + from, '"', to - from) == NULL && (field != text + from || record->fields[i].len > to - from))
            return false;
    }
    ++*row;
    return true;
}

/* What the careful scanner finds: the number of records, or SIZE_MAX with any trouble; compares as it goes. */
static size_t scan_all(const jh_csv_index *index, bool indexed, const char *text, size_t len)
{
    jh_csv_scanner scanner;
    jh_record record;
    uint64_t line = 1;
    size_t at = 0, row = 0, count = 0, used;

    cr_assert_eq(jh_csv_scanner_init(&scanner, &dialect, NULL), JIHE_OK);
    for (; (at += jh_csv_empty_lines(text + at, len - at, &line)) < len; at += used) {
        if (jh_csv_scan(&scanner, text + at, len - at, false, line, &record, &used, &line) != JH_CSV_RECORD ||
            record.bad != NULL) {
            count = SIZE_MAX;
            break;
        }
        while (indexed && index->rows[row + 1] - index->rows[row] == 1 && index->ends[index->rows[row]] < at)
            row++; /* empty lines */
        if (indexed)
            cr_assert(same_rows(index, text, &row, &record, at), "record %zu of <%.*s>", count, (int)len, text);
        count++;
    }
    jh_csv_scanner_deinit(&scanner);
    return count;
}

static void same_index(const jh_csv_index *a, const jh_csv_index *b)
{
    cr_assert(a->end_count == b->end_count && a->row_count == b->row_count && a->lines == b->lines);
    cr_assert(a->end_count == 0 || memcmp(a->ends, b->ends, a->end_count * sizeof *a->ends) == 0);
    cr_assert_eq(memcmp(a->rows, b->rows, (a->row_count + 1) * sizeof *a->rows), 0);
}

Test(csv_index, agrees_with_the_scanner)
{
    jh_csv_index quick = {0}, avx2 = {0}, plain = {0};
    size_t regular = 0, irregular = 0;
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 11, 7);
    for (int n = 0; n < 40000; n++) {
        jh_buf text = {0};
        jh_csv_indexed a, b;
        size_t found;

        put_random_text(&text, &rng);
        cr_assert(jh_buf_reserve(&text, 64));
        memset(text.bytes + text.len, n % 2 == 0 ? '"' : '\n', 64);
        a = jh_csv_index_make(&quick, (const char *)text.bytes, text.len, &dialect);
        b = jh_csv_index_plain(&plain, (const char *)text.bytes, text.len, &dialect);
        cr_assert(a == b && b == jh_csv_index_avx2(&avx2, (const char *)text.bytes, text.len, &dialect));
        found = scan_all(&quick, a == JH_CSV_INDEXED, (const char *)text.bytes, text.len);
        cr_assert_eq(a == JH_CSV_INDEXED, found != SIZE_MAX, "<%.*s>", (int)text.len, (const char *)text.bytes);
        if (a == JH_CSV_INDEXED) {
            same_index(&quick, &plain);
            same_index(&avx2, &plain);
        }
        regular += a == JH_CSV_INDEXED;
        irregular += a != JH_CSV_INDEXED;
        jh_buf_deinit(&text);
    }
    cr_assert(regular > 10000 && irregular > 2000, "%zu and %zu", regular, irregular);
    jh_csv_index_deinit(&quick);
    jh_csv_index_deinit(&avx2);
    jh_csv_index_deinit(&plain);
}

Test(csv_index, last_end_is_outside_quotes)
{
    static const struct {
        const char *text;
        size_t end;
    } cases[] = {{"", 0},
                 {"a", 0},
                 {"a\n", 2},
                 {"a\nb", 2},
                 {"a\n\"b\nc", 2},
                 {"\"b\nc\"\n", 6},
                 {"\"b\nc\"", 0},
                 {"a\n\"x\"\"\n\"", 2},
                 {"a\n\"\"\n\"\n", 5}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(jh_csv_last_end(cases[i].text, strlen(cases[i].text), '"'), cases[i].end, "case %zu", i);
}
