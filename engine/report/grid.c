#include <stdlib.h>

#include "base/arena.h"
#include "report/rows_int.h"

struct jh_grid {
    jh_out_column *columns;
    size_t count;
    jh_arena texts;
    jh_buf cells; /* jh_out_cell, row after row; texts point into the arena */
    size_t given; /* cells already read */
};

jihe_status jh_grid_new(jh_grid **out, const jh_out_column *columns, size_t count, jihe_error *err)
{
    const jihe_status st = jh_columns_check(columns, count, err);
    jh_grid *grid;

    *out = NULL;
    if (st != JIHE_OK)
        return st;
    grid = calloc(1, sizeof *grid);
    if (grid == NULL || (grid->columns = jh_columns_copy(columns, count)) == NULL) {
        free(grid);
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a table of %zu columns", count);
    }
    grid->count = count;
    jh_arena_init(&grid->texts, 0);
    *out = grid;
    return JIHE_OK;
}

static bool keep(jh_grid *grid, jh_out_cell *kept, const jh_out_cell *cell)
{
    *kept = *cell;
    if (cell->kind != JH_CELL_TEXT && cell->kind != JH_CELL_NUMBER && cell->kind != JH_CELL_LIST)
        return true;
    kept->text = jh_arena_text(&grid->texts, cell->text, cell->len);
    return kept->text != NULL;
}

jihe_status jh_grid_add(jh_grid *grid, const jh_out_cell *cells, jihe_error *err)
{
    const size_t before = grid->cells.len;
    jh_out_cell *kept = jh_buf_extend(&grid->cells, grid->count * sizeof *cells);
    bool whole = kept != NULL;

    for (size_t i = 0; whole && i < grid->count; i++)
        whole = keep(grid, &kept[i], &cells[i]);
    if (whole)
        return JIHE_OK;
    grid->cells.len = before;
    return jh_fail(err, JIHE_NO_MEMORY, "no memory for a table beyond %zu rows", before / sizeof *cells / grid->count);
}

static jihe_status grid_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    jh_grid *grid = self;
    const jh_out_cell *kept = (const jh_out_cell *)(const void *)grid->cells.bytes;

    (void)err;
    if (grid->given == grid->cells.len / sizeof *cells)
        return JIHE_NOT_FOUND;
    for (size_t i = 0; i < grid->count; i++)
        cells[i] = kept[grid->given++];
    return JIHE_OK;
}

static void grid_free(void *self)
{
    jh_grid_free(self);
}

jihe_status jh_grid_rows(jh_rows **out, jh_grid *grid, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = grid_next, .free = grid_free};

    return jh_rows_new(out, grid->columns, grid->count, &ops, grid, err);
}

void jh_grid_free(jh_grid *grid)
{
    if (grid == NULL)
        return;
    jh_arena_deinit(&grid->texts);
    jh_buf_deinit(&grid->cells);
    free(grid->columns);
    free(grid);
}
