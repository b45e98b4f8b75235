#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "sink.h"

static const jh_out_column two[] = {{"id", "编号"}, {"n", NULL}};

/* A source of `count` rows that can fail, and that notes being freed. */
struct source {
    uint64_t count, given;
    uint64_t fail_at; /* row number from 1; 0: never */
    int freed;
};

static jihe_status source_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct source *source = self;

    source->given++;
    if (source->given == source->fail_at)
        return jh_fail(err, JIHE_CORRUPT, "row %d is broken", (int)source->given);
    if (source->given > source->count)
        return JIHE_NOT_FOUND;
    cells[0] = jh_cell_text("单据-0001");
    cells[1] = jh_cell_uint(source->given);
    return JIHE_OK;
}

static void source_free(void *self)
{
    ((struct source *)self)->freed++;
}

static const jh_rows_ops source_ops = {source_next, source_free};

static jh_rows *open_source(struct source *source)
{
    jh_rows *rows = NULL;
    jihe_error err = {0};

    cr_assert_eq(jh_rows_new(&rows, two, 2, &source_ops, source, &err), JIHE_OK, "%s", err.message);
    return rows;
}

Test(rows, columns_are_checked_and_the_source_freed_in_any_case)
{
    static const jh_out_column twice[] = {{"id", NULL}, {"n", NULL}, {"id", NULL}};
    static const jh_out_column unnamed[] = {{"id", NULL}, {"", NULL}};
    struct source source = {0};
    jh_rows *rows = NULL;
    jihe_error err = {0};

    cr_assert_eq(jh_rows_new(&rows, twice, 3, &source_ops, &source, &err), JIHE_CONFIG);
    cr_assert(strstr(err.message, "'id'") != NULL, "%s", err.message);
    cr_assert_null(rows);
    cr_assert_eq(jh_rows_new(&rows, unnamed, 2, &source_ops, &source, &err), JIHE_BUG);
    cr_assert_eq(jh_rows_new(&rows, two, 0, &source_ops, &source, &err), JIHE_BUG);
    cr_assert_eq(source.freed, 3);
    jh_rows_free(open_source(&source));
    cr_assert_eq(source.freed, 4);
    jh_rows_free(NULL);
}

Test(rows, the_end_and_a_failure_are_final)
{
    struct source source = {.count = 5, .fail_at = 2};
    jh_rows *rows = open_source(&source);
    jh_out_cell cells[2];
    jihe_error err = {0};

    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_OK);
    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_CORRUPT);
    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_NOT_FOUND);
    cr_assert_eq(source.given, 2);
    jh_rows_free(rows);
}

Test(rows, a_grid_keeps_its_own_texts)
{
    char text[] = "first";
    jh_grid *grid = NULL;
    jh_rows *rows = NULL;
    jh_out_cell cells[2] = {jh_cell_text(text), jh_cell_number("1.50")};
    jihe_error err = {0};

    cr_assert_eq(jh_grid_new(&grid, two, 2, &err), JIHE_OK);
    cr_assert_eq(jh_grid_add(grid, cells, &err), JIHE_OK);
    memcpy(text, "XXXXX", 5);
    cr_assert_eq(jh_grid_add(grid, cells, &err), JIHE_OK);
    cr_assert_eq(jh_grid_rows(&rows, grid, &err), JIHE_OK);
    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_OK);
    cr_assert(cells[0].len == 5 && memcmp(cells[0].text, "first", 5) == 0);
    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_OK);
    cr_assert(memcmp(cells[0].text, "XXXXX", 5) == 0);
    cr_assert_eq(jh_rows_next(rows, cells, &err), JIHE_NOT_FOUND);
    jh_rows_free(rows);
}

/* What is printed bare must be a number everywhere: in JSON, and in a spreadsheet where it goes unguarded. */
Test(rows, number_cells_are_numbers)
{
    static const struct {
        const char *digits;
        bool fine;
    } cases[] = {
        {"0", true},        {"-0", true},       {"12", true},
        {"-1234.50", true}, {"0.000001", true}, {"123456789012345678901234567890", true},
        {"", false},        {"-", false},       {"+1", false},
        {"01", false},      {".5", false},      {"5.", false},
        {"1e5", false},     {"2.4e-78", true},  {"2e-7", true},
        {"2e-", false},     {"2.e-7", false},   {"2e-7x", false},
        {"e-7", false},     {"nan", false},     {"1,5", false},
        {"-=1", false},     {"1 ", false},      {"１", false},
    };
    static const jh_out_column one[] = {{"n", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        jh_grid *grid = NULL;
        jh_rows *rows = NULL;
        jh_out_cell cell = jh_cell_number(cases[i].digits);
        jihe_error err = {0};

        cr_assert_eq(jh_grid_new(&grid, one, 1, &err), JIHE_OK);
        cr_assert_eq(jh_grid_add(grid, &cell, &err), JIHE_OK);
        cr_assert_eq(jh_grid_rows(&rows, grid, &err), JIHE_OK);
        cr_assert_eq(jh_rows_next(rows, &cell, &err), cases[i].fine ? JIHE_OK : JIHE_BUG, "'%s'", cases[i].digits);
        jh_rows_free(rows);
    }
    cr_assert_eq(jh_cell_number(NULL).kind, JH_CELL_NONE);
    cr_assert_eq(jh_cell_text(NULL).kind, JH_CELL_NONE);
}

/* The sink may refuse the first piece, one in the middle, or only the last: always JIHE_IO with its reason, never asked
 * again, and the source is not drained for nothing (here it would never end). */
Test(rows, a_refusing_sink_ends_the_writing)
{
    static const uint64_t counts[] = {0, 3, UINT64_MAX};
    static const size_t accepts[] = {0, 10, 200000};

    for (int format = JH_FORMAT_TABLE; format <= JH_FORMAT_NDJSON; format++)
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++) {
                struct source source = {.count = counts[i]};
                jh_rows *rows = open_source(&source);
                struct sink_limit limit = {.accept = accepts[j], .os_errno = j == 0 ? EPIPE : ENOSPC};
                jihe_error err = {0};
                const jihe_status st = jh_rows_write(rows, (jh_format)format, 0, "zh", sink_limited(&limit), &err);

                cr_assert_eq(st, limit.refused ? JIHE_IO : JIHE_OK, "format %d rows %zu accept %zu", format, i, j);
                cr_assert(!limit.refused || err.os_errno == limit.os_errno);
                cr_assert(counts[i] != UINT64_MAX || limit.refused);
                cr_assert_eq(limit.calls_after, 0);
                jh_rows_free(rows);
            }
}

Test(rows, a_failing_source_is_reported_in_every_format)
{
    for (int format = JH_FORMAT_TABLE; format <= JH_FORMAT_NDJSON; format++) {
        struct source source = {.count = 20000, .fail_at = format % 2 == 0 ? 3 : 15000};
        jh_rows *rows = open_source(&source);
        jh_buf got = {0};
        jihe_error err = {0};

        cr_assert_eq(jh_rows_write(rows, (jh_format)format, 0, "en", sink_to(&got), &err), JIHE_CORRUPT);
        cr_assert(strstr(err.message, "is broken") != NULL);
        jh_rows_free(rows);
        jh_buf_deinit(&got);
    }
}
