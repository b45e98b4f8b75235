#include "ingest/ingest.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/days.h"
#include "base/file.h"
#include "base/pcg.h"
#include "ingest/csv.h"
#include "scratch.h"

#define COLUMNS_YAML                                                                                                   \
    "workspace: 1\ncolumns:\n"                                                                                         \
    "  - {name: doc_id, type: id}\n"                                                                                   \
    "  - {name: day, type: date, format: \"%Y-%m-%d\", role: business_date}\n"                                         \
    "  - {name: amount, type: money, scale: 2}\n"                                                                      \
    "  - {name: team, type: category}\n"

typedef struct fixture {
    scratch dir;
    jh_workspace_config config;
    jh_ingest_result result;
    jihe_error err;
} fixture;

static void fixture_init(fixture *f, const char *yaml)
{
    memset(f, 0, sizeof *f);
    f->dir = scratch_new();
    cr_assert_eq(jh_workspace_config_load(&f->config, scratch_text(&f->dir, "jihe.yaml", yaml), &f->err), JIHE_OK, "%s",
                 f->err.message);
}

static void fixture_deinit(fixture *f)
{
    jh_ingest_result_deinit(&f->result);
    jh_workspace_config_deinit(&f->config);
    scratch_remove(&f->dir);
}

static int32_t day(const char *text)
{
    int32_t out;

    cr_assert(jh_days_parse(text, strlen(text), &out));
    return out;
}

/* date NULL: a split. Afterwards the counts must always agree. */
static jihe_status ingest(fixture *f, const char *date, uint64_t max_rejects, const char *const *files, size_t count)
{
    const jh_ingest_options options = {.files = files,
                                       .file_count = count,
                                       .split = date == NULL,
                                       .date = date != NULL ? day(date) : 0,
                                       .max_rejects = max_rejects};
    jihe_status st;

    jh_ingest_result_deinit(&f->result);
    f->err = (jihe_error){0};
    st = jh_ingest(&f->result, f->dir.path, &f->config, &options, &f->err);
    cr_assert_eq(f->result.rows_read, f->result.rows_stored + f->result.rows_rejected);
    cr_assert_eq(f->result.rows_rejected > 0, f->result.reject_file[0] != '\0');
    cr_assert(st == JIHE_OK || f->result.date_count == 0);
    return st;
}

static jihe_status ingest_text(fixture *f, const char *date, uint64_t max_rejects, const char *text)
{
    const char *path = scratch_text(&f->dir, "extract.csv", text);

    return ingest(f, date, max_rejects, &path, 1);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All documents of a date as sorted lines `id|day|minor units|team`; "none" where nothing is sealed. */
static char *documents(const fixture *f, const char *date)
{
    jh_snapshot *snapshot;
    jh_buf all = {0};
    jh_col_room room = {0};
    size_t count = 0;
    char **lines;

    if (jh_snapshot_open(&snapshot, f->dir.path, day(date), 0, NULL) != JIHE_OK)
        return strdup("none");
    lines = calloc(jh_snapshot_manifest(snapshot)->rows + 1, sizeof *lines);
    for (uint32_t s = 0; s < jh_snapshot_segments(snapshot); s++) {
        jh_col_view id, date_view, amount, team;
        jh_dict_view dict;
        cr_assert_eq(jh_snapshot_column(snapshot, s, 0, &room, &id, NULL), JIHE_OK);
        cr_assert_eq(jh_snapshot_column(snapshot, s, 1, NULL, &date_view, NULL), JIHE_OK);
        cr_assert_eq(jh_snapshot_column(snapshot, s, 2, NULL, &amount, NULL), JIHE_OK);
        cr_assert_eq(jh_snapshot_column(snapshot, s, 3, NULL, &team, NULL), JIHE_OK);
        cr_assert_eq(jh_snapshot_dict(snapshot, 3, &dict, NULL), JIHE_OK);
        for (uint32_t r = 0; r < id.rows; r++) {
            const uint32_t code = jh_col_present(&team, r) ? (uint32_t)jh_col_number(&team, r) : 0;
            cr_assert(asprintf(&lines[count++], "%.*s|%" PRIi64 "|%" PRIi64 "|%.*s\n",
                               (int)(id.offsets[r + 1] - id.offsets[r]), id.bytes + id.offsets[r],
                               jh_col_present(&date_view, r) ? jh_col_number(&date_view, r) : -1,
                               jh_col_present(&amount, r) ? jh_col_number(&amount, r) : -1,
                               jh_col_present(&team, r) ? (int)(dict.offsets[code + 1] - dict.offsets[code]) : 0,
                               jh_col_present(&team, r) ? dict.bytes + dict.offsets[code] : "") > 0);
        }
    }
    cr_assert_eq(count, jh_snapshot_manifest(snapshot)->rows);
    cr_assert_eq(jh_snapshot_verify(snapshot, NULL), JIHE_OK);
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++) {
        jh_buf_puts(&all, lines[i]);
        free(lines[i]);
    }
    free(lines);
    jh_col_room_deinit(&room);
    jh_snapshot_close(snapshot);
    return all.len == 0 ? strdup("") : (char *)(uintptr_t)jh_buf_text(&all);
}

