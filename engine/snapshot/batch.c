#include "snapshot/batch.h"

#include <stdlib.h>

jihe_status jh_batch_init(jh_batch *batch, const jh_schema *schema, uint32_t source, jh_words *words, jihe_error *err)
{
    *batch = (jh_batch){.schema = schema, .source = source, .words = words};
    batch->columns = calloc(schema->count, sizeof *batch->columns);
    return batch->columns != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "no memory for %zu columns", schema->count);
}

void jh_batch_deinit(jh_batch *batch)
{
    for (size_t i = 0; batch->columns != NULL && i < batch->schema->count; i++) {
        free(batch->columns[i].numbers);
        free(batch->columns[i].present);
        free(batch->columns[i].words);
        free(batch->columns[i].pieces);
    }
    free(batch->columns);
    free(batch->hashes);
    *batch = (jh_batch){0};
}

static bool enlarge_numbers(jh_batch_column *column, uint32_t rows)
{
    int64_t *numbers = realloc(column->numbers, rows * sizeof *numbers);
    uint8_t *present;

    if (numbers == NULL)
        return false;
    column->numbers = numbers;
    if ((present = realloc(column->present, rows * sizeof *present)) == NULL)
        return false;
    column->present = present;
    return true;
}

static bool enlarge_words(jh_batch_column *column, uint32_t rows)
{
    uint32_t *words = realloc(column->words, rows * sizeof *words);

    if (words != NULL)
        column->words = words;
    return words != NULL;
}

static bool enlarge_pieces(jh_batch_column *column, uint32_t rows)
{
    jh_piece *pieces = realloc(column->pieces, rows * sizeof *pieces);

    if (pieces != NULL)
        column->pieces = pieces;
    return pieces != NULL;
}

static bool enlarge_column(jh_batch_column *column, jh_type type, uint32_t rows)
{
    switch (type) {
    case JH_ID:
    case JH_TEXT:
        return enlarge_pieces(column, rows);
    case JH_CATEGORY:
        return enlarge_words(column, rows);
    default:
        return enlarge_numbers(column, rows);
    }
}

bool jh_batch_reserve(jh_batch *batch, uint32_t rows)
{
    uint32_t room = batch->room == 0 ? 64 : batch->room;
    uint64_t *hashes;

    if (rows <= batch->room)
        return true;
    while (room < rows)
        room = room < UINT32_MAX / 2 ? room * 2 : UINT32_MAX;
    for (size_t i = 0; i < batch->schema->count; i++)
        if (!enlarge_column(&batch->columns[i], batch->schema->columns[i].type, room))
            return false;
    if ((hashes = realloc(batch->hashes, room * sizeof *hashes)) == NULL)
        return false;
    batch->hashes = hashes;
    batch->room = room;
    return true;
}
