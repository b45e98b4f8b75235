#include "snapshot/writer_int.h"

#include <errno.h>
#include <inttypes.h>

#include "base/hash.h"
#include "base/text.h"

/* Which ids are in: an index of hashes to row numbers, and the documents themselves, wherever they lie by now: in the
 * batch being appended, in the open segment, in one of the filled ones, in the file. */

/* The segment of that number while it is in memory; NULL: it is in the file. */
static const jh_segment_build *in_memory(const jh_writer *writer, uint32_t number)
{
    const jh_segment_build *build = writer->filled;

    if (number == writer->open->number)
        return writer->open;
    while (build != NULL && build->number != number)
        build = build->next;
    return build;
}

/* A value of a segment in the file, whose bytes are ours and were checked when they were written. */
static jihe_status stored_value(jh_writer *writer, uint32_t segment, uint32_t slot, const jh_stored **value,
                                jihe_error *err)
{
    const void *found;
    uint8_t key[JH_KEY_BYTES];
    size_t len;
    jihe_status st;

    jh_slots_key(segment, slot, key);
    if ((st = jh_build_get(writer->env, key, sizeof key, &found, &len, err)) == JIHE_OK)
        *value = found;
    return st;
}

static bool same(const char *id, size_t len, const char *there, size_t there_len)
{
    return jh_text_compare(id, len, there, there_len) == 0;
}

static bool same_in_column(const jh_colbuf *column, uint32_t at, const char *id, size_t len)
{
    return same(id, len, (const char *)column->bytes.bytes + column->offsets[at],
                column->offsets[at + 1] - column->offsets[at]);
}

static jihe_status same_in_file(jh_writer *writer, uint32_t row, uint64_t hash, const char *id, size_t len, bool *equal,
                                jihe_error *err)
{
    const uint32_t slot = writer->slots.of_column[writer->schema->id];
    const uint32_t segment = row / JH_SEGMENT_ROWS;
    uint32_t at = row % JH_SEGMENT_ROWS;
    const jh_stored *value;
    jh_col_view view;
    jihe_status st = stored_value(writer, segment, JH_SLOT_HASH, &value, err);

    *equal = false;
    if (st != JIHE_OK)
        return st;
    if (((const uint64_t *)(value + 1))[at] != hash) /* most of what the index cannot tell apart ends here */
        return JIHE_OK;
    if ((st = stored_value(writer, segment, slot, &value, err)) != JIHE_OK ||
        (st = jh_room_row(&writer->id_room, value, at, &view, &at, err)) != JIHE_OK)
        return st;
    *equal = same(id, len, view.bytes + view.offsets[at], view.offsets[at + 1] - view.offsets[at]);
    return JIHE_OK;
}

static jihe_status same_id(jh_writer *writer, uint32_t row, uint64_t hash, const char *id, size_t len,
                           const jh_batch *batch, bool *equal, jihe_error *err)
{
    const uint32_t slot = writer->slots.of_column[writer->schema->id];
    const jh_segment_build *build;

    if (row >= writer->manifest.rows) {
        const jh_piece *piece = &batch->columns[writer->schema->id].pieces[writer->kept[row - writer->manifest.rows]];
        *equal = same(id, len, piece->text, piece->len);
        return JIHE_OK;
    }
    if ((build = in_memory(writer, row / JH_SEGMENT_ROWS)) == NULL)
        return same_in_file(writer, row, hash, id, len, equal, err);
    *equal = same_in_column(&build->columns[slot], row % JH_SEGMENT_ROWS, id, len);
    return JIHE_OK;
}

jihe_status jh_writer_find(jh_writer *writer, uint64_t hash, const char *id, size_t len, const jh_batch *batch,
                           bool *found, jihe_error *err)
{
    size_t step = 0;
    uint32_t row;
    jihe_status st;

    *found = false;
    while (!*found && jh_probe_next(&writer->ids, hash, &step, &row))
        if ((st = same_id(writer, row, hash, id, len, batch, found, err)) != JIHE_OK)
            return st;
    return JIHE_OK;
}

jihe_status jh_writer_has(jh_writer *writer, const char *id, uint32_t len, bool *found, jihe_error *err)
{
    jihe_status st = jh_writer_usable(writer, err);

    *found = false;
    return st != JIHE_OK ? st : jh_writer_find(writer, jh_hash64(id, len), id, len, NULL, found, err);
}

/* Gives the index the hashes of all rows again, in order. */
static jihe_status refill_index(jh_writer *writer, jihe_error *err)
{
    uint32_t row = 0;

    while (row < writer->manifest.rows) {
        const uint32_t segment = row / JH_SEGMENT_ROWS;
        const uint64_t left = writer->manifest.rows - row;
        const uint32_t rows = left < JH_SEGMENT_ROWS ? (uint32_t)left : JH_SEGMENT_ROWS;
        const jh_segment_build *build = in_memory(writer, segment);
        const uint64_t *hashes;
        const jh_stored *value;
        jihe_status st;

        if (build != NULL)
            hashes = (const uint64_t *)build->columns[JH_SLOT_HASH].values;
        else if ((st = stored_value(writer, segment, JH_SLOT_HASH, &value, err)) == JIHE_OK)
            hashes = (const uint64_t *)(value + 1);
        else
            return st;
        for (uint32_t at = 0; at < rows; at++) {
            jh_probe_fetch(&writer->ids, hashes[at + JH_PROBE_AHEAD < rows ? at + JH_PROBE_AHEAD : at]);
            jh_probe_insert(&writer->ids, hashes[at], row++);
        }
    }
    return JIHE_OK;
}

jihe_status jh_writer_reserve_ids(jh_writer *writer, uint32_t count, jihe_error *err)
{
    if (jh_probe_holds(&writer->ids, count))
        return JIHE_OK;
    if (!jh_probe_enlarge(&writer->ids, count)) {
        const int os_errno = errno;
        return jh_fail_os(err, os_errno == ENOMEM ? JIHE_NO_MEMORY : JIHE_IO, os_errno,
                          "no room for the index of %" PRIu64 " ids in '%s'", writer->manifest.rows + count,
                          writer->places.building);
    }
    return refill_index(writer, err);
}

jihe_status jh_writer_expect(jh_writer *writer, uint64_t rows, jihe_error *err)
{
    const uint64_t most = rows < UINT32_MAX ? rows : UINT32_MAX - 1;

    return most > writer->manifest.rows ? jh_writer_reserve_ids(writer, (uint32_t)(most - writer->manifest.rows), err)
                                        : JIHE_OK;
}
