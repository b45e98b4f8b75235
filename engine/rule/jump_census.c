#include "rule/jump_census.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/hash.h"
#include "base/parallel.h"

enum { BATCH = 64 /* names whose slots are fetched ahead */, FIRST_ROOM = 1024 };

/* --- tables --- */

static void table_deinit(jh_census_table *table)
{
    jh_dict_deinit(&table->names);
    free(table->documents);
    free(table->days);
    free(table->sums);
    *table = (jh_census_table){0};
}

/* A copy of `from`, a row of `count` items a period, with rows of `room`. NULL: no memory. */
static void *widen(const void *from, size_t periods, size_t count, size_t old_room, size_t room, size_t size)
{
    uint8_t *to = calloc(periods * room, size);

    for (size_t t = 0; to != NULL && from != NULL && t < periods; t++)
        memcpy(to + t * room * size, (const uint8_t *)from + t * old_room * size, count * size);
    return to;
}

static bool table_grow(jh_census_table *table, bool sums)
{
    const size_t room = table->room == 0 ? FIRST_ROOM : table->room * 2, count = table->names.count;
    uint64_t *documents = widen(table->documents, table->periods, count, table->room, room, sizeof *table->documents);
    uint32_t *days = widen(table->days, table->periods, count, table->room, room, sizeof *table->days);
    jh_i128 *money = sums ? widen(table->sums, table->periods, count, table->room, room, sizeof *table->sums) : NULL;

    if (documents == NULL || days == NULL || (sums && money == NULL)) {
        free(documents);
        free(days);
        free(money);
        return false;
    }
    free(table->documents);
    free(table->days);
    free(table->sums);
    table->documents = documents;
    table->days = days;
    table->sums = money;
    table->room = room;
    return true;
}

/* The number of a name, new or not. `hash` is jh_hash64 of it. */
static jihe_status number_of(jh_census_table *table, bool sums, uint64_t hash, const char *name, uint32_t len,
                             uint32_t *number, jihe_error *err)
{
    if (table->names.count > 0 && jh_dict_find(&table->names, hash, name, len, number))
        return JIHE_OK;
    if (table->names.count == table->room && !table_grow(table, sums))
        return jh_fail(err, JIHE_NO_MEMORY, "counting people's documents");
    return jh_dict_code(&table->names, name, len, number, err);
}

uint64_t jh_census_documents(const jh_census_table *table, size_t period, uint32_t number)
{
    return table->documents[period * table->room + number];
}

/* --- a snapshot --- */

struct taker { /* a thread's own */
    jh_census census;
    uint32_t *numbers; /* per code of the snapshot at hand */
    uint32_t *seen;    /* per person: 1 + the snapshot in which the person was met last */
    size_t number_room, seen_room;
    struct own { /* of ids that count for somebody else: they are listed, too */
        uint32_t code, number;
    } * own;
    size_t own_count, own_room;
};

struct taking {
    const jh_census_terms *terms;
    jh_snapshot *const *history;
    struct taker *takers;
    size_t periods;
};

/* The snapshot as far as the flag looks at it. */
struct place {
    const jh_snapshot *snapshot;
    size_t person, money; /* money: among the money columns */
    size_t period;
    uint32_t stamp; /* 1 + its index */
    int32_t date;
    bool works; /* it is a working day */
};

static bool period_of(size_t *period, const jh_gate_windows *windows, int32_t date)
{
    const bool trigger = date >= windows->trigger_from && date <= windows->trigger_to;

    if (!trigger && (date < windows->baseline_from || date > windows->baseline_to))
        return false;
    *period =
        (size_t)(jh_days_month(trigger ? windows->baseline_to + 1 : date) - jh_days_month(windows->baseline_from));
    return true;
}

static jihe_status fail_snapshot(const jh_column_name *name, const char *what, int32_t day, jihe_error *err)
{
    char date[16];

    jh_days_text(day, date);
    return jh_fail_at(err, JIHE_CONFIG, name->place.source, name->place.line, name->place.column,
                      "flag: jump: '%s' %s in the snapshot of %s", name->name, what, date);
}

