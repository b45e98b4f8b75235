#ifndef TEST_REPORT_FIXTURE_H
#define TEST_REPORT_FIXTURE_H

#include <criterion/criterion.h>

#include "base/pcg.h"
#include "report/rows.h"

/* Rows of a table given as an array of cells, `width` a row. */
static inline jh_rows *rows_of(const jh_out_column *columns, size_t width, const jh_out_cell *cells, size_t count)
{
    jh_grid   *grid = NULL;
    jh_rows   *rows = NULL;
    jihe_error err = {0};

    cr_assert_eq(jh_grid_new(&grid, columns, width, &err), JIHE_OK, "%s", err.message);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(jh_grid_add(grid, cells + i * width, &err), JIHE_OK, "%s", err.message);
    cr_assert_eq(jh_grid_rows(&rows, grid, &err), JIHE_OK, "%s", err.message);
    return rows;
}

/* Up to `most` pieces picked from the troublesome ones; the text is terminated. Returns its length. */
static inline size_t random_text(jh_pcg64 *rng, const char *const *pieces, size_t count, size_t most, char *out)
{
    size_t len = 0;

    for (uint64_t left = jh_pcg64_below(rng, most + 1); left > 0; left--)
        for (const char *c = pieces[jh_pcg64_below(rng, count)]; *c != '\0'; c++)
            out[len++] = *c;
    out[len] = '\0';
    return len;
}

#endif
