#include "sample/cohort_chances.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static void add_rule(jh_cohort_base *base, const jh_rule *rule, double p)
{
    const bool own = !jh_draw_is_shared(&rule->draw);

    if (p <= 0.0)
        return;
    jh_inclusion_add(&base->any, p, own);
    if (jh_rule_is_random(rule))
        jh_inclusion_add(&base->random, p, own);
}

/* The largest of shared chances does not ask for an order, so that rules that weigh can be added last. Own streams are
 * multiplied in the order of the rules: the bytes of a run depend on it. */
void jh_cohort_chances_of(const jh_selection *selection, const jh_rule *const *rules, const jh_chance_reader *readers,
                          const jh_cohort *cohort, uint32_t row, double *p_any, double *p_random)
{
    const jh_cohorts *cohorts = &selection->cohorts;
    jh_cohort_base base = cohorts->in_order ? (jh_cohort_base){0} : cohorts->bases[cohort->any];

    for (size_t i = 0; !cohorts->in_order && i < cohorts->weighing_count; i++)
        add_rule(&base, rules[cohorts->weighing[i]], jh_chance_of(&readers[cohorts->weighing[i]], row));
    for (size_t r = 0; cohorts->in_order && r < selection->rule_count; r++)
        add_rule(&base, rules[r], jh_chance_of(&readers[r], row));
    *p_any = jh_inclusion_union(&base.any);
    *p_random = jh_inclusion_union(&base.random);
}

/* Room for one more item in a list whose room doubles when a power of two is full. NULL: no memory. */
static void *room_for(void *list, uint32_t count, size_t size)
{
    return (count & (count - 1)) == 0 ? realloc(list, (count * (size_t)2 + 1) * size) : list;
}

/* The place of a chance among those of all cohorts, a new one where it comes first. False: no memory. */
static bool place_chance(jh_cohorts *cohorts, jh_keymap *known, double chance, uint32_t *place)
{
    uint64_t key;

    memcpy(&key, &chance, sizeof key);
    uint64_t *found = jh_keymap_at(known, key);

    if (found == NULL)
        return false;
    if (*found == 0) {
        double *chances = room_for(cohorts->chances, cohorts->chance_count, sizeof *chances);

        if (chances == NULL)
            return false;
        cohorts->chances = chances;
        cohorts->chances[cohorts->chance_count++] = chance;
        *found = cohorts->chance_count;
    }
    *place = (uint32_t)(*found - 1);
    return true;
}

static bool place_base(jh_cohorts *cohorts, const jh_cohort_base *base, uint32_t *place)
{
    jh_cohort_base *bases = room_for(cohorts->bases, cohorts->base_count, sizeof *bases);

    if (bases == NULL)
        return false;
    cohorts->bases = bases;
    *place = cohorts->base_count;
    cohorts->bases[cohorts->base_count++] = *base;
    return true;
}

/* The cohort whose standings these are. */
static bool fill_cohort(jh_cohort *cohort, jh_selection *selection, const jh_rule *const *rules,
                        const jh_standing *standings, jh_keymap *known)
{
    jh_cohorts *cohorts = &selection->cohorts;
    jh_cohort_base base = {0};

    for (size_t r = 0; r < selection->rule_count; r++) {
        if (standings[r].stratum == JH_NO_STRATUM)
            continue;
        const jh_stratum *stratum = &selection->rules[r].strata.strata[standings[r].stratum];

        if (cohorts->digits[r].weighs)
            cohort->weighed = true;
        else
            add_rule(&base, rules[r], (double)stratum->quota / (double)stratum->documents);
    }
    if (cohort->weighed)
        return place_base(cohorts, &base, &cohort->any);
    return place_chance(cohorts, known, jh_inclusion_union(&base.any), &cohort->any) &&
           place_chance(cohorts, known, jh_inclusion_union(&base.random), &cohort->random);
}

/* Which rules weigh, and whether they can be added last. */
static bool find_weighing(jh_cohorts *cohorts, const jh_rule *const *rules)
{
    cohorts->weighing = calloc(cohorts->rules + 1, sizeof *cohorts->weighing);
    for (size_t r = 0; cohorts->weighing != NULL && r < cohorts->rules; r++)
        if (cohorts->digits[r].weighs) {
            cohorts->weighing[cohorts->weighing_count++] = (uint32_t)r;
            cohorts->in_order = cohorts->in_order || !jh_draw_is_shared(&rules[r]->draw);
        }
    return cohorts->weighing != NULL;
}

jihe_status jh_cohort_chances_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_cohorts *cohorts = &selection->cohorts;
    jh_standing *standings = calloc(cohorts->rules + 1, sizeof *standings);
    jh_keymap known = {0};
    bool ok = standings != NULL && find_weighing(cohorts, rules);

    for (uint32_t t = 0; t < cohorts->table_count; t++)
        for (uint32_t c = 0; ok && c < cohorts->tables[t].count; c++) {
            jh_cohort *cohort = &cohorts->tables[t].cohorts[c];

            jh_cohort_standings(cohorts, &cohorts->tables[t], cohort, standings);
            ok = fill_cohort(cohort, selection, rules, standings, &known);
        }
    jh_keymap_deinit(&known);
    free(standings);
    return ok ? JIHE_OK : jh_fail(err, JIHE_NO_MEMORY, "inclusion probabilities");
}
