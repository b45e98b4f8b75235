#include "snapshot/tallier.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "snapshot/stored.h"
#include "snapshot/table.h"

/* --- memory --- */

/* Pairs that there could be, up to which a plain array finds their numbers: 4 MiB. */
enum { DENSE_PAIRS = 1 << 20 };

static bool make_room(jh_tallied *sum, uint32_t room, uint32_t money, bool pairs)
{
    uint64_t *documents = realloc(sum->documents, room * sizeof *documents), *keys;
    struct jh_tallied_amounts *amounts;

    if (documents == NULL)
        return false;
    sum->documents = documents;
    if ((amounts = realloc(sum->amounts, ((size_t)room * money + 1) * sizeof *amounts)) == NULL)
        return false;
    sum->amounts = amounts;
    if (pairs && (keys = realloc(sum->pairs, room * sizeof *keys)) == NULL)
        return false;
    sum->pairs = pairs ? keys : NULL;
    sum->room = room;
    return true;
}

/* Numbers up to `count` exclusive exist, with nothing counted. */
static void open_numbers(jh_tallied *sum, uint32_t count, uint32_t money)
{
    memset(sum->documents + sum->count, 0, (count - sum->count) * sizeof *sum->documents);
    memset(sum->amounts + (size_t)sum->count * money, 0, (size_t)(count - sum->count) * money * sizeof *sum->amounts);
    sum->count = count;
}

static void sum_deinit(jh_tallied *sum)
{
    free(sum->documents);
    free(sum->amounts);
    free(sum->pairs);
    free(sum->dense);
    jh_probe_deinit(&sum->index);
}

void jh_tallier_deinit(jh_tallier *sums)
{
    for (size_t c = 0; sums->tallies != NULL && c < sums->schema->count; c++)
        sum_deinit(&sums->tallies[c]);
    for (size_t c = 0; sums->crosses != NULL && c < sums->schema->count; c++)
        sum_deinit(&sums->crosses[c]);
    free(sums->tallies);
    free(sums->crosses);
    *sums = (jh_tallier){0};
}

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "no memory for the tallies of a snapshot");
}

static jihe_status make_cross(jh_tallied *cross, uint32_t persons, uint32_t types, uint32_t money, jihe_error *err)
{
    const uint64_t most = (uint64_t)persons * types;

    cross->types = types;
    if (!make_room(cross, 64, money, true))
        return no_memory(err);
    if (most <= DENSE_PAIRS && (cross->dense = calloc((size_t)most + 1, sizeof *cross->dense)) == NULL)
        return no_memory(err);
    open_numbers(cross, 1, money);
    return JIHE_OK;
}

jihe_status jh_tallier_make(jh_tallier *sums, const jh_schema *schema, const uint32_t *codes, jihe_error *err)
{
    const size_t type = jh_schema_role(schema, JH_ROLE_TYPE);
    jihe_status st = JIHE_OK;

    *sums = (jh_tallier){.schema = schema};
    for (size_t c = 0; c < schema->count; c++)
        sums->money += schema->columns[c].type == JH_MONEY;
    sums->tallies = calloc(schema->count, sizeof *sums->tallies);
    sums->crosses = calloc(schema->count, sizeof *sums->crosses);
    if (sums->tallies == NULL || sums->crosses == NULL)
        return no_memory(err);
    for (size_t c = 0; c < schema->count && st == JIHE_OK; c++) {
        if (schema->columns[c].type != JH_CATEGORY)
            continue;
        if (!make_room(&sums->tallies[c], codes[c] + 1, sums->money, false))
            return no_memory(err);
        open_numbers(&sums->tallies[c], codes[c] + 1, sums->money);
        if (type != SIZE_MAX && (schema->columns[c].roles & JH_ROLE_PERSON) != 0)
            st = make_cross(&sums->crosses[c], codes[c], codes[type], sums->money, err);
    }
    return st;
}

/* --- counting --- */

static void count_documents(jh_tallied *sum, const uint32_t *numbers, uint32_t rows)
{
    for (uint32_t row = 0; row < rows; row++)
        sum->documents[numbers[row]]++;
}

/* Money column `which` of `money`; an absent amount is 0. */
static void add_amounts(jh_tallied *sum, const uint32_t *numbers, const jh_col_view *amounts, const int64_t *values,
                        uint32_t which, uint32_t money)
{
    struct jh_tallied_amounts *to = sum->amounts + which;
    const uint32_t rows = amounts->rows;

    if (amounts->nulls == 0)
        for (uint32_t row = 0; row < rows; row++) {
            to[(size_t)numbers[row] * money].present++;
            to[(size_t)numbers[row] * money].sum += values[row];
        }
    else
        for (uint32_t row = 0; row < rows; row++) {
            to[(size_t)numbers[row] * money].present += (uint64_t)jh_col_present(amounts, row);
            to[(size_t)numbers[row] * money].sum += values[row];
        }
}

static bool new_pair(jh_tallied *sum, uint64_t pair, uint32_t money, uint32_t *number)
{
    if (sum->count == sum->room && !make_room(sum, sum->room * 2, money, true))
        return false;
    *number = sum->count;
    open_numbers(sum, sum->count + 1, money);
    sum->pairs[*number] = pair;
    return true;
}

