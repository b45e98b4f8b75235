#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/retally.h"
#include "snapshot/snapshot_int.h"

/* What the documents say, to be compared with what is stored about them. */
struct recount {
    jh_i128 minor; /* money: the sum */
    uint64_t present;
    uint32_t codes_seen; /* category: codes 0..codes_seen-1 have appeared */
};

static jihe_status check_digest(const jh_snapshot *snapshot, jihe_error *err)
{
    uint8_t digest[32];
    char hex[65];
    uint64_t bytes;
    jihe_status st = jh_sha256_file(snapshot->places.data, digest, &bytes, err);

    if (st != JIHE_OK)
        return st;
    jh_hex(digest, sizeof digest, hex);
    if (bytes != snapshot->manifest.file_bytes || strcmp(hex, snapshot->manifest.sha256) != 0)
        return jh_fail(err, JIHE_CORRUPT, "snapshot %s: data.mdb has the SHA-256 %s, the manifest says %s",
                       snapshot->places.name, hex, snapshot->manifest.sha256);
    return JIHE_OK;
}

static jihe_status check_ids(const jh_snapshot *snapshot, uint32_t segment, jh_col_room *room, jihe_error *err)
{
    const uint64_t *hashes;
    jh_col_view ids;
    jihe_status st;

    if ((st = jh_snapshot_id_hash(snapshot, segment, &hashes, err)) != JIHE_OK ||
        (st = jh_snapshot_column(snapshot, segment, snapshot->schema.id, room, &ids, err)) != JIHE_OK)
        return st;
    for (uint32_t row = 0; row < ids.rows; row++) {
        const uint32_t at = ids.offsets[row], len = ids.offsets[row + 1] - at;

        if (len == 0 || jh_hash64(ids.bytes + at, len) != hashes[row])
            return jh_fail(err, JIHE_CORRUPT,
                           "snapshot %s, segment %" PRIu32 ", row %" PRIu32 ": the stored hash is not that of the id",
                           snapshot->places.name, segment, row);
    }
    return JIHE_OK;
}

static jihe_status count_category(const jh_snapshot *snapshot, size_t column, const jh_col_view *view,
                                  struct recount *sums, jihe_error *err)
{
    for (uint32_t row = 0; row < view->rows; row++) {
        uint32_t code;

        if (!jh_col_present(view, row))
            continue;
        code = (uint32_t)jh_col_number(view, row); /* below the dictionary's count: checked with the column */
        if (code > sums->codes_seen)
            return jh_fail(err, JIHE_CORRUPT, "snapshot %s, column '%s': code %" PRIu32 " appears before code %" PRIu32,
                           snapshot->places.name, snapshot->schema.columns[column].name, code, sums->codes_seen);
        sums->codes_seen += code == sums->codes_seen;
    }
    return JIHE_OK;
}

static void sum_money(const jh_col_view *view, struct recount *sums)
{
    for (uint32_t row = 0; row < view->rows; row++)
        if (jh_col_present(view, row))
            sums->minor += jh_col_number(view, row);
    sums->present += view->rows - view->nulls;
}

/* Every value of one segment once more from the file, whatever was checked before. */
static jihe_status recount_segment(const jh_snapshot *snapshot, uint32_t segment, struct recount *columns,
                                   jh_col_room *room, jihe_error *err)
{
    jh_col_view view;
    jihe_status st;

    for (uint32_t slot = 0; slot < snapshot->slots.count; slot++)
        if ((st = jh_snapshot_check(snapshot, segment, slot, err)) != JIHE_OK)
            return st;
    if ((st = check_ids(snapshot, segment, room, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < snapshot->schema.count; i++) {
        const jh_type type = snapshot->schema.columns[i].type;

        if (type != JH_MONEY && type != JH_CATEGORY && type != JH_TEXT)
            continue;
        if ((st = jh_snapshot_column(snapshot, segment, i, room, &view, err)) != JIHE_OK) /* texts: to unpack them */
            return st;
        if (type == JH_MONEY)
            sum_money(&view, &columns[i]);
        else if (type == JH_CATEGORY && (st = count_category(snapshot, i, &view, &columns[i], err)) != JIHE_OK)
            return st;
    }
    return JIHE_OK;
}

static jihe_status compare_total(const jh_snapshot *snapshot, const struct jh_manifest_total *total,
                                 const struct recount *sums, jihe_error *err)
{
    char found[41], stored[41];

    if (total->present == sums->present && total->minor == sums->minor)
        return JIHE_OK;
    jh_num_i128_text(sums->minor, found);
    jh_num_i128_text(total->minor, stored);
    return jh_fail(err, JIHE_CORRUPT,
                   "snapshot %s, column '%s': %" PRIu64 " amounts of %s minor units in all, the manifest "
                   "says %" PRIu64 " of %s",
                   snapshot->places.name, total->column, sums->present, found, total->present, stored);
}

static jihe_status compare(const jh_snapshot *snapshot, const struct recount *columns, jihe_error *err)
{
    const struct jh_manifest_total *total = snapshot->manifest.totals;
    jihe_status st;

    for (size_t i = 0; i < snapshot->schema.count; i++) {
        const jh_column *column = &snapshot->schema.columns[i];
        const uint32_t codes = snapshot->dicts[i].count;

        if (column->type == JH_MONEY && (st = compare_total(snapshot, total++, &columns[i], err)) != JIHE_OK)
            return st;
        if (column->type == JH_CATEGORY && columns[i].codes_seen != codes)
            return jh_fail(err, JIHE_CORRUPT,
                           "snapshot %s, column '%s': %" PRIu32 " of %" PRIu32 " dictionary entries are used",
                           snapshot->places.name, column->name, columns[i].codes_seen, codes);
    }
    return JIHE_OK;
}

jihe_status jh_snapshot_verify(const jh_snapshot *snapshot, jihe_error *err)
{
    struct recount *columns;
    jh_col_room room = {0};
    jihe_status st = check_digest(snapshot, err);

    if (st != JIHE_OK)
        return st;
    columns = calloc(snapshot->schema.count, sizeof *columns);
    if (columns == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory to verify snapshot %s", snapshot->places.name);
    for (uint32_t segment = 0; segment < snapshot->manifest.segments && st == JIHE_OK; segment++)
        st = recount_segment(snapshot, segment, columns, &room, err);
    if (st == JIHE_OK)
        st = compare(snapshot, columns, err);
    if (st == JIHE_OK)
        st = jh_retally(snapshot, err);
    free(columns);
    jh_col_room_deinit(&room);
    return st;
}
