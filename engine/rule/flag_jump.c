#include "rule/flag_jump.h"

#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/text.h"

enum { MAX_MONTHS = 37 }; /* 36 of baseline and the trigger month */

struct person {
    const char *name;
    uint32_t len;
    uint64_t months[MAX_MONTHS]; /* [0] is the first baseline month, [baseline] the trigger month */
};

/* Counts per person while the tallies are read. */
struct census {
    struct person *people;
    size_t count, room;
    uint32_t *slots; /* open addressing: person index + 1, 0 empty */
    size_t slot_count;
};

static void census_deinit(struct census *census)
{
    free(census->people);
    free(census->slots);
}

static bool census_grow(struct census *census)
{
    const size_t room = census->room == 0 ? 1024 : census->room * 2;
    struct person *people = realloc(census->people, room * sizeof *people);

    if (people == NULL)
        return false;
    census->people = people;
    uint32_t *slots = calloc(room * 2, sizeof *slots);

    if (slots == NULL)
        return false;
    free(census->slots);
    census->room = room;
    census->slots = slots;
    census->slot_count = room * 2;
    for (size_t i = 0; i < census->count; i++) {
        size_t at = jh_hash64(people[i].name, people[i].len) & (census->slot_count - 1);

        while (slots[at] != 0)
            at = (at + 1) & (census->slot_count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    return true;
}

/* The person's entry, made when new; the name stays borrowed from the snapshot. NULL: no memory. */
static struct person *census_person(struct census *census, const char *name, uint32_t len)
{
    if (census->count == census->room && !census_grow(census))
        return NULL;
    size_t at = jh_hash64(name, len) & (census->slot_count - 1);

    for (; census->slots[at] != 0; at = (at + 1) & (census->slot_count - 1)) {
        struct person *known = &census->people[census->slots[at] - 1];

        if (known->len == len && memcmp(known->name, name, len) == 0)
            return known;
    }
    census->slots[at] = (uint32_t)++census->count;
    struct person *person = &census->people[census->count - 1];

    memset(person, 0, sizeof *person);
    person->name = name;
    person->len = len;
    return person;
}

void jh_jump_window(const jh_flag *flag, int32_t last, int32_t *from, int32_t *to)
{
    *from = jh_days_month_first(jh_days_month(last) - (int32_t)flag->baseline_months);
    *to = last;
}

static jihe_status add_tally(struct census *census, const jh_flag *flag, const jh_snapshot *snapshot, uint32_t month,
                             jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    const size_t column = jh_schema_find(schema, flag->jump.name, strlen(flag->jump.name));
    char date[16];
    jh_dict_view dict;
    jh_figures tally;
    jihe_status st;

    jh_days_text(jh_snapshot_manifest(snapshot)->date, date);
    if (column == SIZE_MAX)
        return jh_fail_at(err, JIHE_CONFIG, flag->jump.place.source, flag->jump.place.line, flag->jump.place.column,
                          "flag: jump: the snapshot of %s has no column '%s'", date, flag->jump.name);
    if ((st = jh_snapshot_dict(snapshot, column, &dict, err)) != JIHE_OK)
        return st;
    if ((schema->columns[column].roles & JH_ROLE_PERSON) == 0)
        return jh_fail_at(
            err, JIHE_CONFIG, flag->jump.place.source, flag->jump.place.line, flag->jump.place.column,
            "flag: jump: '%s' is not tallied in the snapshot of %s; give the column 'role: person' in jihe.yaml "
            "before its documents are ingested",
            flag->jump.name, date);
    st = jh_snapshot_tally(snapshot, column, &tally, err);
    for (uint32_t code = 0; st == JIHE_OK && code < dict.count; code++) {
        struct person *person =
            census_person(census, dict.bytes + dict.offsets[code], dict.offsets[code + 1] - dict.offsets[code]);

        if (person == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "counting people's documents");
        person->months[month] += jh_figures_documents(&tally, code);
    }
    return st;
}

static int order_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The months the median is taken of, sorted; returns how many. */
static uint32_t baseline_of(const struct person *person, const jh_flag *flag, uint64_t months[MAX_MONTHS])
{
    uint32_t count = 0;
    bool active = false;

    for (uint32_t m = 0; m < flag->baseline_months; m++) {
        active = active || person->months[m] > 0;
        if (person->months[m] > 0 || (flag->absent_zero && active))
            months[count++] = person->months[m];
    }
    qsort(months, count, sizeof *months, order_u64);
    return count;
}

static void judge(jh_jump_person *out, const struct person *person, const jh_flag *flag, int32_t last,
                  const jh_roster *roster)
{
    uint64_t months[MAX_MONTHS];
    int32_t from, to;

    out->person = person->name;
    out->len = person->len;
    out->count = person->months[flag->baseline_months];
    out->months = baseline_of(person, flag, months);
    if (out->months < flag->min_months || out->months == 0) {
        out->verdict = JH_JUMP_TOO_SHORT;
        return;
    }
    out->median_twice = months[(out->months - 1) / 2] + months[out->months / 2];
    /* count > ratio * median, in whole numbers: 2 000 000 * count > ratio_ppm * (2 * median) */
    out->verdict =
        (jh_u128)out->count * 2000000u > (jh_u128)flag->ratio_ppm * out->median_twice && out->median_twice > 0
            ? JH_JUMP_FLAGGED
            : JH_JUMP_NORMAL;
    jh_jump_window(flag, last, &from, &to);
    if (out->verdict == JH_JUMP_FLAGGED && jh_roster_change(roster, person->name, person->len, from, to, &out->changed))
        out->verdict = JH_JUMP_GATED;
}

static int order_people(const void *a, const void *b)
{
    const jh_jump_person *x = a, *y = b;

    return jh_text_compare(x->person, x->len, y->person, y->len);
}

static jihe_status judge_all(jh_jump *out, const struct census *census, const jh_flag *flag, int32_t last,
                             const jh_roster *roster, jh_arena *arena, jihe_error *err)
{
    jh_jump_person *people = JH_NEW(arena, jh_jump_person, census->count + 1);
    size_t count = 0;

    if (people == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    for (size_t i = 0; i < census->count; i++) {
        const struct person *person = &census->people[i];

        if (person->months[flag->baseline_months] == 0)
            continue;
        jh_jump_person *judged = &people[count++];

        judge(judged, person, flag, last, roster);
        judged->person = jh_arena_text(arena, person->name, person->len);
        if (judged->person == NULL)
            return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
        out->flagged += judged->verdict == JH_JUMP_FLAGGED;
        out->gated += judged->verdict == JH_JUMP_GATED;
        out->too_short += judged->verdict == JH_JUMP_TOO_SHORT;
    }
    qsort(people, count, sizeof *people, order_people);
    out->people = people;
    out->count = count;
    return JIHE_OK;
}

jihe_status jh_jump_judge(jh_jump *out, const jh_flag *flag, jh_snapshot *const *history, size_t history_count,
                          int32_t last, const jh_roster *roster, jh_arena *arena, jihe_error *err)
{
    struct census census = {0};
    int32_t from, to;
    jihe_status st = JIHE_OK;

    *out = (jh_jump){0};
    jh_jump_window(flag, last, &from, &to);
    for (size_t i = 0; st == JIHE_OK && i < history_count; i++) {
        const int32_t date = jh_snapshot_manifest(history[i])->date;

        if (date >= from && date <= to)
            st = add_tally(&census, flag, history[i], (uint32_t)(jh_days_month(date) - jh_days_month(from)), err);
    }
    if (st == JIHE_OK)
        st = judge_all(out, &census, flag, last, roster, arena, err);
    census_deinit(&census);
    return st;
}

bool jh_jump_is_flagged(const jh_jump *jump, const char *person, size_t len)
{
    const jh_jump_person key = {.person = person, .len = len};
    const jh_jump_person *found =
        jump->count == 0 ? NULL : bsearch(&key, jump->people, jump->count, sizeof *jump->people, order_people);

    return found != NULL && found->verdict == JH_JUMP_FLAGGED;
}