/* The number of a pair among many, a new one where it was not met before. False: no memory. */
static bool search_pair(jh_tallied *sum, uint64_t pair, uint32_t money, uint32_t *number)
{
    const uint64_t hash = jh_hash64(&pair, sizeof pair);
    size_t step = 0;

    while (jh_probe_next(&sum->index, hash, &step, number))
        if (sum->pairs[++*number] == pair)
            return true;
    if (!jh_probe_holds(&sum->index, 1)) {
        if (!jh_probe_enlarge(&sum->index, 1))
            return false;
        for (uint32_t i = 1; i < sum->count; i++)
            jh_probe_insert(&sum->index, jh_hash64(&sum->pairs[i], sizeof pair), i - 1);
    }
    if (!new_pair(sum, pair, money, number))
        return false;
    jh_probe_insert(&sum->index, hash, *number - 1);
    return true;
}

static bool number_pairs(jh_tallied *sum, const uint32_t *persons, const uint32_t *types, uint32_t rows, uint32_t money,
                         uint32_t *out)
{
    for (uint32_t row = 0; row < rows; row++) {
        const uint32_t person = persons[row] - 1, type = types[row] - 1;
        const uint64_t pair = (uint64_t)person << 32 | type;

        out[row] = 0;
        if (persons[row] == 0 || types[row] == 0)
            continue;
        if (sum->dense == NULL) {
            if (!search_pair(sum, pair, money, &out[row]))
                return false;
            continue;
        }
        uint32_t *number = &sum->dense[person * sum->types + type];

        if (*number == 0 && !new_pair(sum, pair, money, number))
            return false;
        out[row] = *number;
    }
    return true;
}

/* One segment while it is counted. */
struct segment {
    jh_env *env;
    const jh_slots *slots;
    uint32_t number, rows;
    uint32_t **numbers; /* by schema column: per row the number in its tally; of a person, JH_MAX_COLUMNS further on, in
                         * its cross tally; NULL where there is none */
    int64_t *amounts;
};

static jihe_status column_of(const struct segment *segment, size_t column, jh_col_view *view, jihe_error *err)
{
    uint8_t key[JH_KEY_BYTES];
    const void *value;
    size_t len;
    jihe_status st;

    jh_slots_key(segment->number, segment->slots->of_column[column], key);
    if ((st = jh_build_get(segment->env, key, sizeof key, &value, &len, err)) == JIHE_OK)
        jh_stored_view(value, view);
    return st;
}

static bool new_numbers(struct segment *segment, size_t at)
{
    segment->numbers[at] = malloc(JH_SEGMENT_ROWS * sizeof **segment->numbers);
    return segment->numbers[at] != NULL;
}

/* Codes + 1, and 0 where there is none. */
static void read_numbers(const jh_col_view *view, uint32_t *numbers)
{
    const uint32_t first = (uint32_t)view->base + 1;

    switch (view->width) {
    case 1:
        for (uint32_t row = 0; row < view->rows; row++)
            numbers[row] = first + ((const uint8_t *)view->codes)[row];
        break;
    case 2:
        for (uint32_t row = 0; row < view->rows; row++)
            numbers[row] = first + ((const uint16_t *)view->codes)[row];
        break;
    default:
        for (uint32_t row = 0; row < view->rows; row++)
            numbers[row] = (uint32_t)jh_col_number(view, row) + 1;
        break;
    }
    for (uint32_t row = 0; view->nulls != 0 && row < view->rows; row++)
        numbers[row] = jh_col_present(view, row) ? numbers[row] : 0;
}

static jihe_status count_category(jh_tallier *sums, struct segment *segment, size_t column, jihe_error *err)
{
    jh_col_view view;
    const jihe_status st = column_of(segment, column, &view, err);

    if (st != JIHE_OK)
        return st;
    if (!new_numbers(segment, column))
        return no_memory(err);
    segment->rows = view.rows;
    read_numbers(&view, segment->numbers[column]);
    count_documents(&sums->tallies[column], segment->numbers[column], view.rows);
    return JIHE_OK;
}

static jihe_status count_pairs(jh_tallier *sums, struct segment *segment, size_t column, jihe_error *err)
{
    const size_t type = jh_schema_role(sums->schema, JH_ROLE_TYPE);
    jh_tallied *cross = &sums->crosses[column];

    if (!new_numbers(segment, JH_MAX_COLUMNS + column) ||
        !number_pairs(cross, segment->numbers[column], segment->numbers[type], segment->rows, sums->money,
                      segment->numbers[JH_MAX_COLUMNS + column]))
        return no_memory(err);
    count_documents(cross, segment->numbers[JH_MAX_COLUMNS + column], segment->rows);
    return JIHE_OK;
}

