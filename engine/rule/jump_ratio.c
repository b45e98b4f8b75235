#include "rule/flag_jump.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/text.h"
#include "rule/flag_groups.h"

enum { MAX_MONTHS = JH_JUMP_MAX_MONTHS + 1 }; /* of baseline, and the trigger month */

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

static jihe_status add_tally(struct census *census, const jh_jump *jump, const jh_snapshot *snapshot, uint32_t month,
                             jihe_error *err)
{
    const jh_schema *schema = jh_snapshot_schema(snapshot);
    const size_t column = jh_schema_find(schema, jump->person.name, strlen(jump->person.name));
    char date[16];
    jh_dict_view dict;
    jh_figures tally;
    jihe_status st;

    jh_days_text(jh_snapshot_manifest(snapshot)->date, date);
    if (column == SIZE_MAX)
        return jh_fail_at(err, JIHE_CONFIG, jump->person.place.source, jump->person.place.line,
                          jump->person.place.column, "flag: jump: the snapshot of %s has no column '%s'", date,
                          jump->person.name);
    if ((st = jh_snapshot_dict(snapshot, column, &dict, err)) != JIHE_OK)
        return st;
    if ((schema->columns[column].roles & JH_ROLE_PERSON) == 0)
        return jh_fail_at(
            err, JIHE_CONFIG, jump->person.place.source, jump->person.place.line, jump->person.place.column,
            "flag: jump: '%s' is not tallied in the snapshot of %s; give the column 'role: person' in jihe.yaml "
            "before its documents are ingested",
            jump->person.name, date);
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
static uint32_t baseline_of(const struct person *person, const jh_jump *jump, uint64_t months[MAX_MONTHS])
{
    uint32_t count = 0;
    bool active = false;

    for (uint32_t m = 0; m < jump->baseline_months; m++) {
        active = active || person->months[m] > 0;
        if (person->months[m] > 0 || (jump->absent_zero && active))
            months[count++] = person->months[m];
    }
    qsort(months, count, sizeof *months, order_u64);
    return count;
}

/* "post changed 2026-04-11" */
static const char *changed_text(int32_t day, jh_arena *arena)
{
    char text[64] = "post changed ";

    jh_days_text(day, text + strlen(text));
    return jh_arena_text(arena, text, strlen(text));
}

static jihe_status judge(jh_flag_group *out, const struct person *person, const jh_jump *jump,
                         const jh_flag_input *input, bool *gated, jihe_error *err)
{
    uint64_t months[MAX_MONTHS], twice;
    int32_t from, to, day;
    const uint32_t count = baseline_of(person, jump, months);
    char note[64];

    out->documents = person->months[jump->baseline_months];
    out->figures[JH_FLAG_OBSERVED] = (double)out->documents;
    snprintf(note, sizeof note, "median of %u month%s", count, count == 1 ? "" : "s");
    if ((out->note = jh_arena_text(input->arena, note, strlen(note))) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    if (count < jump->min_months || count == 0) {
        out->verdict = JH_FLAG_NOT_TESTED;
        out->reason = "too few months";
        return JIHE_OK;
    }
    twice = months[(count - 1) / 2] + months[count / 2]; /* the median, times two so that it is whole */
    out->figures[JH_FLAG_BASELINE] = out->figures[JH_FLAG_EXPECTED] = (double)twice / 2;
    out->figures[JH_FLAG_RATIO] = twice == 0 ? NAN : (double)out->documents / ((double)twice / 2);
    /* count > ratio * median, in whole numbers: 2 000 000 * count > ratio_ppm * (2 * median) */
    if (twice == 0 || (jh_u128)out->documents * 2000000u <= (jh_u128)jump->ratio_ppm * twice)
        return JIHE_OK;
    out->verdict = JH_FLAG_FLAGGED;
    jh_jump_window(jump, input->last, &from, &to);
    if (!jh_roster_change(input->roster, person->name, person->len, from, to, &day))
        return JIHE_OK;
    *gated = true;
    out->verdict = JH_FLAG_NOT_TESTED;
    out->reason = changed_text(day, input->arena);
    return out->reason == NULL ? jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes") : JIHE_OK;
}

static int order_groups(const void *a, const void *b)
{
    const jh_flag_group *x = a, *y = b;

    return jh_text_compare(x->label, x->label_len, y->label, y->label_len);
}

/* Everyone with documents in the trigger month. */
static jihe_status judge_all(jh_flag_result *out, const struct census *census, const jh_jump *jump,
                             const jh_flag_input *input, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    out->groups = JH_NEW(input->arena, jh_flag_group, census->count + 1);
    if (out->groups == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    for (size_t i = 0; st == JIHE_OK && i < census->count; i++) {
        const struct person *person = &census->people[i];
        jh_flag_group *group = &out->groups[out->count];
        bool gated = false;

        if (person->months[jump->baseline_months] == 0)
            continue;
        out->count++;
        *group = (jh_flag_group){.label = jh_arena_text(input->arena, person->name, person->len),
                                 .label_len = person->len,
                                 .reason = "",
                                 .figures = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
        st = group->label == NULL ? jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes")
                                  : judge(group, person, jump, input, &gated, err);
        out->flagged += group->verdict == JH_FLAG_FLAGGED;
        out->gated += gated;
    }
    qsort(out->groups, out->count, sizeof *out->groups, order_groups);
    return st;
}

static jihe_status keep(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err)
{
    jh_flag_value *values = JH_NEW(input->arena, jh_flag_value, out->count + 1);
    const jh_flag_by by = {.columns = {jump->person.name}, .column_count = 1, .values = values};

    if (values == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
    for (size_t g = 0; g < out->count; g++)
        values[g] = (jh_flag_value){out->groups[g].label, out->groups[g].label_len};
    return jh_flag_keep_groups(out, input, &by, err);
}

jihe_status jh_jump_ratio(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err)
{
    struct census census = {0};
    int32_t from, to;
    jihe_status st = JIHE_OK;

    jh_jump_window(jump, input->last, &from, &to);
    for (size_t i = 0; st == JIHE_OK && i < input->history_count; i++) {
        const int32_t date = jh_snapshot_manifest(input->history[i])->date;

        if (date >= from && date <= to)
            st =
                add_tally(&census, jump, input->history[i], (uint32_t)(jh_days_month(date) - jh_days_month(from)), err);
    }
    if (st == JIHE_OK && (st = judge_all(out, &census, jump, input, err)) == JIHE_OK)
        st = keep(out, input, jump, err);
    census_deinit(&census);
    return st;
}
