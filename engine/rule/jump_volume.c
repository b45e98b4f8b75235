#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/days.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "rule/flag_groups.h"
#include "rule/jump_census.h"
#include "stats/robust.h"
#include "stats/volume_exposure.h"

/* The sound test of volumes (section 3 of the project's statistics): from the census to people with days present, gated
 * by roster and notes, tested together, ranked by the lower limit of their ratio. */

enum {
    MIN_DAYS = 5,       /* present in the trigger window */
    MIN_DOCUMENTS = 20, /* of all types, for a mix; of any baseline */
    MOST_Z = 1000       /* more is said of no distance: the baseline hardly moved */
};
static const uint64_t day = 1000000, document = 1000; /* one of them as an exposure */
static const uint64_t largest_count = 1000000000, largest_exposure = UINT64_C(1) << 40;

/* A person, or a person and a document type. */
struct subject {
    const char *name, *type; /* type: NULL without */
    size_t name_len, type_len;
    uint32_t person, row; /* numbers in the census: the person, and what is counted */
    jh_gate_answer gate;
    const char *reason; /* of its own for not testing; NULL none */
    double low, high, z;
};

struct family {
    const jh_jump *jump;
    const jh_flag_input *input;
    const jh_gate *gate;
    jh_census census;
    const jh_census_table *counted; /* people or pairs */
    size_t periods;
    struct subject *subjects; /* in order of type, then name */
    jh_volume_history *histories;
    jh_volume_member *members;
    jh_volume_result *results;
    size_t count;
    double unit;  /* AMOUNT: what one count is worth, in major units */
    double minor; /* and one of the minor unit */
};

static jihe_status no_memory(jihe_error *err)
{
    return jh_fail(err, JIHE_NO_MEMORY, "judging people's volumes");
}

/* --- whose documents are whose --- */

struct aliases {
    jh_census_alias *list;
    size_t count, room;
};

static bool add_alias(struct aliases *aliases, const char *id, const char *counts_for, int32_t until, jh_arena *arena)
{
    jh_census_alias *list = jh_arena_list(arena, aliases->list, aliases->count, &aliases->room, sizeof *aliases->list);

    if (list == NULL)
        return false;
    aliases->list = list;
    list[aliases->count++] = (jh_census_alias){id, counts_for, until};
    return true;
}

static bool add_aliases(struct aliases *aliases, const jh_gate *gate, const char *person, jh_arena *arena)
{
    jh_gate_answer answer;
    bool made = true;

    jh_gate_ask(&answer, gate, person, strlen(person));
    if (answer.verdict != JH_VOLUME_NORMAL)
        return true;
    if (answer.partner != NULL)
        made = add_alias(aliases, answer.partner, person, INT32_MAX, arena);
    for (size_t i = 0; made && i < answer.former_count; i++)
        made = add_alias(aliases, answer.former[i].id, person, answer.former[i].until, arena);
    return made;
}

static int order_aliases(const void *a, const void *b)
{
    const jh_census_alias *x = a, *y = b;
    const int order = strcmp(x->id, y->id);

    return order != 0 ? order : strcmp(x->counts_for, y->counts_for);
}

/* Everybody of whom something is written beside posts is asked for. */
static jihe_status find_aliases(struct aliases *out, const struct family *family, jihe_error *err)
{
    const jh_roster *roster = family->input->roster;
    size_t kept = 0;

    for (size_t i = 0; i < roster->spell_count; i++)
        if (!add_aliases(out, family->gate, roster->spells[i].person, family->input->arena) ||
            (roster->spells[i].other[0] != '\0' &&
             !add_aliases(out, family->gate, roster->spells[i].other, family->input->arena)))
            return no_memory(err);
    if (out->count > 0)
        qsort(out->list, out->count, sizeof *out->list, order_aliases);
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || strcmp(out->list[kept - 1].id, out->list[i].id) != 0)
            out->list[kept++] = out->list[i];
    out->count = kept;
    return JIHE_OK;
}

