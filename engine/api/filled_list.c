#include "api/filled_list.h"

#include <stdlib.h>
#include <string.h>

#include "api/table_file.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

/* The file's columns; the first nine are required, run and date help to find the document's work list. */
enum column { DOC_ID, INSPECTOR, VERDICT, CLASS, CLAUSE, CODE, RESPONSIBLE, SEVERITY, NOTE, RUN, DATE, COLUMNS };

static const char *const names[COLUMNS] = {"doc_id",      "inspector", "verdict", "class", "clause",       "code",
                                           "responsible", "severity",  "note",    "run",   "snapshot_date"};

enum { REQUIRED = RUN, MAX_CELL = 4096 };

struct reading {
    jh_filled_list *list;
    const char *path;
    jh_arena *arena;
};

static jihe_status fail_field(const struct reading *reading, const jh_field *field, jihe_error *err,
                              const char *expected)
{
    char quoted[64];

    jh_text_quote(field->text, field->len, quoted, sizeof quoted);
    return jh_fail_at(err, JIHE_DATA, reading->path, field->line, field->column, "'%s': %s", quoted, expected);
}

static bool is_one_of(const jh_field *field, const char *a, const char *b)
{
    return (field->len == strlen(a) && memcmp(field->text, a, field->len) == 0) ||
           (field->len == strlen(b) && memcmp(field->text, b, field->len) == 0);
}

/* An inspector's name alone is an assignment, not a result, and so is who is responsible, or a note. */
static bool is_blank(const jh_field *fields)
{
    return fields[VERDICT].len == 0 && fields[CLASS].len == 0 && fields[CLAUSE].len == 0 && fields[CODE].len == 0;
}

static const char *keep(const struct reading *reading, const jh_field *field)
{
    return jh_arena_text(reading->arena, field->text, field->len);
}

