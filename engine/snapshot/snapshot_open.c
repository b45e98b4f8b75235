#include "snapshot/snapshot_int.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "snapshot/codes.h"
#include "snapshot/counts.h"
#include "snapshot/schema_copy.h"
#include "snapshot/table.h"

#define OPEN_ROWS UINT32_MAX

enum { MANIFEST_MAX = 1 << 20 }; /* bytes; 256 columns need far less */

/* The figures of manifest.json, as far as they can be checked without data.mdb. `text` receives the file. */
static jihe_status load_manifest(jh_snapshot *snapshot, int32_t date, uint32_t revision, jh_buf *text, jihe_error *err)
{
    const jh_places *places = &snapshot->places;
    const jh_manifest *manifest = &snapshot->manifest;
    jihe_status st = jh_file_read(places->manifest, MANIFEST_MAX, text, err);

    if (st == JIHE_NO_INPUT || st == JIHE_DATA) /* its directory is there: what jihe wrote was removed or replaced */
        return jh_fail(err, JIHE_CORRUPT, "manifest.json is missing or larger than %d bytes", MANIFEST_MAX);
    if (st != JIHE_OK)
        return st;
    st = jh_manifest_parse(&snapshot->manifest, snapshot->program, (const char *)text->bytes, text->len, err);
    if (st != JIHE_OK)
        return jh_wrap(err, st, "manifest.json");
    if (manifest->date != date || manifest->revision != revision)
        return jh_fail(err, JIHE_CORRUPT, "manifest.json is that of another snapshot");
    if (manifest->segments != (manifest->rows + JH_SEGMENT_ROWS - 1) / JH_SEGMENT_ROWS)
        return jh_fail(err, JIHE_CORRUPT, "manifest.json: %" PRIu64 " segments do not suit %" PRIu64 " rows",
                       manifest->segments, manifest->rows);
    return JIHE_OK;
}

static jihe_status check_size(const jh_snapshot *snapshot, jihe_error *err)
{
    struct stat file;
    int os_errno;

    if (stat(snapshot->places.data, &file) != 0) {
        os_errno = errno;
        return jh_fail_os(err, os_errno == ENOENT ? JIHE_CORRUPT : JIHE_IO, os_errno, "data.mdb");
    }
    if ((uint64_t)file.st_size != snapshot->manifest.file_bytes)
        return jh_fail(err, JIHE_CORRUPT, "data.mdb has %" PRIu64 " bytes, the manifest says %" PRIu64,
                       (uint64_t)file.st_size, snapshot->manifest.file_bytes);
    return JIHE_OK;
}

/* One of the values after the segments: checked here, once. Where `expect` leaves the rows open (OPEN_ROWS), the
 * value's own header tells them. */
static jihe_status special(const jh_snapshot *snapshot, uint32_t slot, jh_expect expect, const void **value,
                           jihe_error *err)
{
    uint8_t key[JH_KEY_BYTES];
    size_t len;
    jihe_status st;

    jh_slots_key(JH_SEGMENT_SPECIAL, slot, key);
    st = jh_txn_get(snapshot->txn, 0, key, sizeof key, value, &len, err);
    if (st == JIHE_NOT_FOUND || (st == JIHE_OK && len < JH_STORED_MIN))
        return jh_fail(err, JIHE_CORRUPT, "value %" PRIu32 " after the segments is missing", slot);
    if (st != JIHE_OK)
        return st;
    if (expect.rows == OPEN_ROWS)
        memcpy(&expect.rows, *value, sizeof expect.rows);
    if ((st = jh_stored_check(*value, len, key, &expect, err)) != JIHE_OK)
        return jh_wrap(err, st, "value %" PRIu32 " after the segments", slot);
    return JIHE_OK;
}

static jihe_status load_schema(jh_snapshot *snapshot, jihe_error *err)
{
    const jh_expect expect = {.encoding = JH_ENC_BLOB, .rows = OPEN_ROWS};
    const jh_stored *header;
    const void *value;
    uint32_t format;
    jihe_status st = special(snapshot, JH_SLOT_SCHEMA, expect, &value, err);

    if (st != JIHE_OK)
        return st;
    header = value;
    st = jh_schema_unpack(&snapshot->schema, &snapshot->arena, header + 1, (size_t)header->payload, &format, err);
    if (st == JIHE_OK && format != snapshot->manifest.format)
        return jh_fail(err, JIHE_CORRUPT, "the stored schema is of format %" PRIu32 ", manifest.json of %" PRIu32,
                       format, snapshot->manifest.format);
    if (st == JIHE_OK && snapshot->schema.count != header->rows)
        return jh_fail(err, JIHE_CORRUPT, "the stored schema has %zu columns, its header says %" PRIu32,
                       snapshot->schema.count, header->rows);
    return st;
}