static jihe_status find_place(struct place *out, const struct taking *taking, size_t index, jihe_error *err)
{
    const jh_jump *jump = taking->terms->jump;
    const jh_schema *schema = jh_snapshot_schema(out->snapshot);
    const int workday = jh_calendar_workday(taking->terms->calendar, out->date);
    const size_t type = jh_schema_role(schema, JH_ROLE_TYPE);

    out->stamp = (uint32_t)index + 1;
    out->works = workday < 0 ? jh_weekday(out->date) <= 5 : workday == 1;
    out->person = jh_schema_find(schema, jump->person.name, strlen(jump->person.name));
    out->money = 0;
    if (out->person == SIZE_MAX)
        return fail_snapshot(&jump->person, "is no column", out->date, err);
    if ((schema->columns[out->person].roles & JH_ROLE_PERSON) == 0)
        return fail_snapshot(&jump->person,
                             "is not tallied (give it 'role: person' in jihe.yaml before documents are ingested)",
                             out->date, err);
    if (jump->type.name != NULL && type == SIZE_MAX)
        return fail_snapshot(&jump->type, "is no column with 'role: type'", out->date, err);
    if (jump->of != JH_JUMP_AMOUNT)
        return JIHE_OK;
    const size_t amount = jh_schema_find(schema, jump->amount.name, strlen(jump->amount.name));

    if (amount == SIZE_MAX || schema->columns[amount].type != JH_MONEY)
        return fail_snapshot(&jump->amount, "is no money column", out->date, err);
    for (size_t c = 0; c < amount; c++)
        out->money += schema->columns[c].type == JH_MONEY;
    return JIHE_OK;
}

static int order_alias(const void *key, const void *item)
{
    return strcmp(key, ((const jh_census_alias *)item)->id);
}

/* Whose documents those of this id are on that day. */
static const char *counted_for(const jh_census_terms *terms, const char *id, uint32_t len, int32_t date)
{
    char name[512];

    if (terms->alias_count == 0 || len >= sizeof name)
        return NULL;
    memcpy(name, id, len);
    name[len] = '\0';
    const jh_census_alias *alias =
        bsearch(name, terms->aliases, terms->alias_count, sizeof *terms->aliases, order_alias);

    return alias != NULL && date <= alias->until ? alias->counts_for : NULL;
}

static bool room_for(uint32_t **list, size_t *room, size_t count)
{
    const size_t more = count < FIRST_ROOM ? FIRST_ROOM : count * 2;

    if (count <= *room)
        return true;
    uint32_t *longer = realloc(*list, more * sizeof *longer);

    if (longer == NULL)
        return false;
    memset(longer + *room, 0, (more - *room) * sizeof *longer);
    *list = longer;
    *room = more;
    return true;
}

/* Somebody else's documents are still those of this id, which is only never tested. */
static jihe_status number_own(struct taker *taker, bool sums, uint32_t code, uint64_t hash, const char *name,
                              uint32_t len, jihe_error *err)
{
    if (taker->own_count == taker->own_room) {
        const size_t room = taker->own_room * 2 + 16;
        struct own *own = realloc(taker->own, room * sizeof *own);

        if (own == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "counting people's documents");
        taker->own = own;
        taker->own_room = room;
    }
    struct own *own = &taker->own[taker->own_count++];

    own->code = code;
    return number_of(&taker->census.people, sums, hash, name, len, &own->number, err);
}

/* Some of the snapshot's people, whose names lie everywhere in memory: whatever is looked at is fetched beforehand. */
struct batch {
    const jh_dict_view *dict;
    uint32_t from, to; /* codes */
    uint64_t hashes[BATCH];
    uint32_t likely[BATCH]; /* number of the person with the same hash; UINT32_MAX: none */
};

static void look_ahead(struct batch *batch, const jh_dict *names)
{
    const jh_dict_view *dict = batch->dict;

    for (uint32_t i = 0; i < batch->to - batch->from; i++) {
        const uint32_t *at = &dict->offsets[batch->from + i];

        batch->hashes[i] = jh_hash64(dict->bytes + at[0], at[1] - at[0]);
        batch->likely[i] = UINT32_MAX;
        if (names->count > 0)
            jh_probe_fetch(&names->index, batch->hashes[i]);
    }
    if (names->count == 0)
        return;
    for (uint32_t i = 0; i < batch->to - batch->from; i++) {
        size_t step = 0;
        uint32_t number;

        if (!jh_probe_next(&names->index, batch->hashes[i], &step, &number))
            continue;
        batch->likely[i] = number;
        __builtin_prefetch(&names->offsets[number]);
    }
    for (uint32_t i = 0; i < batch->to - batch->from; i++)
        if (batch->likely[i] != UINT32_MAX)
            __builtin_prefetch(names->bytes.bytes + names->offsets[batch->likely[i]]);
}

static bool is_named(const jh_dict *names, uint32_t number, const char *name, uint32_t len)
{
    uint32_t there;

    if (number == UINT32_MAX)
        return false;
    const char *text = jh_dict_text(names, number, &there);

    return there == len && memcmp(text, name, len) == 0;
}