static jihe_status read_finding(const struct reading *reading, const jh_field *fields, jh_finding *finding,
                                jihe_error *err)
{
    if (is_one_of(&fields[CLASS], "in-rule", "细则内"))
        finding->class_ = JH_CLASS_IN_RULE;
    else if (is_one_of(&fields[CLASS], "out-of-rule", "细则外"))
        finding->class_ = JH_CLASS_OUT_OF_RULE;
    else
        return fail_field(reading, &fields[CLASS], err, "class of a failed document must be in-rule or out-of-rule");
    if (finding->class_ == JH_CLASS_IN_RULE && fields[CLAUSE].len == 0)
        return fail_field(reading, &fields[CLAUSE], err, "an in-rule finding must cite the clause that was missed");
    finding->clause = keep(reading, &fields[CLAUSE]);
    finding->code = keep(reading, &fields[CODE]);
    finding->responsible = keep(reading, &fields[RESPONSIBLE]);
    finding->severity = keep(reading, &fields[SEVERITY]);
    finding->note = keep(reading, &fields[NOTE]);
    if (finding->clause == NULL || finding->code == NULL || finding->responsible == NULL || finding->severity == NULL ||
        finding->note == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading %s", reading->path);
    return JIHE_OK;
}

/* One number for a document, its inspector and its work list. */
static uint64_t hash_row(const jh_filled_row *row)
{
    const uint64_t parts[] = {jh_hash64(row->inspection.doc_id, strlen(row->inspection.doc_id)),
                              jh_hash64(row->inspection.inspector, strlen(row->inspection.inspector)),
                              jh_hash64(row->run, strlen(row->run)), (uint64_t)(uint32_t)row->date};

    return jh_hash64(parts, sizeof parts) >> 1; /* never the map's reserved key */
}

static bool same_row(const jh_filled_row *a, const jh_filled_row *b)
{
    return a->date == b->date && strcmp(a->inspection.doc_id, b->inspection.doc_id) == 0 &&
           strcmp(a->inspection.inspector, b->inspection.inspector) == 0 && strcmp(a->run, b->run) == 0;
}

/* The row of the list that is about the same document by the same inspector: one inspection, wherever its rows stand.
 */
static jh_filled_row *find_row(const jh_filled_list *list, const jh_filled_row *like)
{
    const uint64_t *place = jh_keymap_find(&list->index, hash_row(like));

    if (place == NULL)
        return NULL;
    if (same_row(&list->rows[*place - 1], like))
        return &list->rows[*place - 1];
    for (size_t i = 0; i < list->count; i++) /* two rows with one hash */
        if (same_row(&list->rows[i], like))
            return &list->rows[i];
    return NULL;
}

/* Appends a row and enters it in the index. NULL: no memory. */
static jh_filled_row *add_row(jh_filled_list *list, const jh_filled_row *row)
{
    if (list->count == list->room) {
        const size_t room = list->room == 0 ? 256 : list->room * 2;
        jh_filled_row *rows = realloc(list->rows, room * sizeof *rows);

        if (rows == NULL)
            return NULL;
        list->rows = rows;
        list->room = room;
    }
    uint64_t *place = jh_keymap_at(&list->index, hash_row(row));

    if (place == NULL)
        return NULL;
    list->rows[list->count++] = *row;
    *place = list->count;
    return &list->rows[list->count - 1];
}

static bool room_for_finding(jh_filled_row *row, jh_arena *arena)
{
    if (row->inspection.finding_count < row->finding_room)
        return true;
    const size_t room = row->finding_room == 0 ? 2 : row->finding_room * 2;
    jh_finding *findings = JH_NEW(arena, jh_finding, room);

    if (findings == NULL)
        return false;
    if (row->inspection.finding_count > 0)
        memcpy(findings, row->inspection.findings, row->inspection.finding_count * sizeof *findings);
    row->inspection.findings = findings;
    row->finding_room = room;
    return true;
}

static jihe_status read_date(const struct reading *reading, const jh_field *field, int32_t *date, jihe_error *err)
{
    *date = INT32_MIN;
    if (field->len > 0 && !jh_days_parse(field->text, field->len, date))
        return fail_field(reading, field, err,
                          "the work list's date is written like 2026-01-31; leave the column as it was");
    return JIHE_OK;
}

/* Finds or makes the inspection a filled row belongs to. */
static jihe_status place_row(const struct reading *reading, const jh_field *fields, bool passed, jh_filled_row **out,
                             jihe_error *err)
{
    jh_filled_row like = {
        .inspection = {.doc_id = keep(reading, &fields[DOC_ID]), .inspector = keep(reading, &fields[INSPECTOR])},
        .run = keep(reading, &fields[RUN]),
        .line = fields[DOC_ID].line,
        .column = fields[DOC_ID].column,
        .passed = passed};
    const jihe_status st = read_date(reading, &fields[DATE], &like.date, err);

    if (st != JIHE_OK)
        return st;
    if (like.inspection.doc_id == NULL || like.inspection.inspector == NULL || like.run == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading %s", reading->path);
    *out = find_row(reading->list, &like);
    if (*out != NULL && ((*out)->passed || passed))
        return fail_field(
            reading, &fields[DOC_ID], err,
            "this document stands here before with a verdict by the same inspector; a document either passes, in one "
            "row, or fails, with one row per error");
    if (*out == NULL)
        *out = add_row(reading->list, &like);
    return *out == NULL ? jh_fail(err, JIHE_NO_MEMORY, "reading %s", reading->path) : JIHE_OK;
}

static jihe_status check_cells(const struct reading *reading, const jh_field *fields, jihe_error *err)
{
    for (int c = 0; c < COLUMNS; c++)
        if (fields[c].len > MAX_CELL)
            return fail_field(reading, &fields[c], err, "longer than 4,096 bytes");
    if (fields[DOC_ID].len == 0)
        return fail_field(reading, &fields[DOC_ID], err, "a filled row needs its document's id");
    if (fields[INSPECTOR].len == 0)
        return fail_field(reading, &fields[INSPECTOR], err, "a filled row needs its inspector");
    return JIHE_OK;
}

static jihe_status read_row(const struct reading *reading, const jh_field *fields, jihe_error *err)
{
    const bool passed = is_one_of(&fields[VERDICT], "pass", "通过");
    jh_filled_row *row = NULL;
    jihe_status st;

    reading->list->file_rows++;
    if (is_blank(fields)) {
        reading->list->blank++;
        return JIHE_OK;
    }
    if ((st = check_cells(reading, fields, err)) != JIHE_OK)
        return st;
    if (!passed && !is_one_of(&fields[VERDICT], "fail", "不通过"))
        return fail_field(reading, &fields[VERDICT], err, "verdict must be pass or fail");
    if (passed && (fields[CLASS].len > 0 || fields[CLAUSE].len > 0 || fields[CODE].len > 0))
        return fail_field(reading, &fields[VERDICT], err,
                          "a document that passes has no class, clause or code; is it a fail?");
    if ((st = place_row(reading, fields, passed, &row, err)) != JIHE_OK || passed)
        return st;
    if (!room_for_finding(row, reading->arena))
        return jh_fail(err, JIHE_NO_MEMORY, "reading %s", reading->path);
    return read_finding(reading, fields, &row->inspection.findings[row->inspection.finding_count++], err);
}

jihe_status jh_filled_list_read(jh_filled_list *out, const char *path, jh_arena *arena, jihe_error *err)
{
    const struct reading reading = {.list = out, .path = path, .arena = arena};
    jh_field fields[JH_TABLE_MAX_COLUMNS];
    jh_table_file table;

    *out = (jh_filled_list){0};
    jihe_status st = jh_table_open(&table, path, names, COLUMNS, REQUIRED, err);

    if (st != JIHE_OK)
        return st;
    memcpy(out->sha256, table.sha256, sizeof out->sha256);
    while ((st = jh_table_next(&table, fields, err)) == JIHE_OK)
        if ((st = read_row(&reading, fields, err)) != JIHE_OK)
            break;
    jh_table_close(&table);
    if (st == JIHE_NOT_FOUND)
        return JIHE_OK;
    jh_filled_list_deinit(out);
    return st;
}

void jh_filled_list_deinit(jh_filled_list *list)
{
    free(list->rows);
    jh_keymap_deinit(&list->index);
    *list = (jh_filled_list){0};
}
