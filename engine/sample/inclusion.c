#include "sample/inclusion.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"
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

struct filling {
    jh_selection *selection;
    const jh_rule *const *rules;
    jh_chance_reader *readers; /* per worker and rule */
};

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

static jihe_status fill_segment(void *context, uint32_t worker, uint64_t index, jihe_error *err)
{
    const struct filling *work = context;
    jh_selection *selection = work->selection;
    const jh_pass_segment *segments = selection->pass.segments;
    jh_chance_reader *readers = work->readers + worker * selection->rule_count;
    size_t i = selection->rank[segments[index].word];
    jihe_status st = JIHE_OK;

    for (size_t r = 0; st == JIHE_OK && r < selection->rule_count; r++)
        st = jh_chance_read(&readers[r], selection, work->rules[r], r, index, err);
    for (; st == JIHE_OK && i < selection->document_count && selection->documents[i].segment == index; i++)
        fill_document(selection, work->rules, readers, &selection->documents[i]);
    return st;
}

jihe_status jh_inclusion_fill(jh_selection *selection, const jh_rule *const *rules, jihe_error *err)
{
    struct filling work = {.selection = selection, .rules = rules};

    work.readers = calloc((size_t)selection->threads * selection->rule_count + 1, sizeof *work.readers);
    if (work.readers == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "inclusion probabilities");
    const jihe_status st = jh_parallel(selection->threads, selection->pass.segment_count, fill_segment, &work, err);

    free(work.readers);
    return st;
}
