#include <string.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/error.h"
#include "jihe/run.h"
#include "ledger/postings.h"

/* --- replay --- */

static jihe_status compare_parts(const jh_hit_parts *stored, const jh_hit_parts *made, const jh_run *run,
                                 jihe_error *err)
{
    if (stored->count != made->count)
        return jh_fail(err, JIHE_DIFFERS, "run %s: %zu parts of hits recorded, %zu recomputed", run->id, stored->count,
                       made->count);
    for (size_t i = 0; i < stored->count; i++)
        if (stored->parts[i].len != made->parts[i].len ||
            memcmp(stored->parts[i].bytes, made->parts[i].bytes, stored->parts[i].len) != 0)
            return jh_fail(err, JIHE_DIFFERS, "run %s: the recomputed hits differ in part %zu of %zu", run->id, i,
                           stored->count);
    return JIHE_OK;
}

/* The event bodies byte for byte: inputs, results per rule, counts, digest. */
static jihe_status compare_records(const jh_run *stored, const jh_run *made, jihe_error *err)
{
    jh_buf a = {0}, b = {0};
    jihe_status st = JIHE_OK;

    jh_run_pack(&a, stored);
    jh_run_pack(&b, made);
    if (a.failed || b.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "replaying run %s", stored->id);
    else if (a.len != b.len || memcmp(a.bytes, b.bytes, a.len) != 0)
        st = jh_fail(err, JIHE_DIFFERS, "run %s: the recomputed counts differ from the recorded ones", stored->id);
    jh_buf_deinit(&a);
    jh_buf_deinit(&b);
    return st;
}

static jihe_status replay(jh_recorded *recorded, const jihe_workspace *workspace, jihe_error *err)
{
    jh_run again = *recorded->run;
    jh_evaluation evaluation = {0};
    jh_hit_parts stored = {0};
    jh_roster roster = {0};
    jihe_status st;

    if ((st = jh_people_load(&roster, recorded->ledger, again.roster, again.notes, &recorded->arena, err)) == JIHE_OK &&
        (st = jh_run_identify(&again, err)) == JIHE_OK &&
        (st = jh_evaluate(&evaluation, &again, workspace->path, &roster, workspace->threads, &recorded->arena, err)) ==
            JIHE_OK &&
        (st = jh_run_parts(&stored, recorded->ledger, recorded->run, err)) == JIHE_OK &&
        (st = compare_parts(&stored, &evaluation.hits, recorded->run, err)) == JIHE_OK)
        st = compare_records(recorded->run, &again, err);
    jh_hit_parts_deinit(&stored);
    jh_evaluation_deinit(&evaluation);
    return st;
}

jihe_status jihe_replay(jihe_workspace *workspace, const char *name, jihe_error *err)
{
    jh_recorded recorded;
    jihe_status st = jh_recorded_find(&recorded, workspace, name, false, err);

    if (st != JIHE_OK)
        return st;
    st = replay(&recorded, workspace, err);
    jh_recorded_deinit(&recorded);
    return st;
}