static jihe_status take_census(struct family *family, jihe_error *err)
{
    const jh_flag_input *input = family->input;
    const jh_calendar *calendar = input->facts == NULL ? NULL : input->facts->calendar;
    jh_census_terms terms = {.jump = family->jump,
                             .windows = jh_jump_windows_of(family->jump, input->last),
                             .calendar = calendar,
                             .threads = input->threads};
    struct aliases aliases = {0};
    jihe_status st;

    if ((st = jh_gate_make(&family->gate, input->roster, calendar, &terms.windows, input->arena, err)) != JIHE_OK ||
        (st = find_aliases(&aliases, family, err)) != JIHE_OK)
        return st;
    terms.aliases = aliases.list;
    terms.alias_count = aliases.count;
    family->periods = family->jump->baseline_months + (size_t)1;
    return jh_census_take(&family->census, &terms, input->history, input->history_count, err);
}

/* --- subjects --- */

static int order_subjects(const void *a, const void *b)
{
    const struct subject *x = a, *y = b;
    const int order = x->type == NULL ? 0 : jh_text_compare(x->type, x->type_len, y->type, y->type_len);

    return order != 0 ? order : jh_text_compare(x->name, x->name_len, y->name, y->name_len);
}

/* A copy that lives as long as the result. */
static const char *keep_name(const jh_dict *names, uint32_t number, size_t *len, jh_arena *arena)
{
    uint32_t there;
    const char *name = jh_dict_text(names, number, &there);

    *len = there;
    return jh_arena_text(arena, name, there);
}

static jihe_status find_subjects(struct family *family, jihe_error *err)
{
    jh_arena *arena = family->input->arena;
    const bool pairs = family->jump->type.name != NULL;

    family->counted = pairs ? &family->census.pairs : &family->census.people;
    family->count = family->counted->names.count;
    family->subjects = JH_NEW(arena, struct subject, family->count + 1);
    if (family->subjects == NULL)
        return no_memory(err);
    for (uint32_t i = 0; i < family->count; i++) {
        struct subject *subject = &family->subjects[i];
        uint32_t key[2] = {i}, len;

        if (pairs)
            memcpy(key, jh_dict_text(&family->counted->names, i, &len), sizeof key);
        *subject = (struct subject){.person = key[0], .row = i, .low = NAN, .high = NAN, .z = NAN};
        subject->name = keep_name(&family->census.people.names, key[0], &subject->name_len, arena);
        if (pairs)
            subject->type = keep_name(&family->census.types, key[1], &subject->type_len, arena);
        if (subject->name == NULL || (pairs && subject->type == NULL))
            return no_memory(err);
        jh_gate_ask(&subject->gate, family->gate, subject->name, subject->name_len);
    }
    qsort(family->subjects, family->count, sizeof *family->subjects, order_subjects);
    return JIHE_OK;
}

/* --- what they are tested by --- */

static jh_i128 sum_at(const struct family *family, const struct subject *subject, size_t period)
{
    return family->counted->sums[period * family->counted->room + subject->row];
}

/* AMOUNT: minor units per count: the mean document of the baseline, of everybody together. */
static jh_i128 unit_of(const struct family *family)
{
    jh_i128 sum = 0;
    uint64_t documents = 0;

    for (size_t i = 0; i < family->count; i++)
        for (size_t t = 0; t + 1 < family->periods; t++) {
            sum += sum_at(family, &family->subjects[i], t);
            documents += jh_census_documents(family->counted, t, family->subjects[i].row);
        }
    return documents == 0 || sum < (jh_i128)documents ? 1 : sum / (jh_i128)documents;
}

static uint64_t count_at(const struct family *family, struct subject *subject, size_t period, jh_i128 unit)
{
    uint64_t count;

    if (family->jump->of != JH_JUMP_AMOUNT)
        count = jh_census_documents(family->counted, period, subject->row);
    else {
        const jh_i128 sum = sum_at(family, subject, period);

        if (sum < 0)
            subject->reason = "amounts below zero";
        const jh_i128 units = sum <= 0 ? 0 : (sum + unit / 2) / unit;

        count = units > (jh_i128)largest_count ? largest_count : (uint64_t)units;
    }
    return count < largest_count ? count : largest_count;
}

static uint64_t present_at(const struct family *family, const struct subject *subject, size_t period)
{
    const jh_census_table *people = &family->census.people;
    const size_t at = period * people->room + subject->person;
    const uint64_t exposure =
        family->jump->of == JH_JUMP_MIX ? people->documents[at] * document : people->days[at] * day;

    return exposure < largest_exposure ? exposure : largest_exposure;
}