static jihe_status number_batch(struct taker *taker, const struct taking *taking, const struct batch *batch,
                                int32_t date, jihe_error *err)
{
    jh_census_table *people = &taker->census.people;
    const bool sums = taking->terms->jump->of == JH_JUMP_AMOUNT;
    jihe_status st = JIHE_OK;

    for (uint32_t code = batch->from; st == JIHE_OK && code < batch->to; code++) {
        const char *name = batch->dict->bytes + batch->dict->offsets[code];
        const uint32_t len = batch->dict->offsets[code + 1] - batch->dict->offsets[code], i = code - batch->from;
        const char *other = counted_for(taking->terms, name, len, date);

        if (other != NULL) {
            if ((st = number_of(people, sums, jh_hash64(other, strlen(other)), other, (uint32_t)strlen(other),
                                &taker->numbers[code], err)) == JIHE_OK)
                st = number_own(taker, sums, code, batch->hashes[i], name, len, err);
        } else if (is_named(&people->names, batch->likely[i], name, len))
            taker->numbers[code] = batch->likely[i];
        else
            st = number_of(people, sums, batch->hashes[i], name, len, &taker->numbers[code], err);
    }
    return st;
}

/* Numbers of all codes of the snapshot's people. */
static jihe_status number_people(struct taker *taker, const struct taking *taking, const struct place *place,
                                 const jh_dict_view *dict, jihe_error *err)
{
    jh_census_table *people = &taker->census.people;
    struct batch batch = {.dict = dict};
    jihe_status st = JIHE_OK;

    taker->own_count = 0;
    if (!room_for(&taker->numbers, &taker->number_room, dict->count))
        return jh_fail(err, JIHE_NO_MEMORY, "counting people's documents");
    for (; st == JIHE_OK && batch.from < dict->count; batch.from = batch.to) {
        batch.to = dict->count - batch.from < BATCH ? dict->count : batch.from + BATCH;
        look_ahead(&batch, &people->names);
        st = number_batch(taker, taking, &batch, place->date, err);
    }
    if (st == JIHE_OK && !room_for(&taker->seen, &taker->seen_room, people->room))
        return jh_fail(err, JIHE_NO_MEMORY, "counting people's documents");
    return st;
}

static jihe_status add_people(struct taker *taker, const struct taking *taking, const struct place *place,
                              jihe_error *err)
{
    jh_census_table *people = &taker->census.people;
    const size_t first = place->period;
    jh_dict_view dict;
    jh_figures tally;
    jihe_status st;

    if ((st = jh_snapshot_dict(place->snapshot, place->person, &dict, err)) != JIHE_OK ||
        (st = jh_snapshot_tally(place->snapshot, place->person, &tally, err)) != JIHE_OK ||
        (st = number_people(taker, taking, place, &dict, err)) != JIHE_OK)
        return st;
    for (uint32_t code = 0; code < dict.count; code++) {
        const uint32_t number = taker->numbers[code];
        const size_t at = first * people->room + number;
        const uint64_t documents = jh_figures_documents(&tally, code);

        people->documents[at] += documents;
        if (people->sums != NULL)
            people->sums[at] += jh_figures_sum(&tally, (uint32_t)place->money, code);
        if (place->works && documents > 0 && taker->seen[number] != place->stamp) {
            taker->seen[number] = place->stamp; /* two ids of one person are present once */
            people->days[at]++;
        }
    }
    for (size_t i = 0; i < taker->own_count; i++)
        people->documents[first * people->room + taker->own[i].number] +=
            jh_figures_documents(&tally, taker->own[i].code);
    return JIHE_OK;
}

static jihe_status add_pairs(struct taker *taker, const struct taking *taking, const struct place *place,
                             jihe_error *err)
{
    const bool sums = taking->terms->jump->of == JH_JUMP_AMOUNT;
    jh_census_table *pairs = &taker->census.pairs;
    jh_dict_view dict;
    jh_figures cross;
    jihe_status st;

    if ((st = jh_snapshot_dict(place->snapshot, jh_schema_role(jh_snapshot_schema(place->snapshot), JH_ROLE_TYPE),
                               &dict, err)) != JIHE_OK ||
        (st = jh_snapshot_cross(place->snapshot, place->person, &cross, err)) != JIHE_OK)
        return st;
    for (uint32_t row = 0; st == JIHE_OK && row < cross.rows; row++) {
        const uint32_t code = (uint32_t)jh_col_number(cross.type, row);
        uint32_t key[2] = {taker->numbers[jh_col_number(cross.person, row)]}, number = 0;

        if ((st = jh_dict_code(&taker->census.types, dict.bytes + dict.offsets[code],
                               dict.offsets[code + 1] - dict.offsets[code], &key[1], err)) == JIHE_OK)
            st = number_of(pairs, sums, jh_hash64(key, sizeof key), (const char *)key, sizeof key, &number, err);
        if (st != JIHE_OK)
            break;
        const size_t at = place->period * pairs->room + number;

        pairs->documents[at] += jh_figures_documents(&cross, row);
        if (sums)
            pairs->sums[at] += jh_figures_sum(&cross, (uint32_t)place->money, row);
    }
    return st;
}