static jihe_status check_counts(const jh_snapshot *snapshot, jihe_error *err)
{
    uint64_t want[JH_COUNTS_MAX];
    const uint32_t rows = jh_counts_fill(want, &snapshot->manifest, snapshot->slots.count);
    const void *value;
    jh_col_view view;
    jihe_status st = special(snapshot, JH_SLOT_COUNTS, jh_expect_raw(rows), &value, err);

    if (st != JIHE_OK)
        return st;
    jh_stored_view(value, &view);
    for (uint32_t i = 0; i < rows; i++)
        if (jh_codes_get(view.codes, view.width, i) != want[i])
            return jh_fail(err, JIHE_CORRUPT,
                           "figure %" PRIu32 " of data.mdb is %" PRIu64 ", manifest.json and the schema "
                           "say %" PRIu64,
                           i, jh_codes_get(view.codes, view.width, i), want[i]);
    return JIHE_OK;
}

/* The file must be what the writer makes of the figures in it and of the schema in data.mdb. */
static jihe_status compare_manifest(const jh_snapshot *snapshot, const jh_buf *text, jihe_error *err)
{
    jh_buf made = {0};
    jihe_status st = JIHE_OK;

    jh_manifest_text(&made, &snapshot->manifest, &snapshot->schema, snapshot->program);
    if (made.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "no memory for a manifest");
    else if (jh_text_compare((const char *)text->bytes, text->len, (const char *)made.bytes, made.len) != 0)
        st = jh_fail(err, JIHE_CORRUPT, "manifest.json was changed, or does not describe the columns in data.mdb");
    jh_buf_deinit(&made);
    return st;
}

static jihe_status load_dict(jh_snapshot *snapshot, uint32_t column, jihe_error *err)
{
    const jh_expect expect = {.encoding = JH_ENC_HEAP, .rows = OPEN_ROWS};
    const void *value;
    jh_col_view view;
    jihe_status st = special(snapshot, JH_SLOT_DICT + column, expect, &value, err);

    if (st != JIHE_OK)
        return st;
    jh_stored_view(value, &view);
    snapshot->dicts[column] = (jh_dict_view){view.rows, view.offsets, view.bytes};
    return JIHE_OK;
}

