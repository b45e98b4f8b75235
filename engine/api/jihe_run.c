#include "jihe/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/date_seed.h"
#include "api/evaluation.h"
#include "api/run_extend.h"
#include "api/run_past.h"
#include "api/run_quality.h"
#include "base/days.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/notes.h"
#include "ledger/postings.h"
#include "ledger/seeds.h"
#include "rule/flag.h"
#include "rule/rulefile.h"
#include "sample/draw_stream.h"
#include "sample/quota.h"
#include "snapshot/manifest.h"

struct jihe_run {
    jh_arena arena;
    jh_rules rules; /* owns the texts of run.rules while new */
    jh_run run;
    uint64_t population, added, promised, changes;
    bool is_new;
    struct unused {
        const char *rule, *value;
    } * unused; /* of a new run: values that rates name and no document of the frame has */
    size_t unused_count;
};

/* --- inputs --- */

static jihe_status choose_seed(jihe_run *made, const jihe_workspace *workspace, const char *given, jihe_error *err)
{
    char own[65];

    if (given == NULL) {
        const jihe_status st = jh_date_seed(own, workspace, made->run.to, err);

        if (st != JIHE_OK)
            return st;
        given = own;
    }
    if (strlen(given) > JH_MAX_SEED || given[0] == '\0')
        return jh_fail(err, JIHE_USAGE, "seed: %zu bytes; a seed has 1 to %d", strlen(given), JH_MAX_SEED);
    if (jh_text_utf8_valid(given, strlen(given)) != strlen(given))
        return jh_fail(err, JIHE_USAGE, "seed: not valid UTF-8");
    made->run.seed = jh_arena_text(&made->arena, given, strlen(given));
    return made->run.seed == NULL ? jh_fail(err, JIHE_NO_MEMORY, "keeping the seed") : JIHE_OK;
}

static bool is_wanted(const jihe_run_options *options, const jh_rule *rule, int32_t day)
{
    const char *schedule = rule->schedule[0] == '\0' ? "daily" : rule->schedule;

    for (size_t i = 0; i < options->rule_count; i++)
        if (strcmp(options->rules[i], rule->id) == 0)
            return true;
    return options->rule_count == 0 && jh_rule_runs(rule, day) &&
           (options->schedule == NULL || strcmp(options->schedule, schedule) == 0);
}

static jihe_status check_named(const jh_rules *rules, const jihe_run_options *options, jihe_error *err)
{
    for (size_t i = 0; i < options->rule_count; i++) {
        bool found = false;

        for (size_t r = 0; r < rules->count && !found; r++)
            found = strcmp(rules->rules[r].id, options->rules[i]) == 0;
        if (!found)
            return jh_fail(err, JIHE_NOT_FOUND, "no rule has the id '%s'; 'jihe rule list' shows them",
                           options->rules[i]);
    }
    return JIHE_OK;
}

/* The rules of the run, checked; the files they ask are named and kept. */
static jihe_status choose_rules(jihe_run *made, const jihe_workspace *workspace, const jihe_run_options *options,
                                jh_facts_used *used, jihe_error *err)
{
    jh_workspace_facts facts;
    jihe_status st = jh_workspace_rules(&made->rules, workspace, err);

    if (st != JIHE_OK || (st = check_named(&made->rules, options, err)) != JIHE_OK)
        return st;
    made->run.rules = JH_NEW(&made->arena, jh_rule, made->rules.count + 1);
    if (made->run.rules == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "reading the rules");
    if ((st = jh_workspace_facts_load(&facts, workspace->path, workspace->config.zone, NULL, err)) != JIHE_OK)
        return st;
    for (size_t r = 0; st == JIHE_OK && r < made->rules.count; r++) {
        if (!is_wanted(options, &made->rules.rules[r], made->run.to))
            continue;
        made->run.rules[made->run.rule_count++] = made->rules.rules[r];
        st = jh_rule_check(&made->rules.rules[r], &workspace->config.schema, &facts.facts, used, err);
    }
    if (st == JIHE_OK)
        st = jh_run_facts_keep(&made->run, used, &facts, workspace->path, &made->arena, err);
    jh_workspace_facts_deinit(&facts);
    if (st == JIHE_OK && made->run.rule_count == 0)
        return options->schedule != NULL
                   ? jh_fail(err, JIHE_CONFIG, "%s/rules holds no enabled rule whose schedule is %s", workspace->path,
                             options->schedule)
                   : jh_fail(err, JIHE_CONFIG, "%s/rules holds no enabled rule; write one, see rules/README.md of jihe",
                             workspace->path);
    return st;
}

