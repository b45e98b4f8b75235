#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/stats_rows.h"
#include "api/table_file.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/num.h"
#include "base/text.h"
#include "stats/hyper.h"

/* Evaluations of a CSV of strata or of money-units. */

enum { MOST_ROWS = 1000000 };

struct reading {
    const char *path;
    jh_table_file table;
    jh_field fields[JH_TABLE_MAX_COLUMNS];
    jh_arena arena;
    size_t count, room;
};

static jihe_status refuse(const struct reading *r, const jh_field *field, const char *expected, jihe_error *err)
{
    char quoted[64];

    jh_text_quote(field->text, field->len, quoted, sizeof quoted);
    return jh_fail_at(err, JIHE_DATA, r->path, field->line, field->column, "'%s': expected %s", quoted, expected);
}

static jihe_status read_count(struct reading *r, size_t column, const char *expected, uint64_t *out, jihe_error *err)
{
    const jh_field *field = &r->fields[column];

    return jh_num_u64(field->text, field->len, out) ? JIHE_OK : refuse(r, field, expected, err);
}

/* Amounts become doubles here: they only estimate. */
static jihe_status read_amount(struct reading *r, size_t column, const char *expected, double *out, jihe_error *err)
{
    const jh_field *field = &r->fields[column];
    jh_decimal decimal;
    int64_t low, high;

    if (!jh_num_decimal(field->text, field->len, &decimal) || !jh_num_scale_floor(decimal, 4, &low) ||
        !jh_num_scale_ceil(decimal, 4, &high) || low != high)
        return refuse(r, field, expected, err);
    *out = (double)low / 1e4;
    return JIHE_OK;
}

/* Room for one more row of `size` bytes in *list. */
static jihe_status make_room(struct reading *r, void **list, size_t size, jihe_error *err)
{
    if (r->count >= MOST_ROWS)
        return jh_fail_at(err, JIHE_DATA, r->path, r->fields[0].line, 1, "more than %d rows", MOST_ROWS);
    *list = jh_arena_list(&r->arena, *list, r->count, &r->room, size);
    return *list != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "reading %s", r->path);
}

/* --- strata --- */

enum { POPULATION, INSPECTED, ERRORS, STRATUM, STRATA_COLUMNS };

struct named_stratum {
    jihe_stratum numbers;
    const char *name;
};

static jihe_status read_stratum(struct reading *r, struct named_stratum *stratum, jihe_error *err)
{
    const jh_field *name = &r->fields[STRATUM];
    jihe_stratum *s = &stratum->numbers;
    jihe_status st;

    if ((st = read_count(r, POPULATION, "how many documents the stratum has", &s->population, err)) != JIHE_OK ||
        (st = read_count(r, INSPECTED, "how many documents were inspected", &s->sample, err)) != JIHE_OK ||
        (st = read_count(r, ERRORS, "how many inspected documents are wrong", &s->errors, err)) != JIHE_OK)
        return st;
    if (s->population > JH_POPULATION_MAX)
        return refuse(r, &r->fields[POPULATION], "at most 10^12 documents", err);
    if (s->sample > s->population)
        return refuse(r, &r->fields[INSPECTED], "no more inspected than documents", err);
    if (s->errors > s->sample)
        return refuse(r, &r->fields[ERRORS], "no more errors than inspected", err);
    if (s->sample == 0 || (s->sample == 1 && s->population > 1))
        return refuse(r, &r->fields[INSPECTED], "at least two inspected, or all; join small strata", err);
    stratum->name = jh_arena_text(&r->arena, name->text, name->len);
    return stratum->name != NULL ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "reading %s", r->path);
}