static uint32_t scale_of(const struct family *family)
{
    const jh_flag_input *input = family->input;

    for (size_t i = input->history_count; i > 0; i--) {
        const jh_schema *schema = jh_snapshot_schema(input->history[i - 1]);
        const size_t column = jh_schema_find(schema, family->jump->amount.name, strlen(family->jump->amount.name));

        if (column != SIZE_MAX)
            return schema->columns[column].money.scale;
    }
    return 0;
}

/* Known before the test: nobody's peer. Who is new begins slowly, and would make everybody's month look busy. */
static jh_volume_verdict gate_of(const struct subject *subject, const uint64_t *present, size_t months,
                                 const jh_jump *jump)
{
    uint32_t with = 0;

    if (subject->gate.verdict != JH_VOLUME_NORMAL)
        return subject->gate.verdict;
    if (subject->reason != NULL)
        return JH_VOLUME_IMPORTED;
    for (size_t t = 0; t < months; t++)
        with += present[t] > 0;
    return with < jump->min_months ? JH_VOLUME_SHORT_BASELINE : JH_VOLUME_NORMAL;
}

static jihe_status make_histories(struct family *family, jihe_error *err)
{
    jh_arena *arena = family->input->arena;
    const bool amounts = family->jump->of == JH_JUMP_AMOUNT;
    const jh_i128 unit = amounts ? unit_of(family) : 1;

    family->minor = amounts ? pow(10, -(double)scale_of(family)) : 1;
    family->unit = (double)unit * family->minor;
    family->histories = JH_NEW(arena, jh_volume_history, family->count + 1);
    family->members = JH_NEW(arena, jh_volume_member, family->count + 1);
    family->results = JH_NEW(arena, jh_volume_result, family->count + 1);
    if (family->histories == NULL || family->members == NULL || family->results == NULL)
        return no_memory(err);
    for (size_t i = 0; i < family->count; i++) {
        struct subject *subject = &family->subjects[i];
        uint64_t *counts = JH_NEW(arena, uint64_t, family->periods),
                 *present = JH_NEW(arena, uint64_t, family->periods);

        if (counts == NULL || present == NULL)
            return no_memory(err);
        for (size_t t = 0; t < family->periods; t++) {
            counts[t] = count_at(family, subject, t, unit);
            present[t] = present_at(family, subject, t);
        }
        family->histories[i] = (jh_volume_history){
            .counts = counts, .present = present, .gate = gate_of(subject, present, family->periods - 1, family->jump)};
    }
    return JIHE_OK;
}

static bool same_type(const struct subject *a, const struct subject *b)
{
    return a->type == NULL || jh_text_compare(a->type, a->type_len, b->type, b->type_len) == 0;
}

/* Peers are those of the same type; the family is everybody. */
static jihe_status test(struct family *family, jihe_error *err)
{
    const uint64_t least = family->jump->of == JH_JUMP_MIX ? MIN_DOCUMENTS * document : MIN_DAYS * day;
    jh_volume_terms terms = jh_volume_terms_usual();
    jh_volume_family found;
    jihe_status st = JIHE_OK;

    terms.direction = family->jump->direction;
    terms.ratio_ppm = family->jump->acceptable_ppm;
    terms.min_ratio_ppm = (uint32_t)family->jump->ratio_ppm;
    terms.q_ppm = family->jump->fdr_ppm;
    terms.min_periods = family->jump->min_months;
    for (size_t from = 0, to; st == JIHE_OK && from < family->count; from = to) {
        for (to = from + 1; to < family->count && same_type(&family->subjects[from], &family->subjects[to]);)
            to++;
        st = jh_volume_members_make(family->members + from, family->histories + from, to - from, family->periods, least,
                                    family->input->arena, err);
    }
    if (st != JIHE_OK)
        return st;
    return jh_volume_family_test(&found, family->results, family->members, family->count, &terms, family->input->arena,
                                 err);
}

/* --- what is shown beside the test --- */

enum { CHUNK = 256 };

