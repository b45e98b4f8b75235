#include <string.h>

#include "api/evaluation.h"
#include "api/recorded.h"
#include "base/error.h"
#include "jihe/run.h"
#include "ledger/postings.h"

/* --- replay --- */

static jihe_status compare_parts(const jh_buf *stored, size_t stored_count, const jh_buf *made, size_t made_count,
                                 const char *what, const jh_run *run, jihe_error *err)
{
    if (stored_count != made_count)
        return jh_fail(err, JIHE_DIFFERS, "run %s: %zu parts of %s recorded, %zu recomputed", run->id, stored_count,
                       what, made_count);
    for (size_t i = 0; i < stored_count; i++)
        if (stored[i].len != made[i].len || memcmp(stored[i].bytes, made[i].bytes, stored[i].len) != 0)
            return jh_fail(err, JIHE_DIFFERS, "run %s: the recomputed %s differ in part %zu of %zu", run->id, what, i,
                           stored_count);
    return JIHE_OK;
}

static jihe_status compare_hits(jh_recorded *recorded, const jh_evaluation *made, jihe_error *err)
{
    jh_hit_parts stored;
    jihe_status st = jh_run_parts(&stored, recorded->ledger, recorded->run, err);

    if (st != JIHE_OK)
        return st;
    st = compare_parts(stored.parts, stored.count, made->hits.parts, made->hits.count, "hits", recorded->run, err);
    jh_hit_parts_deinit(&stored);
    return st;
}

static jihe_status compare_flags(jh_recorded *recorded, const jh_evaluation *made, jihe_error *err)
{
    jh_flag_parts stored;
    jihe_status st;

    if (!recorded->run->keeps_flags)
        return JIHE_OK;
    if ((st = jh_run_flag_parts(&stored, recorded->ledger, recorded->run, err)) != JIHE_OK)
        return st;
    st = compare_parts(stored.parts, stored.count, made->flags.parts, made->flags.count, "flags", recorded->run, err);
    jh_flag_parts_deinit(&stored);
    return st;
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
    jh_roster roster = {0};
    jihe_status st;

    if ((st = jh_people_load(&roster, recorded->ledger, again.roster, again.notes, &recorded->arena, err)) == JIHE_OK &&
        (st = jh_run_identify(&again, err)) == JIHE_OK &&
        (st = jh_evaluate(&evaluation, &again, workspace->path, &roster, workspace->threads, &recorded->arena, err)) ==
            JIHE_OK &&
        (st = compare_hits(recorded, &evaluation, err)) == JIHE_OK &&
        (st = compare_flags(recorded, &evaluation, err)) == JIHE_OK)
        st = compare_records(recorded->run, &again, err);
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
