#include "sample/inclusion.h"

#include <stdlib.h>

#include "base/error.h"
#include "sample/chance.h"

void jh_inclusion_add(jh_inclusion *inclusion, double p, bool own_stream)
{
    if (own_stream)
        inclusion->own += p * (1.0 - inclusion->own); /* a first p comes through unrounded */
    else if (p > inclusion->shared)
        inclusion->shared = p;
}

double jh_inclusion_union(const jh_inclusion *inclusion)
{
    return inclusion->shared + inclusion->own * (1.0 - inclusion->shared);
}

static jihe_status readers_for(const jh_selection *selection, const jh_rule *const *rules, uint64_t segment,
                               jh_chance_reader *readers, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++)
        st = jh_chance_read(&readers[r], selection, rules[r], r, segment, err);
    return st;
}

static void fill_document(const jh_selection *selection, const jh_rule *const *rules, const jh_chance_reader *readers,
                          jh_selected *document)
{
    jh_inclusion any = jh_inclusion_none(), random = jh_inclusion_none();

    for (size_t r = 0; r < selection->rule_count; r++) {
        const double p = jh_chance_of(&readers[r], document->row);
        const bool own = !jh_draw_is_shared(&rules[r]->draw);

        if (p <= 0.0)
            continue;
        jh_inclusion_add(&any, p, own);
        if (jh_rule_is_random(rules[r]))
            jh_inclusion_add(&random, p, own);
    }
    document->p_any = jh_inclusion_union(&any);
    document->p_random = jh_inclusion_union(&random);
}

jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_chance_reader *readers = calloc(selection->rule_count + 1, sizeof *readers);
    uint64_t segment = UINT64_MAX;
    jihe_status st = JIHE_OK;

    if (readers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "inclusion probabilities");
    for (size_t i = 0; st == JIHE_OK && i < selection->document_count; i++) {
        jh_selected *document = &selection->documents[i];

        if (document->segment != segment &&
            (st = readers_for(selection, rules, document->segment, readers, err)) != JIHE_OK)
            break;
        segment = document->segment;
        fill_document(selection, rules, readers, document);
    }
    free(readers);
    return st;
}