static jihe_status measure(struct subject *subject, const jh_volume_member *member, const jh_volume_result *result,
                           jh_arena *arena, jihe_error *err)
{
    const jh_volume_person *person = &member->person;
    double *rates = JH_NEW(arena, double, person->periods + 1);
    jh_volume_baseline baseline;
    jh_robust robust;
    jihe_status st;

    if (rates == NULL)
        return no_memory(err);
    for (size_t t = 0; t < person->periods; t++)
        rates[t] = (double)person->counts[t] / (double)person->exposures[t];
    if ((st = jh_volume_baseline_make(&baseline, person, err)) != JIHE_OK ||
        (st = jh_volume_limits(&subject->low, &subject->high, &baseline, person, result->phi, 0.95, err)) != JIHE_OK ||
        (st = jh_robust_make(&robust, rates, person->periods, arena, err)) != JIHE_OK)
        return st;
    subject->z = jh_robust_z(&robust, (double)person->count / (double)person->exposure);
    return JIHE_OK;
}

static bool is_tested(const jh_volume_result *result)
{
    return result->verdict == JH_VOLUME_NORMAL || result->verdict == JH_VOLUME_FLAGGED;
}

static jihe_status measure_chunk(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    struct family *family = context;
    const size_t from = (size_t)index * CHUNK, to = from + CHUNK < family->count ? from + CHUNK : family->count;
    jihe_status st = JIHE_OK;
    jh_arena arena;

    (void)worker;
    jh_arena_init(&arena, 0);
    for (size_t i = from; st == JIHE_OK && i < to; i++)
        if (is_tested(&family->results[i]))
            st = measure(&family->subjects[i], &family->members[i], &family->results[i], &arena, err);
    jh_arena_deinit(&arena);
    return st;
}

/* --- groups --- */

static const char *reason_of(const struct family *family, size_t i)
{
    const struct subject *subject = &family->subjects[i];
    const jh_volume_person *person = &family->members[i].person;
    jh_arena *arena = family->input->arena;
    uint64_t baseline = 0;
    char text[256], since[16];

    if (subject->gate.verdict != JH_VOLUME_NORMAL) {
        jh_gate_reason_text(&subject->gate, text, sizeof text - sizeof since);
        jh_days_text(subject->gate.day, since);
        const size_t len = strlen(text);

        snprintf(text + len, sizeof text - len, " %s", since);
        return jh_arena_text(arena, text, strlen(text));
    }
    for (size_t t = 0; t < person->periods; t++)
        baseline += person->counts[t];
    switch (family->results[i].verdict) {
    case JH_VOLUME_SHORT_BASELINE:
        snprintf(text, sizeof text, "too few months: %zu of %" PRIu32, person->periods, family->jump->min_months);
        break;
    case JH_VOLUME_SMALL_BASELINE:
        snprintf(text, sizeof text, "too few documents in the baseline: %" PRIu64 " of %d", baseline, MIN_DOCUMENTS);
        break;
    case JH_VOLUME_ABSENT:
        snprintf(text, sizeof text,
                 family->jump->of == JH_JUMP_MIX ? "fewer than %d documents" : "present fewer than %d working days",
                 family->jump->of == JH_JUMP_MIX ? MIN_DOCUMENTS : MIN_DAYS);
        break;
    default:
        snprintf(text, sizeof text, "%s", subject->reason == NULL ? "" : subject->reason);
    }
    return jh_arena_text(arena, text, strlen(text));
}

/* "6 months with 124 days; robust z 12.3; with 李娜" */
static const char *note_of(const struct family *family, size_t i)
{
    const struct subject *subject = &family->subjects[i];
    const size_t months = family->members[i].person.periods;
    jh_buf note = {0};
    uint64_t days = 0;

    for (size_t t = 0; t + 1 < family->periods; t++)
        days += family->census.people.days[t * family->census.people.room + subject->person];
    if (months > 0)
        jh_buf_printf(&note, "%zu month%s with %" PRIu64 " days", months, months == 1 ? "" : "s", days);
    if (fabs(subject->z) >= MOST_Z)
        jh_buf_printf(&note, "; robust z beyond %s%d", subject->z < 0 ? "-" : "", MOST_Z);
    else if (!isnan(subject->z))
        jh_buf_printf(&note, "; robust z %.1f", subject->z);
    if (subject->gate.verdict == JH_VOLUME_NORMAL && subject->gate.partner != NULL)
        jh_buf_printf(&note, "; with %s", subject->gate.partner);
    for (size_t f = 0; subject->gate.verdict == JH_VOLUME_NORMAL && f < subject->gate.former_count; f++)
        jh_buf_printf(&note, "; before as %s", subject->gate.former[f].id);
    const char *text = note.failed ? NULL : jh_arena_text(family->input->arena, jh_buf_text(&note), note.len);

    jh_buf_deinit(&note);
    return text;
}

