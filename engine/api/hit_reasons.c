#include "api/hit_reasons.h"

#include <stdlib.h>

#include "base/error.h"

jihe_status jh_hit_reasons_open(jh_hit_reasons *out, jh_ledger *ledger, const jh_run *run, jihe_error *err)
{
    *out = (jh_hit_reasons){.run = run, .next = calloc(run->rule_count + 1, sizeof *out->next)};
    if (out->next == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "the flags of run %s", run->id);
    return jh_run_flags_load(&out->flags, ledger, run, JH_FLAG_WHY_MEMBERS, err);
}

void jh_hit_reasons_close(jh_hit_reasons *reasons)
{
    jh_run_flags_deinit(&reasons->flags);
    free(reasons->next);
    *reasons = (jh_hit_reasons){0};
}

jihe_status jh_hit_reasons_put(jh_buf *out, const jh_hit_reasons *reasons, const jh_hits *hits,
                               const jh_hit_document *document, jihe_error *err)
{
    for (size_t i = 0; i < document->hit_count; i++) {
        const uint32_t rule = hits->hits[hits->by_document[document->first_hit + i]].rule;
        const jh_rule_flags *flags = &reasons->flags.rules[rule];

        if (reasons->run->rules[rule].flag.kind == NULL)
            continue;
        if (reasons->next[rule] >= flags->hit_count)
            return jh_fail(err, JIHE_CORRUPT, "run %s: a document has no group of rule %s", reasons->run->id,
                           reasons->run->rules[rule].id);
        jh_buf_printf(out, "%s%s: ", out->len == 0 ? "" : "; ", reasons->run->rules[rule].id);
        jh_flag_why(out, &reasons->run->rules[rule].flag, &flags->groups[flags->hits[reasons->next[rule]]]);
    }
    return JIHE_OK;
}

void jh_hit_reasons_pass(jh_hit_reasons *reasons, const jh_hits *hits, const jh_hit_document *document)
{
    for (size_t i = 0; i < document->hit_count; i++)
        reasons->next[hits->hits[hits->by_document[document->first_hit + i]].rule]++;
}
