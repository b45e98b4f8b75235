#include <inttypes.h>

#include "base/text.h"
#include "snapshot/snapshot_int.h"

const jh_manifest *jh_snapshot_manifest(const jh_snapshot *snapshot)
{
    return &snapshot->manifest;
}

const jh_schema *jh_snapshot_schema(const jh_snapshot *snapshot)
{
    return &snapshot->schema;
}

uint32_t jh_snapshot_segments(const jh_snapshot *snapshot)
{
    return (uint32_t)snapshot->manifest.segments;
}

uint32_t jh_snapshot_segment_rows(const jh_snapshot *snapshot, uint32_t segment)
{
    const uint64_t left = snapshot->manifest.rows - (uint64_t)segment * JH_SEGMENT_ROWS;

    return left < JH_SEGMENT_ROWS ? (uint32_t)left : JH_SEGMENT_ROWS;
}

static jh_expect expect_of(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot)
{
    const uint32_t rows = jh_snapshot_segment_rows(snapshot, segment);
    const size_t column = snapshot->slots.column_of[slot];

    if (slot == JH_SLOT_HASH)
        return jh_expect_raw(rows);
    return jh_expect_column_of(snapshot->manifest.format, &snapshot->schema.columns[column], rows,
                               snapshot->dicts[column].count);
}

jihe_status jh_snapshot_check(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot, jihe_error *err)
{
    const struct jh_value_ref *ref = &snapshot->values[(size_t)segment * snapshot->slots.count + slot];
    const jh_expect expect = expect_of(snapshot, segment, slot);
    const char *name =
        slot == JH_SLOT_HASH ? "id hash" : snapshot->schema.columns[snapshot->slots.column_of[slot]].name;
    uint8_t key[JH_KEY_BYTES];
    char shown[64];
    jihe_status st;

    jh_slots_key(segment, slot, key);
    if ((st = jh_stored_check(ref->at, ref->len, key, &expect, err)) == JIHE_OK)
        return JIHE_OK;
    return jh_wrap(err, st, "snapshot %s, segment %" PRIu32 ", column '%s'", snapshot->places.name, segment,
                   jh_text_quote(name, strlen(name), shown, sizeof shown));
}

/* Two threads may both check a value the first time; the answer is the same. */
static jihe_status read_value(const jh_snapshot *snapshot, uint32_t segment, uint32_t slot, const jh_stored **out,
                              jihe_error *err)
{
    const size_t index = (size_t)segment * snapshot->slots.count + slot;
    const uint64_t bit = UINT64_C(1) << (index % 64);
    _Atomic uint64_t *word = &snapshot->checked[index / 64];
    jihe_status st;

    if ((atomic_load_explicit(word, memory_order_relaxed) & bit) == 0) {
        if ((st = jh_snapshot_check(snapshot, segment, slot, err)) != JIHE_OK)
            return st;
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
    }
    *out = snapshot->values[index].at;
    return JIHE_OK;
}

static jihe_status no_such(const jh_snapshot *snapshot, uint32_t segment, size_t column, jihe_error *err)
{
    return jh_fail(err, JIHE_BUG, "snapshot %s has no segment %" PRIu32 " with column %zu", snapshot->places.name,
                   segment, column);
}

static jihe_status wrap_unpack(const jh_snapshot *snapshot, uint32_t segment, size_t column, jihe_status st,
                               jihe_error *err)
{
    const char *name = snapshot->schema.columns[column].name;
    char shown[64];

    return st == JIHE_OK ? st
                         : jh_wrap(err, st, "snapshot %s, segment %" PRIu32 ", column '%s'", snapshot->places.name,
                                   segment, jh_text_quote(name, strlen(name), shown, sizeof shown));
}

jihe_status jh_snapshot_column(const jh_snapshot *snapshot, uint32_t segment, size_t column, jh_col_room *room,
                               jh_col_view *out, jihe_error *err)
{
    const jh_stored *value;
    jihe_status st;

    if (segment >= snapshot->manifest.segments || column >= snapshot->schema.count)
        return no_such(snapshot, segment, column, err);
    if ((st = read_value(snapshot, segment, snapshot->slots.of_column[column], &value, err)) != JIHE_OK)
        return st;
    return wrap_unpack(snapshot, segment, column, jh_room_column(room, value, out, err), err);
}