/* The latest revisions with dates in [from, to], with their digests; their documents are added to *population. */
static jihe_status choose_snapshots(jh_run_snapshot **out, size_t *count, const jihe_workspace *workspace,
                                    const jh_catalogue *catalogue, int32_t from, int32_t to, uint64_t *population,
                                    jh_arena *arena, jihe_error *err)
{
    jihe_status st = JIHE_OK;

    *count = 0;
    *out = JH_NEW(arena, jh_run_snapshot, catalogue->count + 1);
    if (*out == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "listing snapshots");
    for (size_t i = 0; st == JIHE_OK && i < catalogue->count; i++) {
        const jh_catalogue_entry *entry = &catalogue->entries[i];
        jh_manifest manifest;

        if (!entry->latest || entry->date < from || entry->date > to)
            continue;
        if ((st = jh_snapshot_glance(&manifest, workspace->path, entry->date, entry->revision, err)) != JIHE_OK)
            break;
        jh_run_snapshot *chosen = &(*out)[(*count)++];

        chosen->date = entry->date;
        chosen->revision = entry->revision;
        memcpy(chosen->sha256, manifest.sha256, sizeof chosen->sha256);
        *population += manifest.rows;
        jh_manifest_deinit(&manifest);
    }
    return st;
}

/* The first day that the flags of a run look back to; false: no flags. */
static bool flags_reach(const jh_run *run, int32_t *from)
{
    bool any = false;

    for (size_t r = 0; r < run->rule_count; r++) {
        if (run->rules[r].flag.kind == NULL)
            continue;
        const int32_t first =
            jh_flag_reach(&run->rules[r].flag, jh_window_first(run->rules[r].window, run->from, run->to), run->to);

        *from = any && *from < first ? *from : first;
        any = true;
    }
    return any;
}

/* The first date that any rule of the run looks at. */
static int32_t first_date(const jh_run *run)
{
    int32_t first = run->from;

    for (size_t r = 0; r < run->rule_count; r++) {
        const int32_t begin = jh_window_first(run->rules[r].window, run->from, run->to);

        first = begin < first ? begin : first;
    }
    return first;
}

static jihe_status choose_documents(jihe_run *made, const jihe_workspace *workspace, jihe_error *err)
{
    jh_catalogue catalogue;
    uint64_t looked_at = 0;
    int32_t from;
    jihe_status st = jh_catalogue_load(&catalogue, workspace->path, err);

    if (st != JIHE_OK)
        return st;
    st = choose_snapshots(&made->run.snapshots, &made->run.snapshot_count, workspace, &catalogue,
                          first_date(&made->run), made->run.to, &made->population, &made->arena, err);
    if (st == JIHE_OK && flags_reach(&made->run, &from))
        st = choose_snapshots(&made->run.history, &made->run.history_count, workspace, &catalogue, from, made->run.to,
                              &looked_at, &made->arena, err);
    jh_catalogue_deinit(&catalogue);
    if (st == JIHE_OK &&
        (made->run.snapshot_count == 0 || made->run.snapshots[made->run.snapshot_count - 1].date < made->run.from)) {
        char first[16], last[16];

        jh_days_text(made->run.from, first);
        jh_days_text(made->run.to, last);
        return jh_fail(err, JIHE_NO_INPUT, "no snapshot from %s to %s; 'jihe ingest' makes one", first, last);
    }
    return st;
}

/* --- making --- */

