#include "jihe/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "base/days.h"
#include "base/error.h"
#include "base/money.h"

static jihe_status open_date(jh_snapshot **out, int32_t *day, const jihe_workspace *workspace, const char *date,
                             uint32_t revision, jihe_error *err)
{
    const jihe_status st = jh_parse_date(date, "snapshot", day, err);

    return st != JIHE_OK ? st : jh_snapshot_open(out, workspace->path, *day, revision, err);
}

/* "amount=1234.50" for each money column, as a list. */
static void join_totals(jh_buf *out, const jh_manifest *manifest)
{
    char text[64];

    for (size_t i = 0; i < manifest->total_count; i++) {
        jh_money_text(manifest->totals[i].minor, manifest->totals[i].scale, text);
        jh_buf_printf(out, "%s%s=%s", i == 0 ? "" : "\x1F", manifest->totals[i].column, text);
    }
}

static jihe_status list_entry(jh_grid *grid, const char *workspace, const jh_catalogue_entry *entry, jihe_error *err)
{
    jh_snapshot *snapshot;
    jh_buf totals = {0};
    char date[16];
    jihe_status st = jh_snapshot_open(&snapshot, workspace, entry->date, entry->revision, err);

    if (st != JIHE_OK)
        return st;
    const jh_manifest *manifest = jh_snapshot_manifest(snapshot);

    jh_days_text(manifest->date, date);
    join_totals(&totals, manifest);
    const jh_out_cell list = {.kind = JH_CELL_LIST, .text = jh_buf_text(&totals), .len = totals.len};
    const jh_out_cell cells[] = {jh_cell_text(date),
                                 jh_cell_uint(manifest->revision),
                                 jh_cell_uint(manifest->rows),
                                 jh_cell_uint(manifest->segments),
                                 jh_cell_uint(manifest->file_bytes),
                                 list,
                                 jh_cell_text(manifest->sha256)};

    st = totals.failed ? jh_fail(err, JIHE_NO_MEMORY, "listing snapshots") : jh_grid_add(grid, cells, err);
    jh_buf_deinit(&totals);
    jh_snapshot_close(snapshot);
    return st;
}

jihe_status jihe_snapshot_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"date", "业务日期"}, {"revision", "版本"}, {"rows", "单据数"},
                                            {"segments", "段数"}, {"bytes", "字节"},    {"totals", "金额合计"},
                                            {"sha256", "摘要"}};
    jh_catalogue catalogue;
    jh_grid *grid = NULL;

    *out = NULL;
    jihe_status st = jh_catalogue_load(&catalogue, workspace->path, err);

    if (st != JIHE_OK)
        return st;
    st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < catalogue.count; i++)
        st = list_entry(grid, workspace->path, &catalogue.entries[i], err);
    jh_catalogue_deinit(&catalogue);
    return jh_grid_publish(out, grid, st, err);
}

/* --- show --- */

struct profile { /* of one column */
    uint64_t present, missing;
    bool any;
    int64_t smallest, largest;
};

static jihe_status profile_column(struct profile *out, const jh_snapshot *snapshot, size_t column, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (uint32_t s = 0; st == JIHE_OK && s < jh_snapshot_segments(snapshot); s++) {
        jh_col_view view;

        if ((st = jh_snapshot_column(snapshot, s, column, NULL, &view, err)) != JIHE_OK)
            break;
        out->missing += view.nulls;
        out->present += view.rows - view.nulls;
        if (view.encoding != JH_ENC_FIXED || view.nulls == view.rows)
            continue;
        out->smallest = !out->any || view.base < out->smallest ? view.base : out->smallest;
        out->largest = !out->any || view.max > out->largest ? view.max : out->largest;
        out->any = true;
    }
    return st;
}

static jh_out_cell bound_cell(const jh_column *column, const jh_zone *zone, const struct profile *profile,
                              int64_t value, char text[64])
{
    if (!profile->any || column->type == JH_CATEGORY)
        return jh_cell_none();
    switch (column->type) {
    case JH_MONEY:
        jh_money_text(value, column->money.scale, text);
        return jh_cell_number(text);
    case JH_DATE:
        jh_days_text((int32_t)value, text);
        return jh_cell_text(text);
    case JH_TIME:
        jh_zone_text(zone, value, text);
        return jh_cell_text(text);
    default:
        return jh_cell_int(value);
    }
}

static jh_out_cell total_cell(const jh_manifest *manifest, const char *column, char text[64])
{
    for (size_t i = 0; i < manifest->total_count; i++)
        if (strcmp(manifest->totals[i].column, column) == 0) {
            jh_money_text(manifest->totals[i].minor, manifest->totals[i].scale, text);
            return jh_cell_number(text);
        }
    return jh_cell_none();
}

/* "person type": the names as jihe.yaml says them. */
static const char *roles_text(uint32_t roles, char text[64])
{
    static const char *const names[] = {"business_date", "person", "type", "team"}; /* by bit */
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((roles >> i & 1) != 0)
            len += (size_t)snprintf(text + len, 64 - len, "%s%s", len == 0 ? "" : " ", names[i]);
    return text;
}

