#include "sample/inclusion.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void jh_inclusion_add(jh_inclusion *inclusion, double p, bool own_stream)
{
    if (own_stream)
        inclusion->own += p * (1.0 - inclusion->own); /* a first p comes through unrounded */
    else if (p > inclusion->shared)
        inclusion->shared = p;
}

static void add_rule(jh_inclusion *any, jh_inclusion *random, const jh_rule *rule, double p)
{
    const bool own = !jh_draw_is_shared(&rule->draw);

    if (p <= 0.0)
        return;
    jh_inclusion_add(any, p, own);
    if (jh_rule_is_random(rule))
        jh_inclusion_add(random, p, own);
}

double jh_inclusion_union(const jh_inclusion *inclusion)
{
    return inclusion->shared + inclusion->own * (1.0 - inclusion->shared);
}

void jh_inclusion_of(const jh_selection *selection, const jh_rule *const *rules, const jh_chance_reader *readers,
                     uint32_t row, double *p_any, double *p_random)
{
    jh_inclusion any = jh_inclusion_none(), random = jh_inclusion_none();

    for (size_t r = 0; r < selection->rule_count; r++)
        add_rule(&any, &random, rules[r], jh_chance_of(&readers[r], row));
    *p_any = jh_inclusion_union(&any);
    *p_random = jh_inclusion_union(&random);
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
        if ((cohorts->chance_count & (cohorts->chance_count - 1)) == 0) { /* room doubles when a power of two is full */
            double *chances = realloc(cohorts->chances, (cohorts->chance_count * (size_t)2 + 1) * sizeof *chances);

            if (chances == NULL)
                return false;
            cohorts->chances = chances;
        }
        cohorts->chances[cohorts->chance_count++] = chance;
        *found = cohorts->chance_count;
    }
    *place = (uint32_t)(*found - 1);
    return true;
}

/* The cohort whose standings these are. */
static bool fill_cohort(jh_cohort *cohort, jh_selection *selection, const jh_rule *const *rules,
                        const jh_standing *standings, jh_keymap *known)
{
    jh_inclusion any = jh_inclusion_none(), random = jh_inclusion_none();

    for (size_t r = 0; r < selection->rule_count; r++) {
        if (standings[r].stratum == JH_NO_STRATUM)
            continue;
        const jh_stratum *stratum = &selection->rules[r].strata.strata[standings[r].stratum];

        cohort->weighed = cohort->weighed || selection->cohorts.digits[r].weighs;
        add_rule(&any, &random, rules[r], (double)stratum->quota / (double)stratum->documents);
    }
    return place_chance(&selection->cohorts, known, jh_inclusion_union(&any), &cohort->any) &&
           place_chance(&selection->cohorts, known, jh_inclusion_union(&random), &cohort->random);
}

jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_cohorts *cohorts = &selection->cohorts;
    jh_standing *standings = calloc(cohorts->rules + 1, sizeof *standings);
    jh_keymap known = {0};
    bool ok = standings != NULL;

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
