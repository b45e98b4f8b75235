#include "config/value_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "config/facts_file.h"

static int compare_values(const void *left, const void *right)
{
    const jh_list_value *a = left, *b = right;
    const int order = jh_text_compare(a->text, a->len, b->text, b->len);

    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static jihe_status add_value(jh_value_list *list, jh_facts_line *line, jh_arena *arena, size_t *room, jihe_error *err)
{
    jh_list_value *values = jh_arena_list(arena, list->values, list->count, room, sizeof *values);
    const char *text = values == NULL ? NULL : jh_arena_text(arena, line->field, line->len);

    if (text == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the values of '%s'", list->file);
    if (list->count == JH_MAX_LIST_VALUES)
        return jh_fail_at(err, JIHE_CONFIG, list->file, line->number, 0, "more than %d values; split the list",
                          JH_MAX_LIST_VALUES);
    list->values = values;
    values[list->count++] = (jh_list_value){text, (uint32_t)line->len, line->number};
    return JIHE_OK;
}

/* Sorted, each value once. */
static void settle(jh_value_list *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->values, list->count, sizeof *list->values, compare_values);
    for (size_t i = 0; i < list->count; i++) {
        const jh_list_value *value = &list->values[i];

        if (kept == 0 ||
            jh_text_compare(list->values[kept - 1].text, list->values[kept - 1].len, value->text, value->len) != 0)
            list->values[kept++] = *value;
    }
    list->count = kept;
}

static jihe_status read_values(jh_value_list *list, bool csv, const char *bytes, size_t len, jh_arena *arena,
                               jihe_error *err)
{
    jh_facts_text text = {.file = list->file, .bytes = bytes, .len = len, .csv = csv, .err = err};
    jh_facts_line line;
    size_t room = 0;
    jihe_status st;

    if ((st = jh_facts_begin(&text, arena)) != JIHE_OK)
        return st;
    while ((st = jh_facts_next(&text, &line)) == JIHE_OK && line.number != 0) {
        const bool header = csv && line.number == 1, note = !csv && line.len > 0 && line.field[0] == '#';

        if (line.len == 0 || header || note)
            continue;
        if ((st = add_value(list, &line, arena, &room, err)) != JIHE_OK)
            return st;
    }
    settle(list);
    return st;
}

jihe_status jh_value_lists_add(jh_value_lists *lists, const char *file, const void *bytes, size_t len, jihe_error *err)
{
    const char *slash = strrchr(file, '/'), *stem = slash == NULL ? file : slash + 1, *dot = strrchr(stem, '.');
    const size_t stem_len = dot == NULL ? strlen(stem) : (size_t)(dot - stem);
    jh_value_list *all = JH_NEW(&lists->arena, jh_value_list, lists->count + 1), *list;
    uint8_t sum[32];
    jihe_status st;

    if (all == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the list '%s'", file);
    if (lists->count != 0)
        memcpy(all, lists->lists, lists->count * sizeof *all);
    list = &all[lists->count];
    list->name = jh_arena_text(&lists->arena, stem, stem_len);
    list->file = jh_arena_text(&lists->arena, file, strlen(file));
    if (list->name == NULL || list->file == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "no memory for the list '%s'", file);
    for (size_t i = 0; i < lists->count; i++)
        if (strcmp(all[i].name, list->name) == 0)
            return jh_fail_at(err, JIHE_CONFIG, file, 0, 0, "the list '%s' is already in %s; keep one of them",
                              list->name, all[i].file);
    if (lists->count == JH_MAX_VALUE_LISTS)
        return jh_fail_at(err, JIHE_CONFIG, file, 0, 0, "more than %d lists", JH_MAX_VALUE_LISTS);
    if ((st = jh_sha256_bytes(bytes, len, sum, err)) != JIHE_OK)
        return st;
    jh_hex(sum, sizeof sum, list->sha256);
    if ((st = read_values(list, dot != NULL && strcmp(dot, ".csv") == 0, bytes, len, &lists->arena, err)) != JIHE_OK)
        return st;
    lists->lists = all;
    lists->count++;
    return JIHE_OK;
}

static jihe_status load_list(void *context, const char *file, const void *bytes, size_t len, jihe_error *err)
{
    return jh_value_lists_add(context, file, bytes, len, err);
}

jihe_status jh_value_lists_load(jh_value_lists *out, const char *workspace, jihe_error *err)
{
    static const char *const endings[] = {".csv", ".txt", NULL};
    jihe_status st;

    *out = (jh_value_lists){0};
    st = jh_facts_files(workspace, "lists", endings, JH_MAX_LIST_BYTES, load_list, out, err);
    if (st != JIHE_OK)
        jh_value_lists_deinit(out);
    return st;
}

void jh_value_lists_deinit(jh_value_lists *lists)
{
    jh_arena_deinit(&lists->arena);
    *lists = (jh_value_lists){0};
}

const jh_value_list *jh_value_list_find(const jh_value_lists *lists, const char *name, size_t len)
{
    for (size_t i = 0; lists != NULL && i < lists->count; i++)
        if (strlen(lists->lists[i].name) == len && memcmp(lists->lists[i].name, name, len) == 0)
            return &lists->lists[i];
    return NULL;
}