static jihe_status show_column(jh_grid *grid, const jh_snapshot *snapshot, const jh_zone *zone, size_t column,
                               jihe_error *err)
{
    const jh_column *declared = &jh_snapshot_schema(snapshot)->columns[column];
    struct profile profile = {0};
    jh_dict_view dict = {0};
    char roles[64], smallest[64], largest[64], total[64];
    jihe_status st = profile_column(&profile, snapshot, column, err);

    if (st == JIHE_OK && declared->type == JH_CATEGORY)
        st = jh_snapshot_dict(snapshot, column, &dict, err);
    if (st != JIHE_OK)
        return st;
    const jh_out_cell cells[] = {jh_cell_text(declared->name),
                                 jh_cell_text(jh_type_name(declared->type)),
                                 jh_cell_text(roles_text(declared->roles, roles)),
                                 jh_cell_uint(profile.present),
                                 jh_cell_uint(profile.missing),
                                 declared->type == JH_CATEGORY ? jh_cell_uint(dict.count) : jh_cell_none(),
                                 bound_cell(declared, zone, &profile, profile.smallest, smallest),
                                 bound_cell(declared, zone, &profile, profile.largest, largest),
                                 total_cell(jh_snapshot_manifest(snapshot), declared->name, total)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_snapshot_show(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                               jihe_error *err)
{
    static const jh_out_column columns[] = {{"column", "列"},     {"type", "类型"},    {"roles", "角色"},
                                            {"present", "有值"},  {"missing", "缺失"}, {"distinct", "不同值"},
                                            {"smallest", "最小"}, {"largest", "最大"}, {"total", "合计"}};
    jh_snapshot *snapshot;
    jh_grid *grid = NULL;
    int32_t day;

    *out = NULL;
    jihe_status st = open_date(&snapshot, &day, workspace, date, revision, err);

    if (st != JIHE_OK)
        return st;
    st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t c = 0; st == JIHE_OK && c < jh_snapshot_schema(snapshot)->count; c++)
        st = show_column(grid, snapshot, workspace->config.zone, c, err);
    jh_snapshot_close(snapshot);
    return jh_grid_publish(out, grid, st, err);
}

jihe_status jihe_snapshot_verify(jihe_workspace *workspace, const char *date, uint32_t revision, jihe_error *err)
{
    jh_snapshot *snapshot;
    int32_t day;
    jihe_status st = open_date(&snapshot, &day, workspace, date, revision, err);

    if (st != JIHE_OK)
        return st;
    st = jh_snapshot_verify(snapshot, err);
    jh_snapshot_close(snapshot);
    return st;
}

/* --- dump --- */

struct dump {
    jh_snapshot *snapshot;
    const jh_zone *zone;
    uint32_t segment, row;
    jh_col_view *views; /* of the current segment */
    jh_col_room *rooms; /* per column: what the views borrow */
    jh_buf *bufs;       /* per column */
};

static void dump_free(void *self)
{
    struct dump *dump = self;

    for (size_t c = 0; dump->bufs != NULL && c < jh_snapshot_schema(dump->snapshot)->count; c++)
        jh_buf_deinit(&dump->bufs[c]);
    for (size_t c = 0; dump->rooms != NULL && c < jh_snapshot_schema(dump->snapshot)->count; c++)
        jh_col_room_deinit(&dump->rooms[c]);
    jh_snapshot_close(dump->snapshot);
    free(dump->bufs);
    free(dump->rooms);
    free(dump->views);
    free(dump);
}

static jihe_status dump_load(struct dump *dump, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t c = 0; st == JIHE_OK && c < jh_snapshot_schema(dump->snapshot)->count; c++)
        st = jh_snapshot_column(dump->snapshot, dump->segment, c, &dump->rooms[c], &dump->views[c], err);
    return st;
}

static jihe_status dump_next(void *self, jh_out_cell *cells, jihe_error *err)
{
    struct dump *dump = self;
    jihe_status st = JIHE_OK;

    if (dump->segment < jh_snapshot_segments(dump->snapshot) &&
        dump->row == jh_snapshot_segment_rows(dump->snapshot, dump->segment)) {
        dump->segment++;
        dump->row = 0;
    }
    if (dump->segment == jh_snapshot_segments(dump->snapshot))
        return JIHE_NOT_FOUND;
    if (dump->row == 0)
        st = dump_load(dump, err);
    for (size_t c = 0; st == JIHE_OK && c < jh_snapshot_schema(dump->snapshot)->count; c++)
        cells[c] =
            jh_document_cell(dump->snapshot, dump->zone, c, &dump->views[c], dump->row, &dump->bufs[c], &st, err);
    dump->row++;
    return st;
}

static jihe_status dump_rows(jihe_rows **out, struct dump *dump, jihe_error *err)
{
    static const jh_rows_ops ops = {.next = dump_next, .free = dump_free};
    const jh_schema *schema = jh_snapshot_schema(dump->snapshot);
    jh_out_column columns[JH_MAX_COLUMNS];
    jh_rows *rows;

    for (size_t c = 0; c < schema->count; c++)
        columns[c] = (jh_out_column){.name = schema->columns[c].name};
    const jihe_status st = jh_rows_new(&rows, columns, schema->count, &ops, dump, err);

    return st != JIHE_OK ? st : jh_rows_publish(out, rows, err);
}

jihe_status jihe_snapshot_dump(jihe_rows **out, jihe_workspace *workspace, const char *date, uint32_t revision,
                               jihe_error *err)
{
    struct dump *dump = calloc(1, sizeof *dump);
    int32_t day;

    *out = NULL;
    if (dump == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "dumping a snapshot");
    const jihe_status st = open_date(&dump->snapshot, &day, workspace, date, revision, err);

    if (st != JIHE_OK) {
        free(dump);
        return st;
    }
    dump->zone = workspace->config.zone;
    dump->views = calloc(jh_snapshot_schema(dump->snapshot)->count, sizeof *dump->views);
    dump->rooms = calloc(jh_snapshot_schema(dump->snapshot)->count, sizeof *dump->rooms);
    dump->bufs = calloc(jh_snapshot_schema(dump->snapshot)->count, sizeof *dump->bufs);
    if (dump->views == NULL || dump->rooms == NULL || dump->bufs == NULL) {
        dump_free(dump);
        return jh_fail(err, JIHE_NO_MEMORY, "dumping a snapshot");
    }
    return dump_rows(out, dump, err);
}
