#include "snapshot/writer_int.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/text.h"
#include "snapshot/codes.h"

enum { FIRST_ROWS = 64, ROWS_GROWTH = 4 };

/* The id of a row of this snapshot, wherever it lies by now; the file's bytes are ours and checked when they were
 * written. */
static jihe_status id_of_row(jh_writer *writer, uint32_t row, const char **id, size_t *len, jihe_error *err)
{
    const uint32_t slot = writer->slots.of_column[writer->schema->id];
    const uint32_t segment = row / JH_SEGMENT_ROWS;
    uint32_t at = row % JH_SEGMENT_ROWS;
    const jh_colbuf *buffer = &writer->columns[slot];
    const uint32_t *offsets = buffer->offsets;
    const char *bytes = (const char *)buffer->bytes.bytes;
    uint8_t key[JH_KEY_BYTES];
    const void *value;
    size_t value_len;
    jh_col_view view;
    jihe_status st;

    if (segment < writer->manifest.segments) {
        jh_slots_key(segment, slot, key);
        if ((st = jh_build_get(writer->env, key, sizeof key, &value, &value_len, err)) != JIHE_OK)
            return st;
        if ((st = jh_room_row(&writer->id_room, value, at, &view, &at, err)) != JIHE_OK)
            return st;
        offsets = view.offsets;
        bytes = view.bytes;
    }
    *id = bytes + offsets[at];
    *len = offsets[at + 1] - offsets[at];
    return JIHE_OK;
}

static jihe_status find_id(jh_writer *writer, uint64_t hash, const char *id, uint32_t len, bool *found, jihe_error *err)
{
    size_t step = 0, there_len;
    const char *there;
    uint32_t row;
    jihe_status st;

    *found = false;
    while (!*found && jh_probe_next(&writer->ids, hash, &step, &row)) {
        if ((st = id_of_row(writer, row, &there, &there_len, err)) != JIHE_OK)
            return st;
        *found = jh_text_compare(id, len, there, there_len) == 0;
    }
    return JIHE_OK;
}

jihe_status jh_writer_has(jh_writer *writer, const char *id, uint32_t len, bool *found, jihe_error *err)
{
    jihe_status st = jh_writer_usable(writer, err);

    *found = false;
    return st != JIHE_OK ? st : find_id(writer, jh_hash64(id, len), id, len, found, err);
}

/* Gives the index the hashes of the rows that are in the file, then those of the unfinished segment. */
static jihe_status refill_index(jh_writer *writer, jihe_error *err)
{
    const int64_t *unfinished = writer->columns[JH_SLOT_HASH].values;
    uint32_t row = 0;
    uint8_t key[JH_KEY_BYTES];
    const void *value;
    size_t len;
    jh_col_view view;
    jihe_status st;

    for (uint32_t segment = 0; segment < writer->manifest.segments; segment++) {
        jh_slots_key(segment, JH_SLOT_HASH, key);
        if ((st = jh_build_get(writer->env, key, sizeof key, &value, &len, err)) != JIHE_OK)
            return st;
        jh_stored_view(value, &view);
        for (uint32_t at = 0; at < JH_SEGMENT_ROWS; at++)
            jh_probe_insert(&writer->ids, jh_codes_get(view.codes, view.width, at), row++);
    }
    for (uint32_t at = 0; at < writer->fill; at++)
        jh_probe_insert(&writer->ids, (uint64_t)unfinished[at], row++);
    return JIHE_OK;
}

static jihe_status refuse_number(const jh_column *column, int64_t number, jihe_error *err)
{
    return jh_fail(err, JIHE_DATA, "column '%s': %" PRIi64 " is out of the range of type %s", column->name, number,
                   jh_type_name(column->type));
}

/* One cell against what the format can hold. Nothing is changed yet, so that a refused document leaves no trace. */
static jihe_status check_cell(const jh_writer *writer, size_t index, const jh_cell *cell, jihe_error *err)
{
    const jh_column *column = &writer->schema->columns[index];
    const jh_colbuf *buffer = &writer->columns[writer->slots.of_column[index]];
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
    if ((st = find_id(writer, hash, id->text, id->len, &found, err)) != JIHE_OK)
        return st;
    if (found)
        return jh_fail(err, JIHE_BUG, "document '%s' is added twice",
                       jh_text_quote(id->text, id->len, shown, sizeof shown));
    return JIHE_OK;
}

static bool grow_columns(jh_writer *writer)
{
    const uint32_t rows = writer->room == 0 ? FIRST_ROWS : writer->room * ROWS_GROWTH;
    const uint32_t room = rows < JH_SEGMENT_ROWS ? rows : JH_SEGMENT_ROWS;

    for (uint32_t slot = 0; slot < writer->slots.count; slot++)
        if (!jh_colbuf_grow(&writer->columns[slot], writer->room, room))
            return false;
    writer->room = room;
    return true;
}

/* All memory the row needs and the codes of its categories; afterwards storing it cannot fail. */
static jihe_status prepare_row(jh_writer *writer, const jh_cell *cells, jihe_error *err)
{
    jihe_status st;

    if (writer->fill == writer->room && !grow_columns(writer))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a segment of %d columns", (int)writer->schema->count);
    if (jh_probe_full(&writer->ids)) {
        if (!jh_probe_enlarge(&writer->ids))
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for the index of %" PRIu64 " ids", writer->manifest.rows);
        if ((st = refill_index(writer, err)) != JIHE_OK)
            return st;
    }
    for (size_t i = 0; i < writer->schema->count; i++) {
        jh_colbuf *buffer = &writer->columns[writer->slots.of_column[i]];
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
    jh_colbuf *buffer = &writer->columns[writer->slots.of_column[index]];

    if (!cell->present) {
        jh_colbuf_null(buffer, writer->fill);
    } else if (buffer->encoding == JH_ENC_HEAP) {
        jh_colbuf_text(buffer, writer->fill, cell->text, cell->len);
    } else if (writer->schema->columns[index].type == JH_CATEGORY) {
        jh_colbuf_number(buffer, writer->fill, writer->codes[index]);
        writer->dicts[index].tally[writer->codes[index]]++;
    } else {
        jh_colbuf_number(buffer, writer->fill, cell->number);
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
    jh_colbuf_number(&writer->columns[JH_SLOT_HASH], writer->fill, (int64_t)hash);
    jh_probe_insert(&writer->ids, hash, (uint32_t)writer->manifest.rows);
    writer->manifest.rows++;
    writer->fill++;
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
        if (writer->fill == JH_SEGMENT_ROWS)
            st = jh_writer_flush(writer, err);
    }
    writer->failed = st != JIHE_OK;
    return st;
}