static const char *label_of(const struct subject *subject, size_t *len, jh_arena *arena)
{
    jh_buf label = {0};

    *len = subject->name_len;
    if (subject->type == NULL)
        return subject->name;
    jh_buf_put(&label, subject->name, subject->name_len);
    jh_buf_puts(&label, " / ");
    jh_buf_put(&label, subject->type, subject->type_len);
    const char *text = label.failed ? NULL : jh_arena_text(arena, (const char *)label.bytes, label.len);

    *len = label.len;
    jh_buf_deinit(&label);
    return text;
}

/* Documents, or the amount in major units, of a period. */
static double volume_at(const struct family *family, size_t i, size_t period)
{
    const struct subject *subject = &family->subjects[i];

    return family->jump->of == JH_JUMP_AMOUNT ? (double)sum_at(family, subject, period) * family->minor
                                              : (double)family->histories[i].counts[period];
}

static void fill_figures(jh_flag_group *out, const struct family *family, size_t i)
{
    const struct subject *subject = &family->subjects[i];
    const jh_volume_result *result = &family->results[i];
    const size_t months = family->members[i].person.periods;
    const double values[JH_FLAG_FIGURES] = {[JH_FLAG_EXPECTED] = result->expected * family->unit,
                                            [JH_FLAG_RATIO] = result->ratio,
                                            [JH_FLAG_RATIO_LOW] = subject->low,
                                            [JH_FLAG_RATIO_HIGH] = subject->high,
                                            [JH_FLAG_P] = result->p,
                                            [JH_FLAG_P_ADJUSTED] = result->adjusted};
    double baseline = 0;

    memcpy(out->figures, values, sizeof values);
    for (size_t t = 0; t + 1 < family->periods; t++)
        baseline += family->histories[i].present[t] > 0 ? volume_at(family, i, t) : 0;
    out->figures[JH_FLAG_BASELINE] = months == 0 ? NAN : baseline / (double)months;
    out->figures[JH_FLAG_OBSERVED] = volume_at(family, i, family->periods - 1);
}

static jihe_status make_group(jh_flag_group *out, const struct family *family, size_t i, jihe_error *err)
{
    const jh_volume_verdict verdict = family->results[i].verdict;

    *out = (jh_flag_group){.verdict = verdict == JH_VOLUME_NORMAL    ? JH_FLAG_NORMAL
                                      : verdict == JH_VOLUME_FLAGGED ? JH_FLAG_FLAGGED
                                                                     : JH_FLAG_NOT_TESTED,
                           .reason = is_tested(&family->results[i]) ? "" : reason_of(family, i),
                           .note = note_of(family, i),
                           .documents =
                               jh_census_documents(family->counted, family->periods - 1, family->subjects[i].row)};
    out->label = label_of(&family->subjects[i], &out->label_len, family->input->arena);
    fill_figures(out, family, i);
    return out->label == NULL || out->reason == NULL || out->note == NULL ? no_memory(err) : JIHE_OK;
}

/* --- the order: who stands out most, then the others tested, then who was not --- */

struct ranked {
    size_t subject;
    int rank;
    double key;
    jh_flag_group group;
};

static int order_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return jh_text_compare(x->group.label, x->group.label_len, y->group.label, y->group.label_len);
}

static void rank(struct ranked *out, const struct family *family)
{
    const bool down = family->jump->direction == JH_VOLUME_DOWN;
    const double limit = out->group.figures[down ? JH_FLAG_RATIO_HIGH : JH_FLAG_RATIO_LOW];

    out->rank = out->group.verdict == JH_FLAG_FLAGGED ? 0 : out->group.verdict == JH_FLAG_NORMAL ? 1 : 2;
    out->key = isnan(limit) ? 0 : down ? -limit : limit;
}

/* Who has nothing in the trigger window and cannot be tested is not there. */
static bool is_listed(const struct family *family, size_t i)
{
    return is_tested(&family->results[i]) || family->jump->direction == JH_VOLUME_DOWN ||
           jh_census_documents(family->counted, family->periods - 1, family->subjects[i].row) > 0;
}

