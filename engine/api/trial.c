#include "api/trial.h"

#include <stdlib.h>

#include "api/evaluation.h"
#include "base/error.h"
#include "ledger/notes.h"
#include "ledger/postings.h"

static jihe_status load_roster(jh_trial *trial, const jihe_workspace *workspace, jihe_error *err)
{
    jh_ledger *ledger;
    jihe_status st = jh_ledger_open(&ledger, workspace->path, 0, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_postings_load(&trial->roster, ledger, 0, NULL, &trial->arena, err)) == JIHE_OK)
        st = jh_notes_load(&trial->roster.notes, ledger, UINT64_MAX, &trial->arena, err);
    jh_ledger_close(ledger);
    return st;
}

jihe_status jh_trial_begin(jh_trial *trial, jihe_workspace *workspace, jihe_error *err)
{
    const jihe_status st =
        (*trial = (jh_trial){0}, jh_arena_init(&trial->arena, 0), load_roster(trial, workspace, err));

    if (st != JIHE_OK)
        return st;
    return jh_workspace_facts_load(&trial->facts, workspace->path, workspace->config.zone, &trial->roster, err);
}

/* The latest revisions with dates in [from, to]. */
static jihe_status open_parts(jh_snapshot ***out, size_t *count, const jihe_workspace *workspace, int32_t from,
                              int32_t to, jihe_error *err)
{
    jh_catalogue catalogue;
    jihe_status st = jh_catalogue_load(&catalogue, workspace->path, err);

    if (st != JIHE_OK)
        return st;
    *out = calloc(catalogue.count + 1, sizeof **out);
    if (*out == NULL)
        st = jh_fail(err, JIHE_NO_MEMORY, "opening snapshots");
    for (size_t i = 0; st == JIHE_OK && i < catalogue.count; i++) {
        const jh_catalogue_entry *entry = &catalogue.entries[i];

        if (entry->latest && entry->date >= from && entry->date <= to)
            st = jh_snapshot_open(&(*out)[(*count)++], workspace->path, entry->date, entry->revision, err);
    }
    jh_catalogue_deinit(&catalogue);
    return st;
}

/* How far back windows and flags of the rules look. */
static void reach_back(const jh_rule *const *rules, size_t count, const jh_trial_options *options, int32_t *first,
                       int32_t *history)
{
    *first = options->from;
    *history = INT32_MAX;
    for (size_t r = 0; r < count; r++) {
        const int32_t begin = jh_window_first(rules[r]->window, options->from, options->to);

        *first = begin < *first ? begin : *first;
        if (rules[r]->flag.kind == NULL)
            continue;
        const int32_t from = jh_flag_reach(&rules[r]->flag, begin, options->to);

        *history = from < *history ? from : *history;
    }
}

jihe_status jh_trial_run(jh_trial *trial, const jihe_workspace *workspace, const jh_rule *const *rules,
                         size_t rule_count, const jh_trial_options *options, jihe_error *err)
{
    int32_t first, history;
    jihe_status st;

    reach_back(rules, rule_count, options, &first, &history);
    st = open_parts(&trial->parts, &trial->part_count, workspace, first, options->to, err);
    if (st == JIHE_OK && history <= options->to)
        st = open_parts(&trial->history, &trial->history_count, workspace, history, options->to, err);
    if (st != JIHE_OK)
        return st;
    if (trial->part_count == 0)
        return jh_fail(err, JIHE_NO_INPUT, "no snapshot in these dates; 'jihe snapshot list' shows what is stored");
    const jh_selection_input input = {.rules = rules,
                                      .rule_count = rule_count,
                                      .parts = trial->parts,
                                      .part_count = trial->part_count,
                                      .history = trial->history,
                                      .history_count = trial->history_count,
                                      .first = options->from,
                                      .last = options->to,
                                      .roster = &trial->roster,
                                      .latest = trial->part_count > 1,
                                      .facts = &trial->facts.facts,
                                      .seed = options->seed != NULL ? options->seed : "try",
                                      .threads = workspace->threads};

    return jh_selection_make(&trial->selection, &input, err);
}

void jh_trial_deinit(jh_trial *trial)
{
    jh_selection_deinit(&trial->selection);
    jh_close_snapshots(trial->parts, trial->part_count);
    jh_close_snapshots(trial->history, trial->history_count);
    jh_workspace_facts_deinit(&trial->facts);
    jh_arena_deinit(&trial->arena);
    *trial = (jh_trial){0};
}

int32_t jh_trial_date(const jh_trial *trial, const jh_pick *pick)
{
    const jh_pass_segment *at = &trial->selection.pass.segments[pick->segment];

    return jh_snapshot_manifest(trial->parts[at->part])->date;
}
