#include "snapshot/writer_int.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Documents by column. What they come to is the same as when jh_writer_add takes them one by one; a test holds the two
 * against each other. */

static jihe_status reserve_rows(jh_writer *writer, uint32_t count, jihe_error *err)
{
    uint32_t *kept;

    if (writer->manifest.rows + count >= UINT32_MAX)
        return jh_fail(err, JIHE_DATA, "a snapshot holds at most %" PRIu32 " documents", UINT32_MAX - 1);
    if (count > writer->kept_room) {
        if ((kept = realloc(writer->kept, count * sizeof *kept)) == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " documents", count);
        writer->kept = kept;
        writer->kept_room = count;
    }
    return jh_writer_reserve_ids(writer, count, err);
}

/* Enters the ids up to the first that is taken into the index; their rows are writer->kept[0 .. *fresh). */
static jihe_status enter_ids(jh_writer *writer, const jh_batch *batch, const uint32_t *rows, uint32_t count,
                             uint32_t *fresh, jihe_error *err)
{
    const jh_piece *ids = batch->columns[writer->schema->id].pieces;

    *fresh = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t row = rows[i];
        const uint64_t hash = batch->hashes[row];
        const uint32_t number = (uint32_t)writer->manifest.rows + i;

        jh_probe_fetch(&writer->ids, batch->hashes[rows[i + JH_PROBE_AHEAD < count ? i + JH_PROBE_AHEAD : i]]);
        if (!jh_probe_claim(&writer->ids, hash, number)) { /* one like it is there: is it the same? */
            bool found;
            jihe_status st = jh_writer_find(writer, hash, ids[row].text, ids[row].len, batch, &found, err);

            if (st != JIHE_OK || found)
                return st;
            jh_probe_insert(&writer->ids, hash, number);
        }
        writer->kept[(*fresh)++] = row;
    }
    return JIHE_OK;
}

static jihe_status map_of(jh_writer *writer, const jh_batch *batch, size_t column, jh_word_map **out, jihe_error *err)
{
    const size_t columns = writer->schema->count;

    if (batch->source >= writer->map_sources) {
        const uint32_t sources = batch->source + 1;
        jh_word_map *maps = realloc(writer->maps, sources * columns * sizeof *maps);

        if (maps == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "no memory for the values of %zu columns", columns);
        memset(maps + writer->map_sources * columns, 0, (sources - writer->map_sources) * columns * sizeof *maps);
        writer->maps = maps;
        writer->map_sources = sources;
    }
    *out = &writer->maps[batch->source * columns + column];
    return JIHE_OK;
}