jihe_status jh_snapshot_rows(const jh_snapshot *snapshot, uint32_t segment, uint32_t from, uint32_t to, size_t column,
                             jh_col_room *room, jh_col_view *out, jihe_error *err)
{
    const jh_stored *value;
    jihe_status st;

    if (segment >= snapshot->manifest.segments || column >= snapshot->schema.count || from >= to ||
        to > jh_snapshot_segment_rows(snapshot, segment))
        return no_such(snapshot, segment, column, err);
    if ((st = read_value(snapshot, segment, snapshot->slots.of_column[column], &value, err)) != JIHE_OK)
        return st;
    return wrap_unpack(snapshot, segment, column, jh_room_rows(room, value, from, to, out, err), err);
}

jihe_status jh_snapshot_ids(const jh_snapshot *snapshot, uint32_t segment, const uint64_t *rows, jh_col_room *room,
                            jh_col_view *out, jihe_error *err)
{
    const size_t column = snapshot->schema.id;
    const jh_stored *value;
    jihe_status st;

    if (segment >= snapshot->manifest.segments)
        return no_such(snapshot, segment, column, err);
    if ((st = read_value(snapshot, segment, snapshot->slots.of_column[column], &value, err)) != JIHE_OK)
        return st;
    return wrap_unpack(snapshot, segment, column, jh_room_chosen(room, value, rows, out, err), err);
}

jihe_status jh_snapshot_row(const jh_snapshot *snapshot, uint32_t segment, uint32_t row, size_t column,
                            jh_col_room *room, jh_col_view *out, uint32_t *at, jihe_error *err)
{
    const jh_stored *value;
    jihe_status st;

    if (segment >= snapshot->manifest.segments || column >= snapshot->schema.count ||
        row >= jh_snapshot_segment_rows(snapshot, segment))
        return no_such(snapshot, segment, column, err);
    if ((st = read_value(snapshot, segment, snapshot->slots.of_column[column], &value, err)) != JIHE_OK)
        return st;
    return wrap_unpack(snapshot, segment, column, jh_room_row(room, value, row, out, at, err), err);
}

jihe_status jh_snapshot_id_hash(const jh_snapshot *snapshot, uint32_t segment, const uint64_t **hashes, jihe_error *err)
{
    const jh_stored *value;
    jh_col_view view;
    jihe_status st;

    if (segment >= snapshot->manifest.segments)
        return no_such(snapshot, segment, snapshot->schema.id, err);
    if ((st = read_value(snapshot, segment, JH_SLOT_HASH, &value, err)) != JIHE_OK)
        return st;
    jh_stored_view(value, &view);
    *hashes = view.codes;
    return JIHE_OK;
}

jihe_status jh_snapshot_dict(const jh_snapshot *snapshot, size_t column, jh_dict_view *out, jihe_error *err)
{
    if (column >= snapshot->schema.count || snapshot->dicts[column].offsets == NULL)
        return jh_fail(err, JIHE_BUG, "snapshot %s: column %zu has no dictionary", snapshot->places.name, column);
    *out = snapshot->dicts[column];
    return JIHE_OK;
}

jihe_status jh_snapshot_tally(const jh_snapshot *snapshot, size_t column, jh_figures *out, jihe_error *err)
{
    if (column >= snapshot->schema.count || snapshot->tallies[column].figures == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "snapshot %s: column %zu has no tally", snapshot->places.name, column);
    *out = snapshot->tallies[column];
    return JIHE_OK;
}

jihe_status jh_snapshot_cross(const jh_snapshot *snapshot, size_t person, jh_figures *out, jihe_error *err)
{
    if (person >= snapshot->schema.count || snapshot->crosses[person].figures == NULL)
        return jh_fail(err, JIHE_NOT_FOUND, "snapshot %s: column %zu has no tally by type", snapshot->places.name,
                       person);
    *out = snapshot->crosses[person];
    return JIHE_OK;
}
