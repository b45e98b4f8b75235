#include "rule/flag_groups.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"

/* Which flagged group a document is in: its codes give numbers of the flagged values of each column (1.., 0: none is
 * flagged), and these one group. */

struct column {
    size_t index;      /* in the part's schema; SIZE_MAX: the part has no such column, and no document in the frame */
    uint32_t *numbers; /* per code of its dictionary */
};

struct finder {
    struct column *columns; /* [part * column_count + column] */
    size_t column_count;
    jh_flag_value *values[JH_FLAG_MAX_BY]; /* different flagged values, sorted */
    size_t counts[JH_FLAG_MAX_BY];
    uint32_t *groups; /* [first number - 1][second number - 1]: 1 + the flagged group, 0 none */
};

static int order_values(const void *a, const void *b)
{
    const jh_flag_value *x = a, *y = b;

    return jh_text_compare(x->text, x->len, y->text, y->len);
}

/* 1 + where the value stands among the flagged ones of its column; 0: nowhere. */
static uint32_t number_of(const struct finder *finder, size_t column, jh_flag_value value)
{
    const jh_flag_value *values = finder->values[column];
    const jh_flag_value *found = finder->counts[column] == 0
                                     ? NULL
                                     : bsearch(&value, values, finder->counts[column], sizeof *values, order_values);

    return found == NULL ? 0 : (uint32_t)(found - values) + 1;
}

static size_t rows_of(const jh_flag_result *result, const jh_flag_by *by)
{
    return by->groups == NULL ? result->count : by->count;
}

static uint32_t group_of(const jh_flag_by *by, size_t row)
{
    return by->groups == NULL ? (uint32_t)row : by->groups[row];
}

static bool is_flagged(const jh_flag_result *result, const jh_flag_by *by, size_t row)
{
    return result->groups[group_of(by, row)].verdict == JH_FLAG_FLAGGED;
}

static bool gather_values(struct finder *finder, size_t column, const jh_flag_result *result, const jh_flag_by *by,
                          jh_arena *arena)
{
    jh_flag_value *values = JH_NEW(arena, jh_flag_value, rows_of(result, by) + 1);
    size_t count = 0, kept = 0;

    for (size_t i = 0; values != NULL && i < rows_of(result, by); i++)
        if (is_flagged(result, by, i))
            values[count++] = by->values[i * by->column_count + column];
    if (values == NULL)
        return false;
    qsort(values, count, sizeof *values, order_values);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || order_values(&values[kept - 1], &values[i]) != 0)
            values[kept++] = values[i];
    finder->values[column] = values;
    finder->counts[column] = kept;
    return true;
}

static size_t place_of(const struct finder *finder, const uint32_t *numbers)
{
    return finder->column_count == 1 ? numbers[0] - 1 : (numbers[0] - 1) * finder->counts[1] + numbers[1] - 1;
}