static void expect_documents(const fixture *f, const char *date, const char *want)
{
    char *got = documents(f, date);

    cr_assert_str_eq(got, want);
    free(got);
}

/* The reject file as `line:column reason` lines. */
static void rejects_of(const fixture *f, jh_buf *out)
{
    jh_csv *csv;
    jh_record record;

    cr_assert_eq(jh_csv_open(&csv, f->result.reject_file, &comma, NULL), JIHE_OK);
    cr_assert_eq(jh_csv_next(csv, &record, NULL), JIHE_OK);
    cr_assert(record.raw_len == 41 && memcmp(record.raw, "file,line,column,reason,found,message,row", 41) == 0);
    while (jh_csv_next(csv, &record, NULL) == JIHE_OK) {
        cr_assert_null(record.bad, "%s", record.bad);
        cr_assert_eq(record.count, 7);
        jh_buf_printf(out, "%.*s:%.*s %.*s\n", (int)record.fields[1].len, record.fields[1].text,
                      (int)record.fields[2].len, record.fields[2].text, (int)record.fields[3].len,
                      record.fields[3].text);
    }
    jh_csv_close(csv);
}

Test(ingest, one_date)
{
    fixture f;

    fixture_init(&f, COLUMNS_YAML);
    cr_assert_eq(ingest_text(&f, "2026-11-20", 0,
                             "team,doc_id,x,day,amount\r\n资金,B-2,,2026-11-20,-12.5\r\n\r\n,A-1,y,2026-11-20,\r\n"),
                 JIHE_OK, "%s", f.err.message);
    expect_documents(&f, "2026-11-20", "A-1|20777|-1|\nB-2|20777|-1250|资金\n");
    cr_assert_eq(f.result.rows_read, 2);
    cr_assert_eq(f.result.columns_ignored, 1);
    cr_assert_eq(f.result.date_count, 1);
    cr_assert_eq(f.result.dates[0].revision, 1);
    cr_assert_eq(f.result.dates[0].rows, 2);
    cr_assert_not(f.result.dates[0].unchanged);
    fixture_deinit(&f);
}

static const char mixed[] = "doc_id,day,amount,team\n"
                            "A,2026-11-20,1.00,t\n"
                            "B,2026-11-19,1.00,t\n"
                            "C,,1.00,t\n"
                            "A,2026-11-20,2.00,t\n"
                            "D,2026-11-20,1.005,t\n"
                            "E,2026-11-20,1.00\n"
                            "F,2026-11-20,1.00,t,u\n"
                            "G,2026-11-20,1\"0,t\n"
                            ",2026-11-20,1.00,t\n"
                            "=H,20.11.2026,1.00,\"x\ny\"\n"
                            "I,2026-11-20,3.00,中\xff\n"
                            "J,2026-11-20,3.00,\"two\nlines\"\n";