static jihe_status read_strata(struct reading *r, struct named_stratum **out, jihe_error *err)
{
    static const char *const names[STRATA_COLUMNS] = {"population", "inspected", "errors", "stratum"};
    void *list = NULL;
    jihe_status st = jh_table_open(&r->table, r->path, names, STRATA_COLUMNS, STRATUM, err);

    if (st != JIHE_OK)
        return st;
    while ((st = jh_table_next(&r->table, r->fields, err)) == JIHE_OK) {
        if ((st = make_room(r, &list, sizeof **out, err)) != JIHE_OK ||
            (st = read_stratum(r, (struct named_stratum *)list + r->count, err)) != JIHE_OK)
            break;
        r->count++;
    }
    jh_table_close(&r->table);
    *out = list;
    if (st == JIHE_NOT_FOUND && r->count == 0)
        return jh_fail_at(err, JIHE_DATA, r->path, 1, 1, "no strata below the header");
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

struct question {
    double confidence;
    jihe_side side;
    unsigned flags;
    const char *lang;
};

static jihe_status evaluate_strata(jh_grid *grid, jihe_evaluation *whole, struct reading *r,
                                   const struct named_stratum *strata, const struct question *q, jihe_error *err)
{
    jihe_stratum *numbers = JH_NEW(&r->arena, jihe_stratum, r->count + 1);
    jihe_status st = JIHE_OK;

    if (numbers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading %s", r->path);
    for (size_t h = 0; h < r->count && st == JIHE_OK; h++) {
        const jihe_stratum *s = &strata[h].numbers;
        jihe_evaluation own;

        numbers[h] = *s;
        st = jihe_evaluate(&own, s->errors, s->sample, s->population, q->confidence, q->side, q->lang, err);
        if (st == JIHE_OK)
            st = jh_evaluation_add(grid, strata[h].name, &own, err);
    }
    if (st == JIHE_OK)
        st = jihe_evaluate_strata(whole, numbers, r->count, q->confidence, q->side, q->lang, err);
    return st == JIHE_OK ? jh_evaluation_add(grid, "", whole, err) : st;
}

jihe_status jihe_evaluate_strata_file(jihe_rows **out, jihe_evaluation *whole, const char *path, double confidence,
                                      jihe_side side, unsigned flags, const char *lang, jihe_error *err)
{
    const struct question q = {confidence, side, flags, lang};
    struct reading r = {.path = path};
    struct named_stratum *strata;
    jh_grid *grid = NULL;
    jihe_status st;

    *out = NULL;
    jh_arena_init(&r.arena, 0);
    if ((st = read_strata(&r, &strata, err)) == JIHE_OK && (st = jh_evaluation_grid(&grid, flags, err)) == JIHE_OK)
        st = evaluate_strata(grid, whole, &r, strata, &q, err);
    st = jh_grid_publish(out, grid, st, err);
    jh_arena_deinit(&r.arena);
    return st;
}

/* --- money-units --- */

enum { BOOK, AUDITED, HITS, MONEY_COLUMNS };

static jihe_status read_item(struct reading *r, jihe_money_item *item, jihe_error *err)
{
    jihe_status st;

    item->hits = 1;
    if ((st = read_amount(r, BOOK, "a book value like 1250.00", &item->book, err)) != JIHE_OK ||
        (st = read_amount(r, AUDITED, "an audited value like 1200.00", &item->audited, err)) != JIHE_OK ||
        (r->fields[HITS].len > 0 &&
         (st = read_count(r, HITS, "how many money-units fell on the item", &item->hits, err)) != JIHE_OK))
        return st;
    if (item->book <= 0)
        return refuse(r, &r->fields[BOOK], "a book value above 0: money-units fall on no other", err);
    return JIHE_OK;
}

static jihe_status read_items(struct reading *r, jihe_money_item **out, jihe_error *err)
{
    static const char *const names[MONEY_COLUMNS] = {"book", "audited", "hits"};
    void *list = NULL;
    jihe_status st = jh_table_open(&r->table, r->path, names, MONEY_COLUMNS, HITS, err);

    if (st != JIHE_OK)
        return st;
    while ((st = jh_table_next(&r->table, r->fields, err)) == JIHE_OK) {
        if ((st = make_room(r, &list, sizeof **out, err)) != JIHE_OK ||
            (st = read_item(r, (jihe_money_item *)list + r->count, err)) != JIHE_OK)
            break;
        r->count++;
    }
    jh_table_close(&r->table);
    *out = list;
    return st == JIHE_NOT_FOUND ? JIHE_OK : st;
}

jihe_status jihe_evaluate_money_file(jihe_rows **out, jihe_evaluation *whole, const char *path, uint64_t sample,
                                     uint64_t total, double confidence, unsigned flags, const char *lang,
                                     jihe_error *err)
{
    struct reading r = {.path = path};
    jihe_money_item *items;
    jihe_status st;

    *out = NULL;
    jh_arena_init(&r.arena, 0);
    if ((st = read_items(&r, &items, err)) == JIHE_OK &&
        (st = jihe_evaluate_money(whole, items, r.count, sample, (double)total / 1e4, confidence, lang, err)) ==
            JIHE_OK)
        st = jihe_evaluation_rows(out, whole, flags, err);
    jh_arena_deinit(&r.arena);
    return st;
}
