#include "sample/inclusion.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/error.h"

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

static double stratum_p(const jh_stratum *stratum)
{
    return (double)stratum->quota / (double)stratum->documents;
}

static jihe_status readers_for(const jh_selection *selection, uint64_t segment, jh_strata_reader *readers,
                               jihe_error *err)
{
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++)
        st = jh_strata_read(&readers[r], &selection->rules[r].strata, &selection->pass,
                            &selection->pass.segments[segment], err);
    return st;
}

static void fill_document(const jh_selection *selection, const jh_rule *const *rules, const jh_strata_reader *readers,
                          jh_selected *document)
{
    const uint64_t word = selection->pass.segments[document->segment].word;
    jh_inclusion any = jh_inclusion_none(), random = jh_inclusion_none();

    for (size_t r = 0; r < selection->rule_count; r++) {
        if (!jh_bits_test(selection->pass.frames[r].bits + word, document->row))
            continue;
        const double p = stratum_p(&selection->rules[r].strata.strata[jh_strata_of(&readers[r], document->row)]);

        jh_inclusion_add(&any, p, rules[r]->draw.own_stream);
        if (jh_rule_is_random(rules[r]))
            jh_inclusion_add(&random, p, rules[r]->draw.own_stream);
    }
    document->p_any = jh_inclusion_union(&any);
    document->p_random = jh_inclusion_union(&random);
}

jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    jh_strata_reader *readers = calloc(selection->rule_count + 1, sizeof *readers);
    uint64_t segment = UINT64_MAX;
    jihe_status st = JIHE_OK;

    if (readers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "inclusion probabilities");
    for (size_t i = 0; st == JIHE_OK && i < selection->document_count; i++) {
        jh_selected *document = &selection->documents[i];

        if (document->segment != segment && (st = readers_for(selection, document->segment, readers, err)) != JIHE_OK)
            break;
        segment = document->segment;
        fill_document(selection, rules, readers, document);
    }
    free(readers);
    return st;
}