static const char mixed_rejects[] = "3:3 other-date\n"
                                    "4:3 date-missing\n"
                                    "5:1 duplicate-id\n"
                                    "6:14 money-finer\n"
                                    "7:14 field-count\n"
                                    "8:21 field-count\n"
                                    "9:15 csv-quote\n"
                                    "10:1 id-missing\n"
                                    "11:4 date-malformed\n"
                                    "13:20 csv-encoding\n";

Test(ingest, rejects)
{
    fixture f;
    jh_buf rejects = {0}, file = {0};
    struct stat info;

    fixture_init(&f, COLUMNS_YAML);
    cr_assert_eq(ingest_text(&f, "2026-11-20", 9, mixed), JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "10 rows rejected (9 allowed); see "), "%s", f.err.message);
    cr_assert_not_null(strstr(f.err.message, "nothing was stored"), "%s", f.err.message);
    expect_documents(&f, "2026-11-20", "none");
    rejects_of(&f, &rejects);
    cr_assert_str_eq(jh_buf_text(&rejects), mixed_rejects);
    cr_assert_eq(jh_file_read(f.result.reject_file, 1 << 20, &file, NULL), JIHE_OK);
    cr_assert_not_null(strstr(jh_buf_text(&file), "'1.005' has more than 2 decimals"));
    cr_assert_not_null(strstr(jh_buf_text(&file), "\"3 fields, the header has 4\""));
    cr_assert_not_null(strstr(jh_buf_text(&file), ",\"'=H,20.11.2026,1.00,\"\"x\ny\"\"\"\n"), "%s", jh_buf_text(&file));
    cr_assert_not_null(strstr(jh_buf_text(&file), "中\uFFFD"));
    cr_assert(stat(f.result.reject_file, &info) == 0 && (info.st_mode & 0777) == 0600);
    cr_assert(stat(scratch_path(&f.dir, "out/2026-11-20"), &info) == 0 && (info.st_mode & 0777) == 0700);

    cr_assert_eq(ingest_text(&f, "2026-11-20", 10, mixed), JIHE_OK, "%s", f.err.message);
    expect_documents(&f, "2026-11-20", "A|20777|100|t\nJ|20777|300|two\nlines\n");
    cr_assert(f.result.rows_read == 12 && f.result.rows_stored == 2);

    /* Another file of that date without rejects takes the old list away, also when it is refused for another reason. */
    cr_assert_eq(ingest_text(&f, "2026-11-20", 0, "doc_id,day,amount,team\nA,2026-11-20,1.00,t\n"), JIHE_DATA);
    cr_assert_not(jh_file_exists(scratch_path(&f.dir, "out/2026-11-20/rejects.csv")));
    jh_buf_deinit(&rejects);
    jh_buf_deinit(&file);
    fixture_deinit(&f);
}

Test(ingest, same_again_and_other_content)
{
    fixture f;
    char sha256[65];

    fixture_init(&f, COLUMNS_YAML);
    cr_assert_eq(ingest_text(&f, NULL, 0, "doc_id,day,amount,team\nA,2026-11-20,1,t\nB,2026-11-21,2,u\n"), JIHE_OK);
    memcpy(sha256, f.result.dates[1].sha256, sizeof sha256);
    cr_assert_eq(ingest_text(&f, NULL, 0, "doc_id,day,amount,team\r\nB,2026-11-21,2.00,u\r\nA,2026-11-20,1,t\r\n"),
                 JIHE_OK, "%s", f.err.message);
    cr_assert_eq(f.result.date_count, 2);
    cr_assert(f.result.dates[0].unchanged && f.result.dates[1].unchanged);
    cr_assert_eq(f.result.dates[0].revision, 1);
    cr_assert_str_eq(f.result.dates[1].sha256, sha256);

    /* The first date is new and the last is refused: neither is published. */
    cr_assert_eq(ingest_text(&f, NULL, 0, "doc_id,day,amount,team\nC,2026-11-19,1,t\nB,2026-11-21,2,other\n"),
                 JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "2026-11-21 is already sealed with other content (r1, sha256 "), "%s",
                       f.err.message);
    expect_documents(&f, "2026-11-19", "none");
    expect_documents(&f, "2026-11-21", "B|20778|200|u\n");
    cr_assert_not(jh_file_exists(scratch_path(&f.dir, "snapshots/2026-11-19")));
    cr_assert_not(jh_file_exists(scratch_path(&f.dir, "snapshots/2026-11-21/r2")));
    fixture_deinit(&f);
}

