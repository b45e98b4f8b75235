#include <stdio.h>
#include <stdlib.h>

#include "api/demo_inspect.h"
#include "api/demo_int.h"
#include "base/days.h"
#include "base/file.h"
#include "jihe/findings.h"
#include "jihe/run.h"

enum { NIGHT_HOUR = 3, RESULTS_HOUR = 17, RISK_HOUR = 18 };

/* One run to be made, and who inspects its work list. */
struct audit {
    int32_t from, to;
    const char *const *rules;
    size_t rule_count;
    int32_t run_day, results_day;
    int run_hour, results_hour;
    uint32_t first_inspector, inspectors;
};

static jihe_status write_worklist(const jh_demo *demo, const char *dir, const char *run, jihe_error *err)
{
    jihe_rows *worklist;
    char *path;
    jihe_status st = jh_demo_place(&path, demo, dir, "worklist.csv", err);

    if (st != JIHE_OK)
        return st;
    if ((st = jihe_worklist(&worklist, demo->workspace, run, err)) == JIHE_OK)
        st = jh_demo_save_rows(worklist, path, err);
    free(path);
    return st;
}

static jihe_status inspect(const jh_demo *demo, const struct audit *audit, const char *run, const char *path,
                           jihe_error *err)
{
    jihe_rows *worklist;
    jihe_status st = jihe_worklist(&worklist, demo->workspace, run, err);

    if (st != JIHE_OK)
        return st;
    st = jh_demo_inspect(worklist, &demo->centre, audit->first_inspector, audit->inspectors, path, err);
    jihe_rows_free(worklist);
    return st;
}

static jihe_status take_back(jh_demo *demo, const struct audit *audit, const char *dir, const char *run,
                             jh_demo_outcome *outcome, jihe_error *err)
{
    jihe_record_summary summary = {0};
    char *path;
    jihe_status st = jh_demo_place(&path, demo, dir, "filled.csv", err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_demo_open_at(demo, audit->results_day, audit->results_hour, err)) == JIHE_OK &&
        (st = inspect(demo, audit, run, path, err)) == JIHE_OK)
        st = jihe_record(&summary, demo->workspace, path, err);
    free(path);
    outcome->inspected += summary.recorded;
    outcome->findings += summary.findings;
    return st;
}

/* The list goes out to `dir` of the workspace; unless its documents are too new, it comes back filled in. */
static jihe_status hand_out(jh_demo *demo, const struct audit *audit, const char *dir, const char *run,
                            jh_demo_outcome *outcome, jihe_error *err)
{
    char *path;
    jihe_status st = jh_demo_place(&path, demo, dir, "", err);

    if (st != JIHE_OK)
        return st;
    if ((st = jh_file_mkdir(path, err)) == JIHE_OK && (st = write_worklist(demo, dir, run, err)) == JIHE_OK &&
        audit->from < demo->centre.inspected_before)
        st = take_back(demo, audit, dir, run, outcome, err);
    free(path);
    return st;
}

static jihe_status carry_out(jh_demo *demo, const struct audit *audit, const char *name, jh_demo_outcome *outcome,
                             jihe_error *err)
{
    char from[16], to[16], dir[32];
    const jihe_run_options options = {
        .size = sizeof options, .from = from, .to = to, .rules = audit->rules, .rule_count = audit->rule_count};
    jihe_run *run;
    jihe_status st;

    jh_days_text(audit->from, from);
    jh_days_text(audit->to, to);
    snprintf(dir, sizeof dir, "out/%s", name);
    if ((st = jh_demo_open_at(demo, audit->run_day, audit->run_hour, err)) != JIHE_OK ||
        (st = jihe_run_make(&run, demo->workspace, &options, err)) != JIHE_OK)
        return st;
    outcome->runs++;
    outcome->population += jihe_run_population(run);
    outcome->documents += jihe_run_documents(run);
    if (jihe_run_documents(run) > 0)
        st = hand_out(demo, audit, dir, jihe_run_id(run), outcome, err);
    jihe_run_free(run);
    return st;
}

jihe_status jh_demo_audit_day(jh_demo *demo, int32_t day, jh_demo_outcome *outcome, jihe_error *err)
{
    static const char *const rules[] = {"daily-ratio", "key-accounts", "large-payment", "self-review"};
    const struct audit audit = {.from = day,
                                .to = day,
                                .rules = rules,
                                .rule_count = sizeof rules / sizeof rules[0],
                                .run_day = day + 1,
                                .run_hour = NIGHT_HOUR,
                                .results_day = jh_demo_next_day(&demo->centre, day),
                                .results_hour = RESULTS_HOUR,
                                .first_inspector = JH_DEMO_REVIEWERS + JH_DEMO_SECONDS + JH_DEMO_PREPARERS,
                                .inspectors = JH_DEMO_INSPECTORS};
    char name[16];

    jh_days_text(day, name);
    return carry_out(demo, &audit, name, outcome, err);
}

jihe_status jh_demo_audit_month(jh_demo *demo, uint32_t month, jh_demo_outcome *outcome, jihe_error *err)
{
    static const char *const rules[] = {"volume-jump"};
    const int32_t number = demo->centre.first_month + (int32_t)month, last = jh_days_month_first(number + 1) - 1;
    const int32_t evening = jh_demo_next_day(&demo->centre, last);
    const struct audit audit = {.from = jh_days_month_first(number),
                                .to = last,
                                .rules = rules,
                                .rule_count = 1,
                                .run_day = evening,
                                .run_hour = RISK_HOUR,
                                .results_day = evening,
                                .results_hour = RISK_HOUR + 1,
                                .first_inspector = JH_DEMO_PEOPLE - JH_DEMO_RISK_INSPECTORS,
                                .inspectors = JH_DEMO_RISK_INSPECTORS};
    char name[16];

    jh_days_month_text(number, name);
    return carry_out(demo, &audit, name, outcome, err);
}
