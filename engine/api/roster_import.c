#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "api/table_file.h"
#include "base/days.h"
#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "jihe/findings.h"
#include "ledger/postings.h"

enum roster_column { PERSON, UNIT, POST, FROM, TO, CAPACITY, ROSTER_COLUMNS, REQUIRED = CAPACITY };

enum { MAX_CAPACITY = 1000000 };

struct postings { /* growing */
    jh_posting *postings;
    size_t count, room;
};

static jihe_status fail_field(const char *path, const jh_field *field, jihe_error *err, const char *expected)
{
    char quoted[64];

    jh_text_quote(field->text, field->len, quoted, sizeof quoted);
    return jh_fail_at(err, JIHE_DATA, path, field->line, field->column, "'%s': %s", quoted, expected);
}

static jihe_status read_days(jh_posting *posting, const jh_field *fields, const char *path, jihe_error *err)
{
    posting->to = INT32_MAX;
    if (!jh_days_parse(fields[FROM].text, fields[FROM].len, &posting->from))
        return fail_field(path, &fields[FROM], err, "from: expected a date like 2026-01-31");
    if (fields[TO].len > 0 && !jh_days_parse(fields[TO].text, fields[TO].len, &posting->to))
        return fail_field(path, &fields[TO], err, "to: expected a date like 2026-01-31, or nothing");
    if (posting->to < posting->from)
        return fail_field(path, &fields[TO], err, "to: the posting ends before it begins");
    return JIHE_OK;
}

static jihe_status read_capacity(jh_posting *posting, const jh_field *field, const char *path, jihe_error *err)
{
    uint64_t capacity = 0;

    if (field->len > 0 && (!jh_num_u64(field->text, field->len, &capacity) || capacity > MAX_CAPACITY))
        return fail_field(
            path, field, err,
            "capacity: expected the documents that the person can inspect a day, 0 to 1000000, or nothing");
    posting->capacity = (uint32_t)capacity;
    return JIHE_OK;
}

static jihe_status read_posting(struct postings *list, const jh_field *fields, const char *path, jh_arena *arena,
                                jihe_error *err)
{
    if (fields[PERSON].len == 0)
        return jh_fail_at(err, JIHE_DATA, path, fields[PERSON].line, fields[PERSON].column,
                          "a posting needs its person");
    if (list->count == list->room) {
        const size_t room = list->room == 0 ? 256 : list->room * 2;
        jh_posting *postings = realloc(list->postings, room * sizeof *postings);

        if (postings == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "reading %s", path);
        list->postings = postings;
        list->room = room;
    }
    jh_posting *posting = &list->postings[list->count++];

    posting->person = jh_arena_text(arena, fields[PERSON].text, fields[PERSON].len);
    posting->unit = jh_arena_text(arena, fields[UNIT].text, fields[UNIT].len);
    posting->post = jh_arena_text(arena, fields[POST].text, fields[POST].len);
    if (posting->person == NULL || posting->unit == NULL || posting->post == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading %s", path);
    const jihe_status st = read_days(posting, fields, path, err);

    return st != JIHE_OK ? st : read_capacity(posting, &fields[CAPACITY], path, err);
}

static int order_postings(const void *a, const void *b)
{
    const jh_posting *x = a, *y = b;
    int order = strcmp(x->person, y->person);

    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    if (order == 0)
        order = strcmp(x->unit, y->unit);
    if (order == 0)
        order = strcmp(x->post, y->post);
    if (order == 0)
        order = (x->to > y->to) - (x->to < y->to);
    return order != 0 ? order : (x->capacity > y->capacity) - (x->capacity < y->capacity);
}

static jihe_status read_roster(struct postings *list, const char *path, char sha256[65], jh_arena *arena,
                               jihe_error *err)
{
    static const char *const names[ROSTER_COLUMNS] = {"person", "unit", "post", "from", "to", "capacity"};
    jh_field fields[JH_TABLE_MAX_COLUMNS];
    jh_table_file table;
    jihe_status st = jh_table_open(&table, path, names, ROSTER_COLUMNS, REQUIRED, err);

    if (st != JIHE_OK)
        return st;
    memcpy(sha256, table.sha256, 65);
    while ((st = jh_table_next(&table, fields, err)) == JIHE_OK)
        if ((st = read_posting(list, fields, path, arena, err)) != JIHE_OK)
            break;
    jh_table_close(&table);
    if (list->count > 0)
        qsort(list->postings, list->count, sizeof *list->postings, order_postings);
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

static jihe_status save_roster(int *is_new, const jihe_workspace *workspace, const struct postings *list,
                               const char *sha256, jh_arena *arena, jihe_error *err)
{
    const jh_roster roster = {.postings = list->postings, .count = list->count};
    char known_sha[65];
    jh_writing writing;
    jh_roster known;
    jihe_status st = jh_writing_begin(&writing, workspace, err);

    if (st != JIHE_OK)
        return st;
    st = jh_postings_load(&known, writing.ledger, 0, known_sha, arena, err);
    *is_new = strcmp(known_sha, sha256) != 0;
    if (st == JIHE_OK && *is_new)
        st = jh_postings_save(writing.ledger, &roster, sha256, jh_workspace_now(workspace), NULL, err);
    jh_writing_end(&writing);
    return st;
}

jihe_status jihe_roster_import(uint64_t *postings, int *is_new, jihe_workspace *workspace, const char *file,
                               jihe_error *err)
{
    struct postings list = {0};
    char sha256[65];
    jh_arena arena;

    *postings = 0;
    *is_new = 0;
    jh_arena_init(&arena, 0);
    jihe_status st = read_roster(&list, file, sha256, &arena, err);

    if (st == JIHE_OK)
        st = save_roster(is_new, workspace, &list, sha256, &arena, err);
    if (st == JIHE_OK)
        *postings = list.count;
    free(list.postings);
    jh_arena_deinit(&arena);
    return st;
}

static jihe_status add_posting(jh_grid *grid, const jh_posting *posting, jihe_error *err)
{
    char from[16], to[16] = "";

    jh_days_text(posting->from, from);
    if (posting->to != INT32_MAX)
        jh_days_text(posting->to, to);
    const jh_out_cell cells[] = {jh_cell_text(posting->person),
                                 jh_cell_text(posting->unit),
                                 jh_cell_text(posting->post),
                                 jh_cell_text(from),
                                 posting->to == INT32_MAX ? jh_cell_none() : jh_cell_text(to),
                                 posting->capacity == 0 ? jh_cell_none() : jh_cell_uint(posting->capacity)};

    return jh_grid_add(grid, cells, err);
}

jihe_status jihe_roster_list(jihe_rows **out, jihe_workspace *workspace, jihe_error *err)
{
    static const jh_out_column columns[] = {{"person", "人员"}, {"unit", "单位"}, {"post", "岗位"},
                                            {"from", "自"},     {"to", "至"},     {"capacity", "日稽核量"}};
    jh_grid *grid = NULL;
    jh_ledger *ledger;
    jh_roster roster;
    jh_arena arena;

    *out = NULL;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    jh_arena_init(&arena, 0);
    if ((st = jh_postings_load(&roster, ledger, 0, NULL, &arena, err)) == JIHE_OK)
        st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);
    for (size_t i = 0; st == JIHE_OK && i < roster.count; i++)
        st = add_posting(grid, &roster.postings[i], err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&arena);
    jh_ledger_close(ledger);
    return st;
}