Test(ingest, dates_without_documents)
{
    fixture f;
    const char *path;

    fixture_init(&f, COLUMNS_YAML);
    cr_assert_eq(ingest_text(&f, "2026-11-20", 0, "doc_id,day,amount,team\n"), JIHE_OK, "%s", f.err.message);
    cr_assert_eq(f.result.date_count, 1);
    expect_documents(&f, "2026-11-20", "");
    cr_assert_eq(ingest_text(&f, "2026-11-21", 0, ""), JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "ends before the header"), "%s", f.err.message);
    cr_assert_eq(ingest_text(&f, "2026-11-21", 0, "\ndoc_id,day,amount,team\n"), JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "this line is empty"), "%s", f.err.message);
    cr_assert_eq(ingest_text(&f, "2026-11-21", 5, "doc_id,day,amount,team\nA,2026-11-20,1,t\n"), JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "every row was rejected"), "%s", f.err.message);
    cr_assert_eq(ingest_text(&f, NULL, 0, "doc_id,day,amount,team\n"), JIHE_OK);
    cr_assert_eq(f.result.date_count, 0);
    path = scratch_path(&f.dir, "absent.csv");
    cr_assert_eq(ingest(&f, "2026-11-21", 0, &path, 1), JIHE_NO_INPUT);
    expect_documents(&f, "2026-11-21", "none");
    fixture_deinit(&f);
}

/* Broken structure in the second file: nothing of the first is published, what was counted and rejected is told. */
Test(ingest, broken_structure_refuses_all)
{
    fixture f;
    const char *files[2];
    jh_buf rejects = {0};

    fixture_init(&f, COLUMNS_YAML);
    files[0] = scratch_text(&f.dir, "1.csv", "doc_id,day,amount,team\nA,2026-11-20,1,t\nB,2026-11-20,x,t\n");
    files[1] = scratch_text(&f.dir, "2.csv", "amount,team,day,doc_id\n1,t,2026-11-20,C\n1,\"t,2026-11-20,D\n");
    cr_assert_eq(ingest(&f, "2026-11-20", 10, files, 2), JIHE_DATA);
    cr_assert(f.err.line == 3 && f.err.column == 3 && strcmp(f.err.source, files[1]) == 0, "%s", f.err.message);
    cr_assert(f.result.rows_read == 3 && f.result.rows_stored == 2 && f.result.rows_rejected == 1);
    rejects_of(&f, &rejects);
    cr_assert_str_eq(jh_buf_text(&rejects), "3:14 money-malformed\n");
    expect_documents(&f, "2026-11-20", "none");
    jh_buf_deinit(&rejects);
    fixture_deinit(&f);
}

Test(ingest, without_a_business_date)
{
    fixture f;

    fixture_init(&f, "workspace: 1\ncolumns:\n  - {name: id, type: id}\n");
    cr_assert_eq(ingest_text(&f, NULL, 0, "id\nA\n"), JIHE_CONFIG);
    cr_assert_not_null(strstr(f.err.message, "role: business_date"), "%s", f.err.message);
    cr_assert_eq(ingest_text(&f, "2026-11-20", 0, "id\nA\n\nB"), JIHE_OK, "%s", f.err.message);
    cr_assert_eq(f.result.rows_stored, 2);
    fixture_deinit(&f);
}