static jihe_status take_snapshot(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct taking *taking = context;
    struct taker *taker = &taking->takers[worker];
    struct place place = {.snapshot = taking->history[index]};
    jihe_status st;

    place.date = jh_snapshot_manifest(place.snapshot)->date;
    if (!period_of(&place.period, &taking->terms->windows, place.date))
        return JIHE_OK;
    taker->census.people.periods = taker->census.pairs.periods = taking->periods;
    if ((st = find_place(&place, taking, index, err)) != JIHE_OK ||
        (st = add_people(taker, taking, &place, err)) != JIHE_OK || taking->terms->jump->type.name == NULL)
        return st;
    return add_pairs(taker, taking, &place, err);
}

/* --- all together --- */

static void add_row(jh_census_table *into, uint32_t number, const jh_census_table *from, uint32_t row)
{
    for (size_t t = 0; t < from->periods; t++) {
        into->documents[t * into->room + number] += from->documents[t * from->room + row];
        into->days[t * into->room + number] += from->days[t * from->room + row];
        if (into->sums != NULL)
            into->sums[t * into->room + number] += from->sums[t * from->room + row];
    }
}

static jihe_status merge(jh_census *into, const jh_census *from, bool sums, jihe_error *err)
{
    jihe_status st = JIHE_OK;
    uint32_t len, number;

    for (uint32_t i = 0; st == JIHE_OK && i < from->people.names.count; i++) {
        const char *name = jh_dict_text(&from->people.names, i, &len);

        if ((st = number_of(&into->people, sums, jh_hash64(name, len), name, len, &number, err)) == JIHE_OK)
            add_row(&into->people, number, &from->people, i);
    }
    for (uint32_t i = 0; st == JIHE_OK && i < from->pairs.names.count; i++) {
        uint32_t key[2];

        memcpy(key, jh_dict_text(&from->pairs.names, i, &len), sizeof key);
        const char *person = jh_dict_text(&from->people.names, key[0], &len);
        uint32_t there[2] = {0};

        st = jh_dict_code(&into->people.names, person, len, &there[0], err);
        const char *type = jh_dict_text(&from->types, key[1], &len);

        if (st == JIHE_OK && (st = jh_dict_code(&into->types, type, len, &there[1], err)) == JIHE_OK &&
            (st = number_of(&into->pairs, sums, jh_hash64(there, sizeof there), (const char *)there, sizeof there,
                            &number, err)) == JIHE_OK)
            add_row(&into->pairs, number, &from->pairs, i);
    }
    return st;
}

jihe_status jh_census_take(jh_census *out, const jh_census_terms *terms, jh_snapshot *const *history, size_t count,
                           jihe_error *err)
{
    const uint32_t threads = terms->threads == 0 ? 1 : terms->threads;
    struct taking taking = {.terms = terms,
                            .history = history,
                            .takers = calloc(threads, sizeof *taking.takers),
                            .periods = terms->jump->baseline_months + (size_t)1};
    jihe_status st = taking.takers == NULL ? jh_fail(err, JIHE_NO_MEMORY, "counting people's documents")
                                           : jh_parallel(threads, count, take_snapshot, &taking, err);

    *out = (jh_census){0};
    if (st == JIHE_OK) {
        *out = taking.takers[0].census;
        taking.takers[0].census = (jh_census){0};
        out->people.periods = out->pairs.periods = taking.periods;
    }
    for (uint32_t t = 1; st == JIHE_OK && t < threads; t++)
        st = merge(out, &taking.takers[t].census, terms->jump->of == JH_JUMP_AMOUNT, err);
    for (uint32_t t = 0; taking.takers != NULL && t < threads; t++) {
        jh_census_deinit(&taking.takers[t].census);
        free(taking.takers[t].numbers);
        free(taking.takers[t].seen);
        free(taking.takers[t].own);
    }
    free(taking.takers);
    if (st != JIHE_OK)
        jh_census_deinit(out);
    return st;
}

void jh_census_deinit(jh_census *census)
{
    table_deinit(&census->people);
    table_deinit(&census->pairs);
    jh_dict_deinit(&census->types);
}
