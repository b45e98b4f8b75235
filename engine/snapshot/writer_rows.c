#include "snapshot/writer_int.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/text.h"

static jihe_status refuse_number(const jh_column *column, int64_t number, jihe_error *err)
{
    return jh_fail(err, JIHE_DATA, "column '%s': %" PRIi64 " is out of the range of type %s", column->name, number,
                   jh_type_name(column->type));
}

/* One cell against what the format can hold. Nothing is changed yet, so that a refused document leaves no trace. */
static jihe_status check_cell(const jh_writer *writer, size_t index, const jh_cell *cell, jihe_error *err)
{
    const jh_column *column = &writer->schema->columns[index];
    const jh_colbuf *buffer = &writer->open->columns[writer->slots.of_column[index]];
    const jh_expect expect = jh_expect_column(column, 0, 0);
    const bool is_text = buffer->encoding == JH_ENC_HEAP || column->type == JH_CATEGORY;

    if (column->type == JH_ID && (!cell->present || cell->len == 0))
        return jh_fail(err, JIHE_DATA, "column '%s': a document without an id", column->name);
    if (!cell->present)
        return JIHE_OK;
    if (!is_text)
        return jh_expect_holds(&expect, cell->number) ? JIHE_OK : refuse_number(column, cell->number, err);
    if (cell->len > JH_TEXT_MAX)
        return jh_fail(err, JIHE_DATA, "column '%s': a value of %" PRIu32 " bytes, at most %d are stored", column->name,
                       cell->len, JH_TEXT_MAX);
    if (buffer->encoding == JH_ENC_HEAP && cell->len > JH_HEAP_MAX - buffer->bytes.len)
        return jh_fail(err, JIHE_DATA, "column '%s': more than %d bytes in %d documents", column->name, JH_HEAP_MAX,
                       JH_SEGMENT_ROWS);
    return JIHE_OK;
}

static jihe_status check_row(jh_writer *writer, const jh_cell *cells, uint64_t hash, jihe_error *err)
{
    const jh_cell *id = &cells[writer->schema->id];
    char shown[64];
    bool found;
    jihe_status st;

    if (writer->manifest.rows >= UINT32_MAX - 1)
        return jh_fail(err, JIHE_DATA, "a snapshot holds at most %" PRIu32 " documents", UINT32_MAX - 1);
    for (size_t i = 0; i < writer->schema->count; i++)
        if ((st = check_cell(writer, i, &cells[i], err)) != JIHE_OK)
            return st;
    if ((st = jh_writer_find(writer, hash, id->text, id->len, NULL, &found, err)) != JIHE_OK)
        return st;
    if (found)
        return jh_fail(err, JIHE_BUG, "document '%s' is added twice",
                       jh_text_quote(id->text, id->len, shown, sizeof shown));
    return JIHE_OK;
}

/* All memory the row needs and the codes of its categories; afterwards storing it cannot fail. */
static jihe_status prepare_row(jh_writer *writer, const jh_cell *cells, jihe_error *err)
{
    jihe_status st;

    if (!jh_segment_build_reserve(writer->open, writer->open->rows + 1))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a segment of %zu columns", writer->schema->count);
    if ((st = jh_writer_reserve_ids(writer, 1, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < writer->schema->count; i++) {
        jh_colbuf *buffer = &writer->open->columns[writer->slots.of_column[i]];
        const jh_column *column = &writer->schema->columns[i];

        if (!cells[i].present)
            continue;
        if (buffer->encoding == JH_ENC_HEAP && !jh_buf_reserve(&buffer->bytes, cells[i].len))
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for the texts of column '%s'", column->name);
        if (column->type != JH_CATEGORY)
            continue;
        if ((st = jh_dict_code(&writer->dicts[i], cells[i].text, cells[i].len, &writer->codes[i], err)) != JIHE_OK)
            return jh_wrap(err, st, "column '%s'", column->name);
    }
    return JIHE_OK;
}

static void store_cell(jh_writer *writer, size_t index, const jh_cell *cell)
{
    jh_colbuf *buffer = &writer->open->columns[writer->slots.of_column[index]];

    if (!cell->present) {
        jh_colbuf_null(buffer, writer->open->rows);
    } else if (buffer->encoding == JH_ENC_HEAP) {
        jh_colbuf_text(buffer, writer->open->rows, cell->text, cell->len);
    } else if (writer->schema->columns[index].type == JH_CATEGORY) {
        jh_colbuf_number(buffer, writer->open->rows, writer->codes[index]);
    } else {
        jh_colbuf_number(buffer, writer->open->rows, cell->number);
    }
}

static void store_row(jh_writer *writer, const jh_cell *cells, uint64_t hash)
{
    struct jh_manifest_total *total = writer->manifest.totals;

    for (size_t i = 0; i < writer->schema->count; i++) {
        store_cell(writer, i, &cells[i]);
        if (writer->schema->columns[i].type != JH_MONEY)
            continue;
        total->present += cells[i].present;
        total->minor += cells[i].present ? cells[i].number : 0; /* 2^32 amounts of 2^63 fit 128 bits */
        total++;
    }
    jh_colbuf_number(&writer->open->columns[JH_SLOT_HASH], writer->open->rows, (int64_t)hash);
    jh_probe_insert(&writer->ids, hash, (uint32_t)writer->manifest.rows);
    writer->manifest.rows++;
    writer->open->rows++;
}

jihe_status jh_writer_add(jh_writer *writer, const jh_cell *cells, jihe_error *err)
{
    const jh_cell *id = &cells[writer->schema->id];
    const uint64_t hash = id->present ? jh_hash64(id->text, id->len) : 0;
    jihe_status st;

    if ((st = jh_writer_usable(writer, err)) != JIHE_OK || (st = check_row(writer, cells, hash, err)) != JIHE_OK)
        return st;
    st = prepare_row(writer, cells, err);
    if (st == JIHE_OK) {
        store_row(writer, cells, hash);
        if (writer->open->rows == JH_SEGMENT_ROWS && (st = jh_writer_turn(writer, err)) == JIHE_OK)
            st = jh_writer_drain(writer, err);
    }
    writer->failed = st != JIHE_OK;
    return st;
}