static jihe_status grow_map(jh_word_map *map, uint32_t number, jihe_error *err)
{
    uint32_t room = map->room == 0 ? 64 : map->room;
    uint32_t *codes;

    while (room <= number)
        room *= 2; /* dictionaries end far below 2^31 */
    if (room == map->room)
        return JIHE_OK;
    if ((codes = realloc(map->codes, room * sizeof *codes)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for %" PRIu32 " values", room);
    memset(codes + map->room, 0xff, (room - map->room) * sizeof *codes);
    map->codes = codes;
    map->room = room;
    return JIHE_OK;
}

/* A value that this snapshot meets for the first time. */
static jihe_status meet_word(jh_writer *writer, const jh_batch *batch, size_t column, jh_word_map *map, uint32_t number,
                             jihe_error *err)
{
    jihe_status st = grow_map(map, number, err);

    if (st == JIHE_OK && map->codes[number] == JH_WORD_NONE)
        st = jh_words_code(&batch->words[column], number, &writer->dicts[column], &map->codes[number], err);
    return st == JIHE_OK ? st : jh_wrap(err, st, "column '%s'", writer->schema->columns[column].name);
}

static jihe_status add_words(jh_writer *writer, const jh_batch *batch, size_t column, uint32_t at, const uint32_t *rows,
                             uint32_t count, jihe_error *err)
{
    const uint32_t *words = batch->columns[column].words;
    jh_colbuf *out = &writer->open->columns[writer->slots.of_column[column]];
    jh_word_map *map = NULL;
    jihe_status st = map_of(writer, batch, column, &map, err);

    if (st != JIHE_OK)
        return st;
    for (uint32_t done = 0; done < count;) {
        done += jh_colbuf_add_codes(out, at + done, words, map->codes, map->room, rows + done, count - done);
        if (done < count && (st = meet_word(writer, batch, column, map, words[rows[done]], err)) != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}

static jihe_status add_pieces(jh_writer *writer, const jh_batch *batch, size_t column, uint32_t at,
                              const uint32_t *rows, uint32_t count, jihe_error *err)
{
    jh_colbuf *out = &writer->open->columns[writer->slots.of_column[column]];

    if (!jh_colbuf_add_pieces(out, at, batch->columns[column].pieces, rows, count))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the texts of column '%s'",
                       writer->schema->columns[column].name);
    if (out->bytes.len > JH_HEAP_MAX)
        return jh_fail(err, JIHE_DATA, "column '%s': more than %d bytes in %d documents",
                       writer->schema->columns[column].name, JH_HEAP_MAX, JH_SEGMENT_ROWS);
    return JIHE_OK;
}

static void add_total(struct jh_manifest_total *total, const jh_batch_column *column, const uint32_t *rows,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        total->present += column->present[rows[i]];
        total->minor += column->present[rows[i]] != 0 ? column->numbers[rows[i]] : 0;
    }
}

/* Documents that fit into the open segment; their ids are in the index. */
static jihe_status add_rows(jh_writer *writer, const jh_batch *batch, const uint32_t *rows, uint32_t count,
                            jihe_error *err)
{
    const uint32_t at = writer->open->rows;
    struct jh_manifest_total *total = writer->manifest.totals;
    jihe_status st = JIHE_OK;

    if (!jh_segment_build_reserve(writer->open, at + count))
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a segment of %zu columns", writer->schema->count);
    for (size_t i = 0; i < writer->schema->count && st == JIHE_OK; i++) {
        const jh_type type = writer->schema->columns[i].type;
        const jh_batch_column *column = &batch->columns[i];

        if (type == JH_ID || type == JH_TEXT)
            st = add_pieces(writer, batch, i, at, rows, count, err);
        else if (type == JH_CATEGORY)
            st = add_words(writer, batch, i, at, rows, count, err);
        else
            jh_colbuf_add_numbers(&writer->open->columns[writer->slots.of_column[i]], at, column->numbers,
                                  column->present, rows, count);
        if (type == JH_MONEY)
            add_total(total++, column, rows, count);
    }
    if (st != JIHE_OK)
        return st;
    jh_colbuf_add_hashes(&writer->open->columns[JH_SLOT_HASH], at, batch->hashes, rows, count);
    writer->open->rows += count;
    writer->manifest.rows += count;
    return writer->open->rows == JH_SEGMENT_ROWS ? jh_writer_turn(writer, err) : JIHE_OK;
}

jihe_status jh_writer_append(jh_writer *writer, const jh_batch *batch, const uint32_t *rows, uint32_t count,
                             uint32_t *added, jihe_error *err)
{
    uint32_t done = 0;
    jihe_status st;

    *added = 0;
    if ((st = jh_writer_usable(writer, err)) != JIHE_OK || (st = reserve_rows(writer, count, err)) != JIHE_OK)
        return st;
    st = enter_ids(writer, batch, rows, count, added, err);
    while (done < *added && st == JIHE_OK) {
        const uint32_t room = JH_SEGMENT_ROWS - writer->open->rows;
        const uint32_t part = *added - done < room ? *added - done : room;

        st = add_rows(writer, batch, writer->kept + done, part, err);
        done += part;
    }
    writer->failed = st != JIHE_OK;
    return st;
}
