#include "snapshot/tallier.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"
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

    for (uint32_t row = 0; row < amounts->rows; row++)
        to[(size_t)numbers[row] * money].sum += values[row];
    for (uint32_t row = 0; amounts->nulls != 0 && row < amounts->rows; row++)
        to[(size_t)numbers[row] * money].absent += (uint64_t)!jh_col_present(amounts, row);
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

/* All segments while they are counted, by any thread: each takes another column. */
struct counting {
    jh_tallier *sums;
    const jh_stored **values; /* by segment and schema column: of categories and amounts; else NULL */
    uint32_t segments;
};

/* What a thread needs for one column of one segment, by row. */
struct scratch {
    uint32_t numbers[JH_SEGMENT_ROWS], types[JH_SEGMENT_ROWS], pairs[JH_SEGMENT_ROWS];
    int64_t amounts[JH_SEGMENT_ROWS];
};

static void view_of(const struct counting *all, uint32_t segment, size_t column, jh_col_view *view)
{
    jh_stored_view(all->values[segment * all->sums->schema->count + column], view);
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

/* The values, and 0 where there is none. */
static void read_amounts(const jh_col_view *view, int64_t *amounts)
{
    const uint64_t base = (uint64_t)view->base;

    switch (view->width) {
    case 2:
        for (uint32_t row = 0; row < view->rows; row++)
            amounts[row] = (int64_t)(base + ((const uint16_t *)view->codes)[row]);
        break;
    case 4:
        for (uint32_t row = 0; row < view->rows; row++)
            amounts[row] = (int64_t)(base + ((const uint32_t *)view->codes)[row]);
        break;
    default:
        for (uint32_t row = 0; row < view->rows; row++)
            amounts[row] = jh_col_number(view, row);
        break;
    }
    for (uint32_t row = 0; view->nulls != 0 && row < view->rows; row++)
        amounts[row] = jh_col_present(view, row) ? amounts[row] : 0;
}

/* One category column of one segment. */
static bool count_segment(const struct counting *all, uint32_t segment, size_t column, struct scratch *scratch)
{
    const jh_schema *schema = all->sums->schema;
    const size_t type = jh_schema_role(schema, JH_ROLE_TYPE);
    jh_tallied *tally = &all->sums->tallies[column], *cross = &all->sums->crosses[column];
    const uint32_t money = all->sums->money;
    uint32_t which = 0;
    jh_col_view view;

    view_of(all, segment, column, &view);
    read_numbers(&view, scratch->numbers);
    count_documents(tally, scratch->numbers, view.rows);
    if (cross->count != 0) {
        view_of(all, segment, type, &view);
        read_numbers(&view, scratch->types);
        if (!number_pairs(cross, scratch->numbers, scratch->types, view.rows, money, scratch->pairs))
            return false;
        count_documents(cross, scratch->pairs, view.rows);
    }
    for (size_t c = 0; c < schema->count; c++) {
        if (schema->columns[c].type != JH_MONEY)
            continue;
        view_of(all, segment, c, &view);
        read_amounts(&view, scratch->amounts);
        add_amounts(tally, scratch->numbers, &view, scratch->amounts, which, money);
        if (cross->count != 0)
            add_amounts(cross, scratch->pairs, &view, scratch->amounts, which, money);
        which++;
    }
    return true;
}

static jihe_status count_column(void *context, uint32_t worker, uint64_t column, jihe_error *err)
{
    const struct counting *all = context;
    struct scratch *scratch;
    bool counted = true;

    (void)worker;
    if (all->sums->schema->columns[column].type != JH_CATEGORY)
        return JIHE_OK;
    if ((scratch = malloc(sizeof *scratch)) == NULL)
        return no_memory(err);
    for (uint32_t segment = 0; segment < all->segments && counted; segment++)
        counted = count_segment(all, segment, (size_t)column, scratch);
    free(scratch);
    return counted ? JIHE_OK : no_memory(err);
}

/* Finds all values first: a store that is being built is for one thread. */
static jihe_status find_values(struct counting *all, jh_env *env, const jh_slots *slots, jihe_error *err)
{
    const jh_schema *schema = all->sums->schema;
    jihe_status st = JIHE_OK;

    for (uint32_t segment = 0; segment < all->segments; segment++)
        for (size_t c = 0; c < schema->count && st == JIHE_OK; c++) {
            uint8_t key[JH_KEY_BYTES];
            const void *value;
            size_t len;

            if (schema->columns[c].type != JH_CATEGORY && schema->columns[c].type != JH_MONEY)
                continue;
            jh_slots_key(segment, slots->of_column[c], key);
            if ((st = jh_build_get(env, key, sizeof key, &value, &len, err)) == JIHE_OK)
                all->values[segment * schema->count + c] = value;
        }
    return st;
}

jihe_status jh_tallier_count(jh_tallier *sums, jh_env *env, const jh_slots *slots, uint32_t segments, uint32_t threads,
                             jihe_error *err)
{
    struct counting all = {.sums = sums, .segments = segments};
    jihe_status st;

    if (segments == 0)
        return JIHE_OK;
    if ((all.values = calloc((size_t)segments * sums->schema->count, sizeof *all.values)) == NULL)
        return no_memory(err);
    if ((st = find_values(&all, env, slots, err)) == JIHE_OK)
        st = jh_parallel(threads, sums->schema->count, count_column, &all, err);
    free(all.values);
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
            values[i] = (int64_t)(sum->documents[order[i]] - sum->amounts[(size_t)order[i] * money + m].absent);
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