static jihe_status count_money(jh_tallier *sums, struct segment *segment, size_t column, uint32_t which,
                               jihe_error *err)
{
    jh_col_view view;
    const jihe_status st = column_of(segment, column, &view, err);

    if (st != JIHE_OK)
        return st;
    for (uint32_t row = 0; row < view.rows; row++)
        segment->amounts[row] = jh_col_present(&view, row) ? jh_col_number(&view, row) : 0;
    for (size_t c = 0; c < sums->schema->count; c++) {
        const uint32_t *in_cross = segment->numbers[JH_MAX_COLUMNS + c];

        if (segment->numbers[c] != NULL)
            add_amounts(&sums->tallies[c], segment->numbers[c], &view, segment->amounts, which, sums->money);
        if (in_cross != NULL)
            add_amounts(&sums->crosses[c], in_cross, &view, segment->amounts, which, sums->money);
    }
    return JIHE_OK;
}

static jihe_status count_segment(jh_tallier *sums, struct segment *segment, jihe_error *err)
{
    const jh_schema *schema = sums->schema;
    uint32_t money = 0;
    jihe_status st = JIHE_OK;

    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++)
        if (schema->columns[c].type == JH_CATEGORY)
            st = count_category(sums, segment, c, err);
    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++)
        if (sums->crosses[c].count != 0)
            st = count_pairs(sums, segment, c, err);
    for (size_t c = 0; st == JIHE_OK && c < schema->count; c++)
        if (schema->columns[c].type == JH_MONEY)
            st = count_money(sums, segment, c, money++, err);
    return st;
}

jihe_status jh_tallier_add(jh_tallier *sums, jh_env *env, const jh_slots *slots, uint32_t segment, jihe_error *err)
{
    struct segment at = {.env = env, .slots = slots, .number = segment};
    jihe_status st;

    at.numbers = calloc(JH_MAX_COLUMNS * 2, sizeof *at.numbers);
    at.amounts = malloc(JH_SEGMENT_ROWS * sizeof *at.amounts);
    st = at.numbers == NULL || at.amounts == NULL ? no_memory(err) : count_segment(sums, &at, err);
    for (size_t i = 0; at.numbers != NULL && i < JH_MAX_COLUMNS * 2; i++)
        free(at.numbers[i]);
    free(at.numbers);
    free(at.amounts);
    return st;
}

/* --- writing --- */

static int order_pairs(const void *a, const void *b, void *context)
{
    const uint64_t *pairs = context, x = pairs[*(const uint32_t *)a], y = pairs[*(const uint32_t *)b];

    return (x > y) - (x < y);
}

/* The numbers in the order in which they are stored, from 1. */
static void sort_numbers(const jh_tallied *sum, uint32_t *order)
{
    for (uint32_t i = 0; i + 1 < sum->count; i++)
        order[i] = i + 1;
    if (sum->pairs != NULL)
        qsort_r(order, sum->count - 1, sizeof *order, order_pairs, sum->pairs);
}

static void put_pairs(jh_table *table, const jh_tallied *sum, const uint32_t *order, int64_t *values)
{
    for (uint32_t i = 0; i < table->rows; i++)
        values[i] = (int64_t)(sum->pairs[order[i]] >> 32);
    jh_table_column(table, values);
    for (uint32_t i = 0; i < table->rows; i++)
        values[i] = (int64_t)(sum->pairs[order[i]] & UINT32_MAX);
    jh_table_column(table, values);
}

static void put_figures(jh_table *table, const jh_tallied *sum, uint32_t money, const uint32_t *order, int64_t *values)
{
    for (uint32_t i = 0; i < table->rows; i++)
        values[i] = (int64_t)sum->documents[order[i]];
    jh_table_column(table, values);
    for (uint32_t m = 0; m < money; m++) {
        for (uint32_t i = 0; i < table->rows; i++)
            values[i] = (int64_t)sum->amounts[(size_t)order[i] * money + m].present;
        jh_table_column(table, values);
        for (uint32_t i = 0; i < table->rows; i++)
            values[i] = (int64_t)(uint64_t)(jh_u128)sum->amounts[(size_t)order[i] * money + m].sum;
        jh_table_column(table, values);
        for (uint32_t i = 0; i < table->rows; i++)
            values[i] = (int64_t)(uint64_t)((jh_u128)sum->amounts[(size_t)order[i] * money + m].sum >> 64);
        jh_table_column(table, values);
    }
}

jihe_status jh_tallier_encode(const jh_tallier *sums, const jh_tallied *sum, const uint8_t key[JH_KEY_BYTES],
                              jh_buf *out, jihe_error *err)
{
    const uint32_t rows = sum->count - 1, figures = jh_figures_columns(sums->money);
    uint32_t *order = malloc(sum->count * sizeof *order);
    int64_t *values = malloc(sum->count * sizeof *values);
    jh_table table;

    jh_buf_clear(out);
    if (order != NULL && values != NULL) {
        sort_numbers(sum, order);
        jh_table_begin(&table, out, rows, sum->pairs != NULL ? figures + 2 : figures);
        if (sum->pairs != NULL)
            put_pairs(&table, sum, order, values);
        put_figures(&table, sum, sums->money, order, values);
        jh_table_end(&table, key);
    }
    out->failed = out->failed || order == NULL || values == NULL;
    free(order);
    free(values);
    return out->failed ? no_memory(err) : JIHE_OK;
}
