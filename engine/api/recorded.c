#include "api/recorded.h"

jihe_status jh_recorded_find(jh_recorded *out, const jihe_workspace *workspace, const char *name, bool with_hits,
                             jihe_error *err)
{
    jihe_status st;

    *out = (jh_recorded){0};
    jh_arena_init(&out->arena, 0);
    if ((st = jh_ledger_open(&out->ledger, workspace->path, 0, err)) != JIHE_OK ||
        (st = jh_runs_load(&out->runs, out->ledger, &out->arena, err)) != JIHE_OK ||
        (st = jh_runs_find(&out->runs, name, &out->run, err)) != JIHE_OK ||
        (with_hits && (st = jh_run_hits(&out->hits, out->ledger, out->run, err)) != JIHE_OK))
        jh_recorded_deinit(out);
    return st;
}

void jh_recorded_deinit(jh_recorded *recorded)
{
    jh_hits_deinit(&recorded->hits);
    jh_ledger_close(recorded->ledger);
    jh_arena_deinit(&recorded->arena);
    *recorded = (jh_recorded){0};
}