static jihe_status make_groups(struct finder *finder, const jh_flag_result *result, const jh_flag_by *by,
                               jh_arena *arena, jihe_error *err)
{
    bool made = true;

    for (size_t c = 0; c < by->column_count; c++)
        made = made && gather_values(finder, c, result, by, arena);
    if (made)
        finder->groups =
            JH_NEW(arena, uint32_t, finder->counts[0] * (by->column_count == 1 ? 1 : finder->counts[1]) + 1);
    if (!made || finder->groups == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding the documents of flagged groups");
    for (size_t i = 0; i < rows_of(result, by); i++) {
        uint32_t numbers[JH_FLAG_MAX_BY] = {0};

        if (!is_flagged(result, by, i))
            continue;
        for (size_t c = 0; c < by->column_count; c++)
            numbers[c] = number_of(finder, c, by->values[i * by->column_count + c]);
        finder->groups[place_of(finder, numbers)] = group_of(by, i) + 1;
    }
    return JIHE_OK;
}

static jihe_status bind_column(struct column *out, const struct finder *finder, size_t column, const char *name,
                               const jh_snapshot *snapshot, jh_arena *arena, jihe_error *err)
{
    jh_dict_view dict;

    out->index = jh_schema_find(jh_snapshot_schema(snapshot), name, strlen(name));
    if (out->index == SIZE_MAX)
        return JIHE_OK;
    const jihe_status st = jh_snapshot_dict(snapshot, out->index, &dict, err);

    if (st != JIHE_OK)
        return st;
    out->numbers = JH_NEW(arena, uint32_t, (size_t)dict.count + 1);
    if (out->numbers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding the documents of flagged groups");
    for (uint32_t code = 0; code < dict.count; code++)
        out->numbers[code] =
            number_of(finder, column,
                      (jh_flag_value){dict.bytes + dict.offsets[code], dict.offsets[code + 1] - dict.offsets[code]});
    return JIHE_OK;
}

static jihe_status finder_make(struct finder **out, const jh_flag_result *result, const jh_pass *pass,
                               const jh_flag_by *by, jh_arena *arena, jihe_error *err)
{
    struct finder *finder = JH_NEW(arena, struct finder, 1);
    jihe_status st;

    if (finder == NULL ||
        (finder->columns = JH_NEW(arena, struct column, pass->part_count * by->column_count + 1)) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding the documents of flagged groups");
    finder->column_count = by->column_count;
    *out = finder;
    st = make_groups(finder, result, by, arena, err);
    for (size_t p = 0; st == JIHE_OK && p < pass->part_count; p++)
        for (size_t c = 0; st == JIHE_OK && c < by->column_count; c++)
            st = bind_column(&finder->columns[p * by->column_count + c], finder, c, by->columns[c], pass->parts[p],
                             arena, err);
    return st;
}

/* --- of documents --- */

enum found { UNKNOWN = UINT32_MAX }; /* a value is missing */

struct rows {
    const struct column *columns;
    jh_col_view views[JH_FLAG_MAX_BY];
};

static jihe_status rows_open(struct rows *rows, const struct finder *finder, const jh_pass *pass, uint64_t segment,
                             jihe_error *err)
{
    const jh_pass_segment *at = &pass->segments[segment];
    jihe_status st = JIHE_OK;

    rows->columns = &finder->columns[at->part * finder->column_count];
    for (size_t c = 0; st == JIHE_OK && c < finder->column_count; c++)
        st = rows->columns[c].index == SIZE_MAX
                 ? jh_fail(err, JIHE_BUG, "documents without the column that flags them")
                 : jh_snapshot_column(pass->parts[at->part], at->segment, rows->columns[c].index, NULL, &rows->views[c],
                                      err);
    return st;
}

/* 1 + the flagged group of a row, 0 none, UNKNOWN. */
static uint32_t group_at(const struct finder *finder, const struct rows *rows, uint32_t row)
{
    uint32_t numbers[JH_FLAG_MAX_BY] = {0};
    bool none = false;

    for (size_t c = 0; c < finder->column_count; c++) {
        if (!jh_col_present(&rows->views[c], row))
            return UNKNOWN;
        numbers[c] = rows->columns[c].numbers[jh_pass_code(&rows->views[c], row)];
        none = none || numbers[c] == 0;
    }
    return none ? 0 : finder->groups[place_of(finder, numbers)];
}

struct keeping {
    const struct finder *finder;
    jh_pass *pass;
    uint64_t *frame;
    _Atomic uint64_t documents, undecided;
};

static jihe_status keep_segment(void *context, uint32_t worker, uint64_t segment, jihe_error *err)
{
    struct keeping *keeping = context;
    const jh_pass_segment *at = &keeping->pass->segments[segment];
    uint64_t *bits = keeping->frame + at->word, undecided = 0;
    struct rows rows;
    jihe_status st;

    (void)worker;
    if (jh_bits_count(bits, at->rows) == 0)
        return JIHE_OK;
    if ((st = rows_open(&rows, keeping->finder, keeping->pass, segment, err)) != JIHE_OK)
        return st;
    for (size_t w = 0; w < jh_bits_words(at->rows); w++)
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            const uint32_t row = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            const uint32_t group = group_at(keeping->finder, &rows, row);

            if (group == 0 || group == UNKNOWN)
                bits[w] &= ~(left & -left);
            undecided += group == UNKNOWN;
        }
    atomic_fetch_add_explicit(&keeping->documents, jh_bits_count(bits, at->rows), memory_order_relaxed);
    atomic_fetch_add_explicit(&keeping->undecided, undecided, memory_order_relaxed);
    return JIHE_OK;
}

static jihe_status groups_of(const jh_flag_result *result, const jh_pass *pass, uint64_t segment, const uint32_t *rows,
                             size_t count, uint32_t *groups, jihe_error *err)
{
    const struct finder *finder = result->state;
    struct rows views;
    const jihe_status st = rows_open(&views, finder, pass, segment, err);

    for (size_t i = 0; st == JIHE_OK && i < count; i++)
        groups[i] = group_at(finder, &views, rows[i]) - 1;
    return st;
}

jihe_status jh_flag_keep_groups(jh_flag_result *result, const jh_flag_input *input, const jh_flag_by *by,
                                jihe_error *err)
{
    jh_frame *frame = &input->pass->frames[input->index];
    struct keeping keeping = {.pass = input->pass, .frame = frame->bits};
    struct finder *finder = NULL;
    jihe_status st = finder_make(&finder, result, input->pass, by, input->arena, err);

    if (st != JIHE_OK)
        return st;
    keeping.finder = finder;
    if ((st = jh_parallel(input->threads, input->pass->segment_count, keep_segment, &keeping, err)) != JIHE_OK)
        return st;
    frame->documents = keeping.documents;
    frame->undecided += keeping.undecided;
    result->groups_of = groups_of;
    result->state = finder;
    return JIHE_OK;
}

jihe_status jh_flag_keep_labels(jh_flag_result *result, const jh_flag_input *input, const char *column, jihe_error *err)
{
    jh_flag_value *values = JH_NEW(input->arena, jh_flag_value, result->count + 1);
    uint32_t *groups = JH_NEW(input->arena, uint32_t, result->count + 1);
    const jh_flag_by by = {
        .columns = {column}, .column_count = 1, .values = values, .groups = groups, .count = result->count};

    if (values == NULL || groups == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "finding the documents of flagged groups");
    for (uint32_t g = 0; g < result->count; g++) {
        values[g] = (jh_flag_value){result->groups[g].label, result->groups[g].label_len};
        groups[g] = g;
    }
    return jh_flag_keep_groups(result, input, &by, err);
}
