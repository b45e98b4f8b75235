#include "sample/inclusion.h"

#include <stdlib.h>

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

/* The cohort whose standings these are. */
static void fill_cohort(jh_cohort *cohort, const jh_selection *selection, const jh_rule *const *rules,
                        const jh_standing *standings)
{
    jh_inclusion any = jh_inclusion_none(), random = jh_inclusion_none();

    for (size_t r = 0; r < selection->rule_count; r++) {
        if (standings[r].stratum == JH_NO_STRATUM)
            continue;
        const jh_stratum *stratum = &selection->rules[r].strata.strata[standings[r].stratum];

        cohort->weighed = cohort->weighed || selection->cohorts.digits[r].weighs;
        add_rule(&any, &random, rules[r], (double)stratum->quota / (double)stratum->documents);
    }
    cohort->p_any = jh_inclusion_union(&any);
    cohort->p_random = jh_inclusion_union(&random);
}

jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_cohorts *cohorts = &selection->cohorts;
    jh_standing *standings = calloc(cohorts->rules + 1, sizeof *standings);

    if (standings == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "inclusion probabilities");
    for (uint32_t t = 0; t < cohorts->table_count; t++)
        for (uint32_t c = 0; c < cohorts->tables[t].count; c++) {
            jh_cohort *cohort = &cohorts->tables[t].cohorts[c];

            jh_cohort_standings(cohorts, &cohorts->tables[t], cohort, standings);
            fill_cohort(cohort, selection, rules, standings);
        }
    free(standings);
    return JIHE_OK;
}
