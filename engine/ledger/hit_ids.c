#include "ledger/hit_ids.h"

#include "base/error.h"

/* The ids of documents of one segment, copied into the arena: those of the snapshot may be unpacked for a moment only.
 */
static jihe_status read_ids(const jh_selection *selection, size_t from, size_t to, jh_listed_id *listed,
                            jh_col_room *room, jh_arena *arena, jihe_error *err)
{
    enum { FEW = 16 }; /* unpacking a whole segment costs less than this share of its ids, one by one */
    const jh_pass_segment *at = &selection->pass.segments[selection->documents[from].segment];
    const jh_snapshot *snapshot = selection->pass.parts[at->part];
    const size_t column = jh_snapshot_schema(snapshot)->id;
    const bool whole = (to - from) * FEW > at->rows;
    jh_col_view ids;
    jihe_status st = whole ? jh_snapshot_column(snapshot, at->segment, column, room, &ids, err) : JIHE_OK;

    for (size_t i = from; st == JIHE_OK && i < to; i++) {
        uint32_t row = selection->documents[i].row;

        if (!whole && (st = jh_snapshot_row(snapshot, at->segment, row, column, room, &ids, &row, err)) != JIHE_OK)
            break;
        const uint32_t len = ids.offsets[row + 1] - ids.offsets[row];
        const char *copy = jh_arena_text(arena, ids.bytes + ids.offsets[row], len);

        if (copy == NULL)
            st = jh_fail(err, JIHE_NO_MEMORY, "packing hits");
        listed[i] = (jh_listed_id){copy, len, at->part, (uint32_t)i};
    }
    return st;
}

jihe_status jh_hit_ids(jh_listed_id *listed, const jh_selection *selection, jh_arena *arena, jihe_error *err)
{
    const size_t count = selection->document_count;
    jh_col_room room = {0};
    jihe_status st = JIHE_OK;

    for (size_t i = 0, end; st == JIHE_OK && i < count; i = end) {
        for (end = i + 1; end < count && selection->documents[end].segment == selection->documents[i].segment; end++)
            ;
        st = read_ids(selection, i, end, listed, &room, arena, err);
    }
    jh_col_room_deinit(&room);
    return st == JIHE_OK ? jh_id_sort(listed, count, err) : st;
}