Test(ingest, numbered_duplicates)
{
    fixture f;
    jh_buf text = {0};

    fixture_init(&f, COLUMNS_YAML "duplicates: number\n");
    cr_assert_eq(ingest_text(&f, NULL, 0,
                             "doc_id,day,amount,team\nA,2026-11-20,1,t\nA#3,2026-11-20,2,t\nA,2026-11-20,3,t\n"
                             "A,2026-11-20,4,t\nA#3,2026-11-20,5,t\nA,2026-11-21,6,t\nA,2026-11-21,7,t\n"),
                 JIHE_OK, "%s", f.err.message);
    expect_documents(&f, "2026-11-20",
                     "A#2|20777|300|t\nA#3#2|20777|500|t\nA#3|20777|200|t\nA#4|20777|400|t\n"
                     "A|20777|100|t\n");
    expect_documents(&f, "2026-11-21", "A#2|20778|700|t\nA|20778|600|t\n");

    /* Linear in the number of equal ids, across a segment's border; and an id too long to be numbered. */
    jh_buf_puts(&text, "doc_id,day,amount,team\n");
    for (int i = 0; i < 100000; i++)
        jh_buf_puts(&text, i % 2 ? "A,2026-11-22,1,t\n" : "B,2026-11-22,1,t\n");
    cr_assert_eq(ingest_text(&f, NULL, 0, jh_buf_text(&text)), JIHE_OK, "%s", f.err.message);
    cr_assert_eq(f.result.dates[0].rows, 100000);
    jh_buf_clear(&text);
    jh_buf_puts(&text, "doc_id,day,amount,team\n");
    for (int copy = 0; copy < 2; copy++) {
        memset(jh_buf_extend(&text, 1023), 'x', 1023);
        jh_buf_puts(&text, ",2026-11-23,1,t\n");
    }
    cr_assert_eq(ingest_text(&f, NULL, 1, jh_buf_text(&text)), JIHE_OK, "%s", f.err.message);
    cr_assert(f.result.rows_stored == 1 && f.result.rows_rejected == 1);
    jh_buf_deinit(&text);
    fixture_deinit(&f);
}

/* --- random extracts: what is good is known when it is made --- */

enum { DAYS = 5, ROWS = 1500 };

typedef struct extract {
    char *rows[ROWS];
    char *documents[ROWS]; /* "" for a row that must be rejected */
    uint8_t days[ROWS];
    uint64_t good;
} extract;

static void make_row(extract *e, size_t i, jh_pcg64 *rng)
{
    static const char *const teams[] = {"资金", "费用", "\"A, \"\"B\"\"\"", ""};
    static const char *const plain_teams[] = {"资金", "费用", "A, \"B\"", ""};
    static const char *const broken[] = {
        "%zu,2026-11-2%u,1.0.0,t\n",  "%zu,2026-11-3%u,1,t\n",     "D-%zu,2026-11-2%u,1\n",  "%zu,2026-11-2%u,1,t,t\n",
        "%zu,2026-11-2%u,\"1\"2,t\n", "%zu,2026-11-2%u,1,t\xe4\n", "\r%zu,2026-11-2%u,1,t\n"};
    const unsigned d = (unsigned)jh_pcg64_below(rng, DAYS);
    const uint64_t team = jh_pcg64_below(rng, 4);
    const int64_t cents = (int64_t)jh_pcg64_below(rng, 100000);

    e->days[i] = (uint8_t)d;
    if (jh_pcg64_below(rng, 10) == 0) {
        const char *form = broken[jh_pcg64_below(rng, sizeof broken / sizeof broken[0])];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        cr_assert(asprintf(&e->rows[i], form, i, d + 2) > 0); /* 2026-11-32 and later are no dates */
#pragma GCC diagnostic pop
        e->documents[i] = strdup("");
        return;
    }
    cr_assert(asprintf(&e->rows[i], "%s%s%zu,2026-11-2%u,%" PRIi64 ".%02" PRIi64 ",%s%s",
                       jh_pcg64_below(rng, 20) == 0 ? "\n" : "", "D-", i, d, cents / 100, cents % 100, teams[team],
                       jh_pcg64_below(rng, 2) == 0 ? "\n" : "\r\n") > 0);
    cr_assert(asprintf(&e->documents[i], "D-%zu|%d|%" PRIi64 "|%s\n", i, day("2026-11-20") + (int)d, cents,
                       plain_teams[team]) > 0);
    e->good++;
}

