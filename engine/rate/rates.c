#include "rate/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/days.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "rate/subjects.h"

enum key_kind { KEY_COLUMN, KEY_MONTH, KEY_RULE, KEY_CLAUSE, KEY_INSPECTOR };

static const char *const words[] = {"month", "rule", "clause",
                                    "inspector"}; /* in the order of key_kind from KEY_MONTH */

struct making {
    const jh_rate_query *query;
    enum key_kind kinds[JH_MAX_KEYS];
    bool by_rule, by_clause;
    const jh_subjects *subjects;
    jh_arena *arena;
    jh_rate *groups; /* malloc */
    size_t count, room;
    uint32_t *slots; /* open addressing by keys and basis: group + 1 */
    size_t slot_count;
};

static enum key_kind kind_of(const char *key)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(key, words[i]) == 0)
            return (enum key_kind)(KEY_MONTH + i);
    return KEY_COLUMN;
}

static const jh_attribute *attribute_of(const jh_inspection *inspection, const char *column)
{
    for (size_t i = 0; i < inspection->attribute_count; i++)
        if (strcmp(inspection->attributes[i].column, column) == 0)
            return &inspection->attributes[i];
    return NULL;
}

static jihe_status fail_key(const struct making *making, const char *key, jihe_error *err)
{
    const jh_inspection *sample = making->subjects->subjects[0].inspection;
    const char *names[sizeof words / sizeof words[0] + 256];
    size_t count = 0;

    for (; count < sizeof words / sizeof words[0]; count++)
        names[count] = words[count];
    for (size_t i = 0; i < sample->attribute_count && i < 256; i++)
        names[count++] = sample->attributes[i].column;
    const char *near = jh_text_nearest(key, names, count);

    return jh_fail(err, JIHE_USAGE, "'%s' is not a category column, nor one of month, rule, clause, inspector%s%s%s",
                   key, near == NULL ? "" : "; did you mean '", near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static jihe_status check_keys(struct making *making, jihe_error *err)
{
    for (size_t k = 0; k < making->query->key_count; k++) {
        const char *key = making->query->keys[k];
        bool known = making->subjects->count == 0;

        for (size_t i = 0; i < k; i++)
            if (strcmp(making->query->keys[i], key) == 0)
                return jh_fail(err, JIHE_USAGE, "the key '%s' is given twice", key);
        making->kinds[k] = kind_of(key);
        making->by_rule = making->by_rule || making->kinds[k] == KEY_RULE;
        making->by_clause = making->by_clause || making->kinds[k] == KEY_CLAUSE;
        for (size_t i = 0; making->kinds[k] == KEY_COLUMN && !known && i < making->subjects->count; i++)
            known = attribute_of(making->subjects->subjects[i].inspection, key) != NULL;
        if (making->kinds[k] == KEY_COLUMN && !known)
            return fail_key(making, key, err);
    }
    return JIHE_OK;
}

/* --- groups --- */

static uint64_t hash_keys(const struct making *making, const char *const *keys, jh_rate_basis basis)
{
    uint64_t hash = (uint64_t)basis;

    for (size_t k = 0; k < making->query->key_count; k++)
        hash = hash * UINT64_C(0x9E3779B97F4A7C15) + jh_hash64(keys[k], strlen(keys[k]));
    return hash ^ hash >> 32;
}

static bool same_keys(const struct making *making, const char *const *a, const char *const *b)
{
    for (size_t k = 0; k < making->query->key_count; k++)
        if (strcmp(a[k], b[k]) != 0)
            return false;
    return true;
}

static bool grow_groups(struct making *making)
{
    const size_t room = making->room == 0 ? 64 : making->room * 2;
    jh_rate *groups = realloc(making->groups, room * sizeof *groups);
    uint32_t *slots = calloc(room * 2, sizeof *slots);

    if (groups != NULL)
        making->groups = groups;
    if (groups == NULL || slots == NULL) {
        free(slots);
        return false;
    }
    free(making->slots);
    making->slots = slots;
    making->room = room;
    making->slot_count = room * 2;
    for (size_t g = 0; g < making->count; g++) {
        size_t at = hash_keys(making, groups[g].keys, groups[g].basis) & (making->slot_count - 1);

        while (slots[at] != 0)
            at = (at + 1) & (making->slot_count - 1);
        slots[at] = (uint32_t)g + 1;
    }
    return true;
}

/* The group of these keys, made when new (keys are copied). NULL: no memory. */
static jh_rate *group_of(struct making *making, const char *const *keys, jh_rate_basis basis)
{
    if (making->count == making->room && !grow_groups(making))
        return NULL;
    size_t at = hash_keys(making, keys, basis) & (making->slot_count - 1);

    for (; making->slots[at] != 0; at = (at + 1) & (making->slot_count - 1)) {
        jh_rate *known = &making->groups[making->slots[at] - 1];

        if (known->basis == basis && same_keys(making, known->keys, keys))
            return known;
    }
    const char **copies = JH_NEW(making->arena, const char *, making->query->key_count + 1);

    for (size_t k = 0; copies != NULL && k < making->query->key_count; k++)
        if ((copies[k] = jh_arena_text(making->arena, keys[k], strlen(keys[k]))) == NULL)
            return NULL;
    if (copies == NULL)
        return NULL;
    making->slots[at] = (uint32_t)++making->count;
    making->groups[making->count - 1] = (jh_rate){.keys = copies, .basis = basis};
    return &making->groups[making->count - 1];
}

/* --- adding --- */

struct view { /* how a document enters one group */
    const jh_subject *subject;
    const char *rule; /* "" unless grouped by rule */
    jh_rate_basis basis;
    double p;
};

/* A finding counts against a person only when it names that person, or nobody. */
static bool concerns(const struct making *making, const jh_inspection *inspection, const jh_finding *finding)
{
    for (size_t k = 0; k < making->query->key_count; k++) {
        const jh_attribute *attribute =
            making->kinds[k] == KEY_COLUMN ? attribute_of(inspection, making->query->keys[k]) : NULL;

        if (attribute != NULL && attribute->person && finding->responsible[0] != '\0' &&
            (attribute->value == NULL || strcmp(attribute->value, finding->responsible) != 0))
            return false;
    }
    return true;
}

static void errors_of(const struct making *making, const jh_inspection *inspection, const char *clause, bool errors[2])
{
    errors[0] = errors[1] = false;
    for (size_t i = 0; i < inspection->finding_count; i++) {
        const jh_finding *finding = &inspection->findings[i];

        if (concerns(making, inspection, finding) && (clause == NULL || strcmp(clause, finding->clause) == 0))
            errors[finding->class_ == JH_CLASS_IN_RULE ? 0 : 1] = true;
    }
}

static void fill_keys(const struct making *making, const struct view *view, const char *clause, char month[16],
                      const char **keys)
{
    const jh_inspection *inspection = view->subject->inspection;
    const jh_attribute *attribute;

    for (size_t k = 0; k < making->query->key_count; k++)
        switch (making->kinds[k]) {
        case KEY_MONTH:
            jh_days_month_text(jh_days_month(inspection->date), month);
            keys[k] = month;
            break;
        case KEY_RULE:
            keys[k] = view->rule;
            break;
        case KEY_CLAUSE:
            keys[k] = clause == NULL ? "" : clause;
            break;
        case KEY_INSPECTOR:
            keys[k] = inspection->inspector;
            break;
        case KEY_COLUMN:
            attribute = attribute_of(inspection, making->query->keys[k]);
            keys[k] = attribute == NULL || attribute->value == NULL ? "" : attribute->value;
            break;
        }
}

/* Grouped by clause, every document of the other keys is in the denominator: groups are first made without the clause
 * (pass 0, clause NULL), then each cited clause's errors are added to a group of its own (pass 1), which takes over the
 * denominator at the end. */
static bool add_view(struct making *making, const struct view *view, const char *clause)
{
    const char *keys[JH_MAX_KEYS];
    char month[16];
    bool errors[2];

    fill_keys(making, view, clause, month, keys);
    jh_rate *group = group_of(making, keys, view->basis);

    if (group == NULL)
        return false;
    errors_of(making, view->subject->inspection, clause, errors);
    jh_tally_add(&group->tally, view->p, errors[0], errors[1]);
    return true;
}

static bool add_clauses(struct making *making, const struct view *view)
{
    const jh_inspection *inspection = view->subject->inspection;

    for (size_t i = 0; i < inspection->finding_count; i++) {
        bool seen = inspection->findings[i].clause[0] == '\0';

        for (size_t j = 0; j < i && !seen; j++)
            seen = strcmp(inspection->findings[j].clause, inspection->findings[i].clause) == 0;
        if (!seen && !add_view(making, view, inspection->findings[i].clause))
            return false;
    }
    return true;
}

static bool enter(struct making *making, struct view view)
{
    if (view.p <= 0.0)
        return true;
    return add_view(making, &view, NULL) && (!making->by_clause || add_clauses(making, &view));
}

static bool add_subject(struct making *making, const jh_subject *subject)
{
    if (!making->by_rule)
        return (!subject->random || enter(making, (struct view){subject, "", JH_RATE_RANDOM, subject->p_random})) &&
               (!subject->targeted || enter(making, (struct view){subject, "", JH_RATE_TARGETED, 1.0}));
    for (size_t i = 0; i < subject->hit_count; i++) {
        const jh_subject_hit *hit = &subject->hits[i];

        if (!enter(making, (struct view){subject, making->subjects->rules[hit->rule],
                                         hit->random ? JH_RATE_RANDOM : JH_RATE_TARGETED, hit->random ? hit->p : 1.0}))
            return false;
    }
    return true;
}

/* --- finishing --- */

/* Gives each clause's group the denominator of its clause-free group. */
static bool spread_clauses(struct making *making)
{
    const char *keys[JH_MAX_KEYS];

    for (size_t g = 0; making->by_clause && g < making->count; g++) {
        bool cited = false;

        for (size_t k = 0; k < making->query->key_count; k++) {
            keys[k] = making->kinds[k] == KEY_CLAUSE ? "" : making->groups[g].keys[k];
            cited = cited || (making->kinds[k] == KEY_CLAUSE && making->groups[g].keys[k][0] != '\0');
        }
        if (!cited)
            continue;
        const jh_rate *whole = group_of(making, keys, making->groups[g].basis);

        if (whole == NULL)
            return false;
        jh_tally *tally = &making->groups[g].tally;

        tally->inspected = whole->tally.inspected;
        tally->weight = whole->tally.weight;
        tally->weight_squared = whole->tally.weight_squared;
        tally->smallest = whole->tally.smallest;
        tally->largest = whole->tally.largest;
    }
    return true;
}

static int order_rates(const void *a, const void *b, void *context)
{
    const struct making *making = context;
    const jh_rate *x = a, *y = b;

    for (size_t k = 0; k < making->query->key_count; k++) {
        const int order = strcmp(x->keys[k], y->keys[k]);

        if (order != 0)
            return order;
    }
    return (int)x->basis - (int)y->basis;
}

static jihe_status finish(jh_rates *out, struct making *making, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    out->rates = JH_NEW(making->arena, jh_rate, making->count + 1);
    if (out->rates == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "computing rates");
    if (making->count > 0)
        qsort_r(making->groups, making->count, sizeof *making->groups, order_rates, making);
    for (size_t g = 0; st == JIHE_OK && g < making->count; g++) {
        jh_rate *rate = &out->rates[out->count++];

        *rate = making->groups[g];
        rate->represents = rate->basis == JH_RATE_RANDOM ? rate->tally.weight : (double)rate->tally.inspected;
        if ((st = jh_tally_estimate(&rate->tally, 0, &rate->in_rule, err)) == JIHE_OK)
            st = jh_tally_estimate(&rate->tally, 1, &rate->out_of_rule, err);
    }
    return st;
}

static jihe_status make(jh_rates *out, struct making *making, jihe_error *err)
{
    const jh_subjects *subjects = making->subjects;
    const jihe_status st = check_keys(making, err);
    bool ok = true;

    if (st != JIHE_OK)
        return st;
    out->listed = subjects->listed;
    out->open = subjects->open;
    for (size_t i = 0; ok && i < subjects->count; i++) {
        out->inspected += subjects->subjects[i].hit_count > 0;
        ok = add_subject(making, &subjects->subjects[i]);
    }
    if (!ok || !spread_clauses(making))
        return jh_fail(err, JIHE_NO_MEMORY, "computing rates");
    return finish(out, making, err);
}

jihe_status jh_rates_group(jh_rates *out, const jh_subjects *subjects, const jh_rate_query *query, jh_arena *arena,
                           jihe_error *err)
{
    struct making making = {.query = query, .subjects = subjects, .arena = arena};

    *out = (jh_rates){0};
    if (query->key_count > JH_MAX_KEYS)
        return jh_fail(err, JIHE_USAGE, "%zu keys to group by; at most %d", query->key_count, JH_MAX_KEYS);
    const jihe_status st = make(out, &making, err);

    free(making.groups);
    free(making.slots);
    return st;
}

jihe_status jh_rates_make(jh_rates *out, jh_ledger *ledger, const jh_rate_query *query, jh_arena *arena,
                          jihe_error *err)
{
    jh_subjects subjects;
    jihe_status st = jh_subjects_make(&subjects, ledger, query->from, query->to, arena, err);

    if (st != JIHE_OK)
        return st;
    st = jh_rates_group(out, &subjects, query, arena, err);
    jh_subjects_deinit(&subjects);
    return st;
}