/* The values of the documents of flagged groups: also those of a partner and of earlier ids. */
struct values {
    jh_flag_value *list;
    uint32_t *groups;
    size_t count, columns;
};

static void add_values(struct values *values, uint32_t group, const char *name, size_t len,
                       const struct subject *subject)
{
    jh_flag_value *at = &values->list[values->count * values->columns];

    at[0] = (jh_flag_value){name, len};
    if (subject->type != NULL)
        at[1] = (jh_flag_value){subject->type, subject->type_len};
    values->groups[values->count++] = group;
}

static void add_subject(struct values *values, uint32_t group, const struct subject *subject)
{
    const jh_gate_answer *gate = &subject->gate;

    add_values(values, group, subject->name, subject->name_len, subject);
    if (gate->partner != NULL)
        add_values(values, group, gate->partner, strlen(gate->partner), subject);
    for (size_t f = 0; f < gate->former_count; f++)
        add_values(values, group, gate->former[f].id, strlen(gate->former[f].id), subject);
}

static jihe_status keep(jh_flag_result *out, const struct family *family, const struct ranked *ranked, jihe_error *err)
{
    jh_arena *arena = family->input->arena;
    struct values values = {.columns = family->jump->type.name != NULL ? 2 : 1};
    const char *type = NULL;
    size_t room = 1;

    for (size_t g = 0; g < out->flagged; g++) /* they come first */
        room += 2 + family->subjects[ranked[g].subject].gate.former_count;
    values.list = JH_NEW(arena, jh_flag_value, room * values.columns);
    values.groups = JH_NEW(arena, uint32_t, room);
    if (values.list == NULL || values.groups == NULL)
        return no_memory(err);
    for (uint32_t g = 0; g < out->flagged; g++)
        add_subject(&values, g, &family->subjects[ranked[g].subject]);
    if (family->jump->type.name != NULL && family->input->pass->part_count > 0) {
        const jh_schema *schema = jh_snapshot_schema(family->input->pass->parts[family->input->pass->part_count - 1]);
        const size_t column = jh_schema_role(schema, JH_ROLE_TYPE);

        type = column == SIZE_MAX ? "" : schema->columns[column].name;
    }
    const jh_flag_by by = {.columns = {family->jump->person.name, type},
                           .column_count = values.columns,
                           .values = values.list,
                           .groups = values.groups,
                           .count = values.count};

    return jh_flag_keep_groups(out, family->input, &by, err);
}

static jihe_status report(jh_flag_result *out, const struct family *family, jihe_error *err)
{
    jh_arena *arena = family->input->arena;
    struct ranked *ranked = calloc(family->count + 1, sizeof *ranked);
    jihe_status st = JIHE_OK;

    out->groups = JH_NEW(arena, jh_flag_group, family->count + 1);
    if (ranked == NULL || out->groups == NULL)
        st = no_memory(err);
    for (size_t i = 0; st == JIHE_OK && i < family->count; i++) {
        struct ranked *next = &ranked[out->count];

        if (!is_listed(family, i))
            continue;
        out->count++;
        next->subject = i;
        st = make_group(&next->group, family, i, err);
        rank(next, family);
        out->flagged += next->group.verdict == JH_FLAG_FLAGGED;
        out->gated += family->subjects[i].gate.verdict != JH_VOLUME_NORMAL;
    }
    if (st == JIHE_OK) {
        qsort(ranked, out->count, sizeof *ranked, order_ranked);
        for (size_t g = 0; g < out->count; g++)
            out->groups[g] = ranked[g].group;
        st = keep(out, family, ranked, err);
    }
    free(ranked);
    return st;
}

jihe_status jh_jump_volume(jh_flag_result *out, const jh_flag_input *input, const jh_jump *jump, jihe_error *err)
{
    struct family family = {.jump = jump, .input = input};
    jihe_status st;

    if ((st = take_census(&family, err)) == JIHE_OK && (st = find_subjects(&family, err)) == JIHE_OK &&
        (st = make_histories(&family, err)) == JIHE_OK && (st = test(&family, err)) == JIHE_OK &&
        (st = jh_parallel(input->threads, (family.count + CHUNK - 1) / CHUNK, measure_chunk, &family, err)) == JIHE_OK)
        st = report(out, &family, err);
    jh_census_deinit(&family.census);
    return st;
}