static void extract_free(extract *e)
{
    for (size_t i = 0; i < ROWS; i++) {
        free(e->rows[i]);
        free(e->documents[i]);
    }
}

/* The rows in the order given, dealt to two files. */
static jihe_status ingest_extract(fixture *f, const extract *e, const size_t *order, size_t first_part)
{
    jh_buf text[2] = {0};
    const char *files[2];
    jihe_status st;

    for (size_t k = 0; k < 2; k++)
        jh_buf_puts(&text[k], "doc_id,day,amount,team\n");
    for (size_t i = 0; i < ROWS; i++)
        jh_buf_puts(&text[i < first_part ? 0 : 1], e->rows[order[i]]);
    files[0] = scratch_gzip(&f->dir, "1.csv", text[0].bytes, text[0].len);
    files[1] = scratch_file(&f->dir, "2.csv", text[1].bytes, text[1].len);
    st = ingest(f, NULL, ROWS, files, 2);
    jh_buf_deinit(&text[0]);
    jh_buf_deinit(&text[1]);
    return st;
}

static void expect_extract(const fixture *f, const extract *e)
{
    for (unsigned d = 0; d < DAYS; d++) {
        char *wanted[ROWS], date[16];
        jh_buf want = {0};
        size_t count = 0;

        for (size_t i = 0; i < ROWS; i++)
            if (e->days[i] == d && e->documents[i][0] != '\0')
                wanted[count++] = e->documents[i];
        qsort(wanted, count, sizeof *wanted, by_text);
        for (size_t i = 0; i < count; i++)
            jh_buf_puts(&want, wanted[i]);
        jh_days_text(day("2026-11-20") + (int)d, date);
        expect_documents(f, date, jh_buf_text(&want));
        jh_buf_deinit(&want);
    }
}

Test(ingest, every_row_is_stored_or_rejected_in_any_order)
{
    static extract e;
    size_t order[ROWS];
    jh_pcg64 rng;

    jh_pcg64_seed(&rng, 20261120, 3);
    for (size_t i = 0; i < ROWS; i++) {
        order[i] = i;
        make_row(&e, i, &rng);
    }
    for (size_t round = 0; round < 3; round++) {
        fixture f;
        fixture_init(&f, COLUMNS_YAML);
        cr_assert_eq(ingest_extract(&f, &e, order, round * ROWS / 3), JIHE_OK, "%s", f.err.message);
        cr_assert_eq(f.result.rows_read, ROWS);
        cr_assert_eq(f.result.rows_stored, e.good);
        cr_assert_eq(f.result.date_count, DAYS);
        jh_buf rejects = {0};
        size_t lines = 0;
        rejects_of(&f, &rejects);
        for (size_t i = 0; i < rejects.len; i++)
            lines += rejects.bytes[i] == '\n';
        cr_assert_eq(lines, ROWS - e.good);
        jh_buf_deinit(&rejects);
        expect_extract(&f, &e);
        fixture_deinit(&f);
        for (size_t i = ROWS; i > 1; i--) { /* Fisher-Yates */
            const size_t j = jh_pcg64_below(&rng, i), swap = order[i - 1];
            order[i - 1] = order[j];
            order[j] = swap;
        }
    }
    extract_free(&e);
}

Test(ingest, too_many_dates)
{
    fixture f;
    jh_buf text = {0};

    fixture_init(&f, COLUMNS_YAML);
    jh_buf_puts(&text, "doc_id,day,amount,team\n");
    for (int32_t d = 0; d <= JH_INGEST_MAX_DATES; d++) {
        char date[16];
        jh_days_text(d, date);
        jh_buf_printf(&text, "%d,%s,1,t\n", d, date);
    }
    cr_assert_eq(ingest_text(&f, NULL, 0, jh_buf_text(&text)), JIHE_DATA);
    cr_assert_not_null(strstr(f.err.message, "more than 4096 business dates"), "%s", f.err.message);
    jh_buf_deinit(&text);
    fixture_deinit(&f);
}