/* Format 1: documents per code, of persons only. */
static jihe_status load_tally_v1(jh_snapshot *snapshot, uint32_t column, jihe_error *err)
{
    const uint32_t rows = snapshot->dicts[column].count;
    jh_col_view *view = JH_NEW(&snapshot->arena, jh_col_view, 1);
    const void *value;
    jihe_status st;

    if (view == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the tallies");
    if ((st = special(snapshot, JH_SLOT_TALLY + column, jh_expect_raw(rows), &value, err)) != JIHE_OK)
        return st;
    jh_stored_view(value, view);
    snapshot->tallies[column] = (jh_figures){.rows = rows, .figures = view};
    return JIHE_OK;
}

/* A tally, or with `pairs` a cross tally. */
static jihe_status load_table(jh_snapshot *snapshot, uint32_t slot, uint32_t rows, bool pairs, jh_figures *out,
                              jihe_error *err)
{
    const uint32_t money = (uint32_t)snapshot->manifest.total_count;
    const uint32_t columns = jh_figures_columns(money) + (pairs ? 2 : 0);
    const jh_expect expect = {.encoding = JH_ENC_TABLE, .rows = rows, .columns = columns};
    jh_col_view *views = JH_NEW(&snapshot->arena, jh_col_view, columns);
    const void *value;
    jihe_status st;

    if (views == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the tallies");
    if ((st = special(snapshot, slot, expect, &value, err)) != JIHE_OK)
        return st;
    jh_table_views(value, columns, views);
    *out = (jh_figures){.rows = views[0].rows, .money = money, .figures = pairs ? views + 2 : views};
    if (pairs) {
        out->person = &views[0];
        out->type = &views[1];
    }
    return JIHE_OK;
}

static bool codes_fit(const jh_col_view *codes, const jh_dict_view *dict)
{
    return codes->rows == 0 || (codes->base >= 0 && codes->max < (int64_t)dict->count);
}

static jihe_status load_cross(jh_snapshot *snapshot, uint32_t person, size_t type, jihe_error *err)
{
    jh_figures *cross = &snapshot->crosses[person];
    const jihe_status st = load_table(snapshot, JH_SLOT_CROSS + person, OPEN_ROWS, true, cross, err);

    if (st != JIHE_OK)
        return st;
    if (cross->rows > snapshot->manifest.rows || !codes_fit(cross->person, &snapshot->dicts[person]) ||
        !codes_fit(cross->type, &snapshot->dicts[type]))
        return jh_fail(err, JIHE_CORRUPT,
                       "value %d after the segments has more pairs than documents, or codes outside the dictionary",
                       JH_SLOT_CROSS + (int)person);
    return JIHE_OK;
}

static jihe_status load_tallies(jh_snapshot *snapshot, jihe_error *err)
{
    const jh_schema *schema = &snapshot->schema;
    const bool old = snapshot->manifest.format == 1;
    const size_t type = jh_schema_role(schema, JH_ROLE_TYPE);
    jihe_status st = JIHE_OK;

    for (uint32_t i = 0; i < schema->count && st == JIHE_OK; i++) {
        const bool person = (schema->columns[i].roles & JH_ROLE_PERSON) != 0;

        if (old && person)
            st = load_tally_v1(snapshot, i, err);
        else if (!old && schema->columns[i].type == JH_CATEGORY)
            st = load_table(snapshot, JH_SLOT_TALLY + i, snapshot->dicts[i].count, false, &snapshot->tallies[i], err);
        if (st == JIHE_OK && !old && person && type != SIZE_MAX)
            st = load_cross(snapshot, i, type, err);
    }
    return st;
}

static jihe_status load_dicts(jh_snapshot *snapshot, jihe_error *err)
{
    const jh_schema *schema = &snapshot->schema;
    jihe_status st = JIHE_OK;

    snapshot->dicts = calloc(schema->count, sizeof *snapshot->dicts);
    snapshot->tallies = calloc(schema->count, sizeof *snapshot->tallies);
    snapshot->crosses = calloc(schema->count, sizeof *snapshot->crosses);
    if (snapshot->dicts == NULL || snapshot->tallies == NULL || snapshot->crosses == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the dictionaries");
    for (uint32_t i = 0; i < schema->count && st == JIHE_OK; i++)
        if (schema->columns[i].type == JH_CATEGORY)
            st = load_dict(snapshot, i, err);
    return st == JIHE_OK ? load_tallies(snapshot, err) : st;
}

/* The scan that fills the index: the next key is always known. */
struct fill {
    jh_snapshot *snapshot;
    uint64_t next, count; /* values of segments, in key order */
};

static jihe_status visit_value(void *context, const void *key, size_t key_len, const void *value, size_t value_len,
                               jihe_error *err)
{
    struct fill *fill = context;
    const uint32_t slots = fill->snapshot->slots.count;
    uint8_t want[JH_KEY_BYTES];

    if (fill->next == fill->count) { /* the rest is read by key */
        jh_slots_key(JH_SEGMENT_SPECIAL, 0, want);
        if (key_len == sizeof want && memcmp(key, want, 4) == 0)
            return JIHE_OK;
        return jh_fail(err, JIHE_CORRUPT, "values of more than %" PRIu64 " segments", fill->count / slots);
    }
    jh_slots_key((uint32_t)(fill->next / slots), (uint32_t)(fill->next % slots), want);
    if (key_len != sizeof want || memcmp(key, want, sizeof want) != 0)
        return jh_fail(err, JIHE_CORRUPT, "segment %" PRIu64 ", slot %" PRIu64 " is missing", fill->next / slots,
                       fill->next % slots);
    if ((uintptr_t)value % 64 != 16 || value_len < JH_STORED_MIN)
        return jh_fail(err, JIHE_CORRUPT, "segment %" PRIu64 ", slot %" PRIu64 " is not on pages of its own",
                       fill->next / slots, fill->next % slots);
    fill->snapshot->values[fill->next++] = (struct jh_value_ref){value, value_len};
    return JIHE_OK;
}

static jihe_status index_values(jh_snapshot *snapshot, jihe_error *err)
{
    struct fill fill = {snapshot, 0, snapshot->manifest.segments * snapshot->slots.count};
    jihe_status st;

    if (fill.count > snapshot->manifest.file_bytes / JH_STORED_MIN)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " values cannot lie in %" PRIu64 " bytes", fill.count,
                       snapshot->manifest.file_bytes);
    snapshot->values = calloc(fill.count + 1, sizeof *snapshot->values);
    snapshot->checked = calloc(fill.count / 64 + 1, sizeof *snapshot->checked);
    if (snapshot->values == NULL || snapshot->checked == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the index of %" PRIu64 " values", fill.count);
    if ((st = jh_txn_scan(snapshot->txn, 0, NULL, 0, visit_value, &fill, err)) != JIHE_OK)
        return st;
    if (fill.next != fill.count)
        return jh_fail(err, JIHE_CORRUPT, "%" PRIu64 " of %" PRIu64 " values are missing", fill.count - fill.next,
                       fill.count);
    return JIHE_OK;
}

static jihe_status open_data(jh_snapshot *snapshot, const jh_buf *manifest_text, jihe_error *err)
{
    jihe_status st;

    if ((st = check_size(snapshot, err)) != JIHE_OK ||
        (st = jh_env_open(&snapshot->env, snapshot->places.data, JH_ENV_SEALED, err)) != JIHE_OK ||
        (st = jh_txn_begin(&snapshot->txn, snapshot->env, 0, 0, err)) != JIHE_OK ||
        (st = load_schema(snapshot, err)) != JIHE_OK)
        return st;
    jh_slots_init(&snapshot->slots, &snapshot->schema);
    if ((st = check_counts(snapshot, err)) != JIHE_OK ||
        (st = compare_manifest(snapshot, manifest_text, err)) != JIHE_OK ||
        (st = index_values(snapshot, err)) != JIHE_OK)
        return st;
    return load_dicts(snapshot, err);
}

/* `snapshot` is empty and may be left half built. With `glance` only the manifest is looked at. */
static jihe_status load(jh_snapshot *snapshot, const char *workspace, int32_t date, uint32_t revision, bool glance,
                        jihe_error *err)
{
    jh_buf text = {0};
    jihe_status st = jh_places_init(&snapshot->places, workspace, date, revision, err);

    if (st != JIHE_OK)
        return st;
    if (!jh_file_exists(snapshot->places.sealed))
        return jh_fail(err, JIHE_NOT_FOUND, "no snapshot '%s'", snapshot->places.sealed);
    st = load_manifest(snapshot, date, revision, &text, err);
    if (st == JIHE_OK && !glance)
        st = open_data(snapshot, &text, err);
    jh_buf_deinit(&text);
    return st == JIHE_OK ? st : jh_wrap(err, st, "snapshot %s", snapshot->places.name);
}

jihe_status jh_snapshot_glance(jh_manifest *out, const char *workspace, int32_t date, uint32_t revision,
                               jihe_error *err)
{
    jh_snapshot snapshot = {0};
    const jihe_status st = load(&snapshot, workspace, date, revision, true, err);

    *out = snapshot.manifest;
    if (st != JIHE_OK) {
        jh_manifest_deinit(out);
        *out = (jh_manifest){0};
    }
    jh_places_deinit(&snapshot.places);
    return st;
}

jihe_status jh_snapshot_open(jh_snapshot **out, const char *workspace, int32_t date, uint32_t revision, jihe_error *err)
{
    jh_snapshot *snapshot;
    jihe_status st;

    *out = NULL;
    if (revision == 0 && (st = jh_catalogue_latest(workspace, date, &revision, err)) != JIHE_OK)
        return st;
    if ((snapshot = calloc(1, sizeof *snapshot)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for a snapshot");
    jh_arena_init(&snapshot->arena, 0);
    if ((st = load(snapshot, workspace, date, revision, false, err)) != JIHE_OK) {
        jh_snapshot_close(snapshot);
        return st;
    }
    *out = snapshot;
    return JIHE_OK;
}

void jh_snapshot_close(jh_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    jh_txn_abort(snapshot->txn);
    jh_env_close(snapshot->env);
    jh_manifest_deinit(&snapshot->manifest);
    jh_arena_deinit(&snapshot->arena);
    jh_places_deinit(&snapshot->places);
    free(snapshot->values);
    free(snapshot->checked);
    free(snapshot->dicts);
    free(snapshot->tallies);
    free(snapshot->crosses);
    free(snapshot);
}