/* Rates that follow quality name the groups of the past, not what somebody wrote. */
static jihe_status find_unused(jihe_run *made, const jh_selection *selection, jihe_error *err)
{
    size_t most = 0;

    for (size_t r = 0; r < made->run.rule_count; r++)
        most += made->run.rules[r].draw.rate_count;
    made->unused = JH_NEW(&made->arena, struct unused, most + 1);
    if (made->unused == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a run");
    for (size_t r = 0; r < made->run.rule_count; r++) {
        const jh_draw *draw = &made->run.rules[r].draw;

        for (size_t i = 0; !draw->follow.present && i < draw->rate_count; i++)
            if (!jh_quota_rate_used(&selection->rules[r].strata, draw, i))
                made->unused[made->unused_count++] =
                    (struct unused){.rule = made->run.rules[r].id, .value = draw->rates[i].value};
    }
    return JIHE_OK;
}

static jihe_status record_new(jihe_run *made, const jihe_workspace *workspace, jh_ledger *ledger,
                              const jh_roster *roster, jihe_error *err)
{
    jh_evaluation evaluation;
    jihe_status st =
        jh_evaluate(&evaluation, &made->run, workspace->path, roster, workspace->threads, &made->arena, err);

    if (st != JIHE_OK)
        return st;
    made->run.at = jh_workspace_now(workspace);
    if ((st = find_unused(made, &evaluation.selection, err)) == JIHE_OK)
        st = jh_run_save(ledger, &made->run, &evaluation.hits, &evaluation.flags, err);
    jh_evaluation_deinit(&evaluation);
    made->is_new = true;
    return st;
}

/* Everything that decides a run of its own. *roster: the one its rules ask. */
static jihe_status choose_inputs(jihe_run *made, const jihe_workspace *workspace, jh_ledger *ledger,
                                 const jihe_run_options *options, const jh_runs *runs, jh_roster *roster,
                                 jihe_error *err)
{
    jh_facts_used used = {0};
    jihe_status st;

    if ((st = choose_rules(made, workspace, options, &used, err)) != JIHE_OK ||
        (st = choose_seed(made, workspace, options->seed, err)) != JIHE_OK ||
        (st = choose_documents(made, workspace, err)) != JIHE_OK)
        return st;
    if (used.people && (st = jh_postings_load(roster, ledger, 0, NULL, &made->arena, err)) != JIHE_OK)
        return st;
    if (used.notes && (st = jh_notes_load(&roster->notes, ledger, UINT64_MAX, &made->arena, err)) != JIHE_OK)
        return st;
    made->run.roster = roster->sequence;
    made->run.notes = roster->notes.sequence;
    made->run.latest = made->run.snapshot_count > 1;
    made->run.timezone = workspace->config.timezone;
    made->run.extends = "";
    if ((st = jh_run_follow_quality(&made->run, runs, ledger, jh_workspace_now(workspace), &made->changes, &made->arena,
                                    err)) != JIHE_OK)
        return st;
    return jh_run_find_past(&made->run, runs, ledger, &made->arena, err);
}

/* The inputs of a recorded run, with larger rates. */
static jihe_status extend_inputs(jihe_run *made, const jihe_workspace *workspace, jh_ledger *ledger,
                                 const jihe_run_options *options, const jh_runs *runs, jh_roster *roster,
                                 jihe_error *err)
{
    const jh_run *base;
    jihe_status st;

    if ((st = jh_runs_find(runs, options->extend, &base, err)) != JIHE_OK ||
        (st = jh_run_extend(&made->run, base, options->rate, options->rules, options->rule_count, &made->arena, err)) !=
            JIHE_OK ||
        (st = jh_people_load(roster, ledger, base->roster, base->notes, &made->arena, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; st == JIHE_OK && i < base->snapshot_count; i++) {
        jh_snapshot *snapshot;

        st = jh_snapshot_open(&snapshot, workspace->path, base->snapshots[i].date, base->snapshots[i].revision, err);
        if (st == JIHE_OK) {
            made->population += jh_snapshot_manifest(snapshot)->rows;
            jh_snapshot_close(snapshot);
        }
    }
    return st;
}

/* How many documents the run's own work list has. */
static jihe_status count_added(jihe_run *made, jh_ledger *ledger, const jh_runs *runs, jihe_error *err)
{
    jh_hits hits;
    bool *added;

    made->added = made->run.documents;
    if (made->run.extends[0] == '\0')
        return JIHE_OK;
    jihe_status st = jh_run_hits(&hits, ledger, &made->run, err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_run_added(&added, &made->added, &made->run, &hits, runs, ledger, err)) == JIHE_OK)
        free(added);
    jh_hits_deinit(&hits);
    return st;
}

static jihe_status find_promise(jihe_run *made, jh_ledger *ledger, jihe_error *err)
{
    const jh_promise *promise;
    jh_promises known;
    char sha256[65];
    jihe_status st;

    if ((st = jh_promises_load(&known, ledger, &made->arena, err)) != JIHE_OK ||
        (st = jh_seed_promise(sha256, made->run.seed, err)) != JIHE_OK)
        return st;
    promise = jh_promises_find(&known, made->run.to, sha256);
    if (promise != NULL && promise->sequence < made->run.sequence)
        made->promised = promise->sequence;
    return JIHE_OK;
}

static jihe_status make(jihe_run *made, const jihe_workspace *workspace, jh_ledger *ledger,
                        const jihe_run_options *options, jihe_error *err)
{
    jh_roster roster = {0};
    jh_runs runs;
    bool recorded = false;
    jihe_status st = jh_runs_load(&runs, ledger, &made->arena, err);

    if (st == JIHE_OK)
        st = (options->extend == NULL ? choose_inputs : extend_inputs)(made, workspace, ledger, options, &runs, &roster,
                                                                       err);
    made->run.layout = JH_HITS_LAYOUT;
    made->run.keeps_flags = false;
    for (size_t r = 0; st == JIHE_OK && r < made->run.rule_count; r++)
        made->run.keeps_flags = made->run.keeps_flags || made->run.rules[r].flag.kind != NULL;
    if (st != JIHE_OK || (st = jh_run_identify(&made->run, err)) != JIHE_OK)
        return st;
    for (size_t i = 0; i < runs.count && !recorded; i++)
        if (strcmp(runs.runs[i].id, made->run.id) == 0) {
            made->run = runs.runs[i];
            recorded = true;
        }
    if (!recorded && (st = record_new(made, workspace, ledger, &roster, err)) != JIHE_OK)
        return st;
    if ((st = find_promise(made, ledger, err)) != JIHE_OK)
        return st;
    return count_added(made, ledger, &runs, err);
}

static jihe_status check_options(jihe_run *made, const jihe_run_options *options, jihe_error *err)
{
    if (options->size < sizeof *options)
        return jh_fail(err, JIHE_USAGE, "run: wrong options size");
    if (options->extend == NULL)
        return jh_parse_period(options->from, options->to, "run", &made->run.from, &made->run.to, err);
    if (options->rate == NULL || options->seed != NULL || options->from != NULL || options->to != NULL)
        return jh_fail(err, JIHE_USAGE, "an extension has a rate, and dates and seed of the run it extends");
    return JIHE_OK;
}

jihe_status jihe_run_make(jihe_run **out, jihe_workspace *workspace, const jihe_run_options *options, jihe_error *err)
{
    jh_writing writing;
    jihe_status st;

    *out = NULL;
    jihe_run *made = calloc(1, sizeof *made);

    if (made == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "a run");
    jh_arena_init(&made->arena, 0);
    if ((st = check_options(made, options, err)) == JIHE_OK &&
        (st = jh_writing_begin(&writing, workspace, err)) == JIHE_OK) {
        st = make(made, workspace, writing.ledger, options, err);
        jh_writing_end(&writing);
    }
    if (st != JIHE_OK) {
        jihe_run_free(made);
        return st;
    }
    *out = made;
    return JIHE_OK;
}

void jihe_run_free(jihe_run *run)
{
    if (run == NULL)
        return;
    jh_rules_deinit(&run->rules);
    jh_arena_deinit(&run->arena);
    free(run);
}

const char *jihe_run_id(const jihe_run *run)
{
    return run->run.id;
}

const char *jihe_run_seed(const jihe_run *run)
{
    return run->run.seed;
}

uint64_t jihe_run_promised(const jihe_run *run)
{
    return run->promised;
}

int jihe_run_is_new(const jihe_run *run)
{
    return run->is_new;
}

uint64_t jihe_run_documents(const jihe_run *run)
{
    return run->run.documents;
}

uint64_t jihe_run_hits(const jihe_run *run)
{
    return run->run.hits;
}

uint64_t jihe_run_population(const jihe_run *run)
{
    return run->population;
}

uint64_t jihe_run_superseded(const jihe_run *run)
{
    return run->run.superseded;
}

const char *jihe_run_extends(const jihe_run *run)
{
    return run->run.extends;
}

uint64_t jihe_run_added(const jihe_run *run)
{
    return run->added;
}

uint64_t jihe_run_changes(const jihe_run *run)
{
    return run->changes;
}

uint64_t jihe_run_apart(const jihe_run *run)
{
    uint64_t apart = 0;

    for (size_t r = 0; r < run->run.rule_count; r++)
        apart += run->run.results[r].apart.documents;
    return apart;
}

uint64_t jihe_run_unused_rates(const jihe_run *run)
{
    return run->unused_count;
}

const char *jihe_run_unused_rate(const jihe_run *run, uint64_t index, const char **value)
{
    *value = run->unused[index].value;
    return run->unused[index].rule;
}

/* --- summaries --- */

jihe_status jihe_run_rules(jihe_rows **out, const jihe_run *run, jihe_error *err)
{
    static const jh_out_column columns[] = {{"rule", "规则"},          {"title", "名称"},   {"frame", "总体"},
                                            {"undecided", "无法判定"}, {"flagged", "突出"}, {"selected", "抽中"}};
    jh_grid *grid;

    *out = NULL;
    jihe_status st = jh_grid_new(&grid, columns, sizeof columns / sizeof columns[0], err);

    if (st != JIHE_OK)
        return st;
    for (size_t r = 0; st == JIHE_OK && r < run->run.rule_count; r++) {
        const jh_run_result *result = &run->run.results[r];
        const jh_out_cell cells[] = {jh_cell_text(run->run.rules[r].id),
                                     jh_cell_text(run->run.rules[r].title),
                                     jh_cell_uint(result->frame),
                                     jh_cell_uint(result->undecided),
                                     run->run.rules[r].flag.kind != NULL ? jh_cell_uint(result->flagged)
                                                                         : jh_cell_none(),
                                     jh_cell_uint(result->selected)};

        st = jh_grid_add(grid, cells, err);
    }
    return jh_grid_publish(out, grid, st, err);
}

static void json_text(jh_buf *out, const char *key, const char *text)
{
    jh_buf_printf(out, "\"%s\":", key);
    jh_json_put(out, text, strlen(text));
}

static void json_rule(jh_buf *out, const jh_rule *rule, const jh_run_result *result)
{
    jh_buf_putc(out, '{');
    json_text(out, "rule", rule->id);
    jh_buf_printf(out, ",\"frame\":%llu,\"undecided\":%llu,\"flagged\":%llu,\"selected\":%llu,",
                  (unsigned long long)result->frame, (unsigned long long)result->undecided,
                  (unsigned long long)result->flagged, (unsigned long long)result->selected);
    json_text(out, "title", rule->title);
    jh_buf_printf(out, ",\"gated\":%llu,\"apart\":%llu}", (unsigned long long)result->gated,
                  (unsigned long long)result->apart.documents);
}

static void json_snapshots(jh_buf *out, const jh_run *run)
{
    jh_buf_puts(out, "\"snapshot\":[");
    for (size_t i = 0; i < run->snapshot_count; i++) {
        char date[16];

        jh_days_text(run->snapshots[i].date, date);
        jh_buf_printf(out, "%s{\"date\":\"%s\",\"revision\":%u,\"sha256\":\"%s\"}", i == 0 ? "" : ",", date,
                      run->snapshots[i].revision, run->snapshots[i].sha256);
    }
    jh_buf_puts(out, "]");
}

static void json_run(jh_buf *out, const jihe_run *made)
{
    const jh_run *run = &made->run;
    char from[16], to[16];

    jh_days_text(run->from, from);
    jh_days_text(run->to, to);
    jh_buf_putc(out, '{');
    json_text(out, "run", run->id);
    jh_buf_printf(out, ",\"date\":\"%s\",", to);
    json_text(out, "seed", run->seed);
    jh_buf_putc(out, ',');
    json_snapshots(out, run);
    jh_buf_puts(out, ",\"rules\":[");
    for (size_t r = 0; r < run->rule_count; r++) {
        if (r > 0)
            jh_buf_putc(out, ',');
        json_rule(out, &run->rules[r], &run->results[r]);
    }
    jh_buf_printf(out, "],\"documents\":%llu,\"hits\":%llu,\"from\":\"%s\",\"outcome\":\"%s\",",
                  (unsigned long long)run->documents, (unsigned long long)run->hits, from,
                  made->is_new ? "recorded" : "already_recorded");
    jh_buf_printf(out, "\"superseded\":%llu,", (unsigned long long)run->superseded);
    json_text(out, "extends", run->extends);
    jh_buf_printf(out, ",\"added\":%llu,\"promised\":%llu}\n", (unsigned long long)made->added,
                  (unsigned long long)made->promised);
}

jihe_status jihe_run_json(const jihe_run *run, jihe_put put, void *context, jihe_error *err)
{
    jh_buf buf = {0};
    jihe_status st = JIHE_OK;

    json_run(&buf, run);
    if (buf.failed)
        st = jh_fail(err, JIHE_NO_MEMORY, "printing a run");
    else {
        const int failure = put(context, buf.bytes, buf.len);

        if (failure != 0)
            st = jh_fail_os(err, JIHE_IO, failure, "writing the run");
    }
    jh_buf_deinit(&buf);
    return st;
}
