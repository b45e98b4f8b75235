#include <string.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status check_schedule(const cli_call *call, jihe_error *err)
{
    static const char *const schedules[] = {"daily", "weekly", "monthly", "manual"};
    const char *given = cli_value(call, CLI_SCHEDULE);

    if (given == NULL)
        return JIHE_OK;
    for (size_t i = 0; i < sizeof schedules / sizeof schedules[0]; i++)
        if (strcmp(given, schedules[i]) == 0)
            return JIHE_OK;
    return cli_fault(err, JIHE_USAGE, "--schedule '%s' is none of daily, weekly, monthly, manual", given);
}

static jihe_status check(const cli_call *call, jihe_error *err)
{
    const bool from = cli_is_given(call, CLI_FROM);
    const bool to = cli_is_given(call, CLI_TO);

    if (cli_is_given(call, CLI_EXTEND) != cli_is_given(call, CLI_RATE))
        return cli_fault(err, JIHE_USAGE, "--extend RUN and --rate RATE go together");
    if (cli_is_given(call, CLI_EXTEND)) {
        if (from || to || cli_is_given(call, CLI_DATE) || cli_is_given(call, CLI_SEED))
            return cli_fault(err, JIHE_USAGE, "an extension has the dates and the seed of its run; leave them out");
        return JIHE_OK;
    }
    if (cli_is_given(call, CLI_DATE) ? from || to : !from || !to)
        return cli_fault(err, JIHE_USAGE, "say either --date D, or both --from A and --to B");
    return check_schedule(call, err);
}

static void say_unused(const jihe_run *run)
{
    const uint64_t count = jihe_run_unused_rates(run), most = 10;

    for (uint64_t i = 0; i < count && i < most; i++) {
        const char *value, *rule = jihe_run_unused_rate(run, i, &value);

        cli_say("rule %s has a rate for '%s', and no document of its frame has that value", rule, value);
    }
    if (count > most)
        cli_say("and so have %llu more rates", (unsigned long long)(count - most));
}

static void say_run(const jihe_run *run)
{
    char population[32], documents[32], hits[32];

    cli_say("run %s: %s documents looked at, %s to inspect, %s hits%s", jihe_run_id(run),
            cli_grouped(jihe_run_population(run), population), cli_grouped(jihe_run_documents(run), documents),
            cli_grouped(jihe_run_hits(run), hits),
            jihe_run_is_new(run) ? "" : "; already recorded: nothing new was written");
    if (jihe_run_promised(run) > 0)
        cli_say("its seed %s is the one promised in event %llu of the ledger", jihe_run_seed(run),
                (unsigned long long)jihe_run_promised(run));
    if (jihe_run_extends(run)[0] != '\0')
        cli_say("it extends run %s: %s of the documents are on its work list already, %s are added",
                jihe_run_extends(run), cli_grouped(jihe_run_documents(run) - jihe_run_added(run), documents),
                cli_grouped(jihe_run_added(run), hits));
    if (jihe_run_changes(run) > 0)
        cli_say("%s groups are inspected differently from now on; 'jihe quality changes' says why",
                cli_grouped(jihe_run_changes(run), population));
    if (jihe_run_superseded(run) > 0)
        cli_say("%s of the documents looked at are superseded: a later date of the period has them again",
                cli_grouped(jihe_run_superseded(run), population));
    if (jihe_run_apart(run) > 0)
        cli_say("%s documents have an amount of zero or less and are not drawn by money units; 'jihe strata %s' shows "
                "them",
                cli_grouped(jihe_run_apart(run), population), jihe_run_id(run));
    say_unused(run);
}

static jihe_status print_run(const cli_call *call, const jihe_run *run, jihe_error *err)
{
    jihe_rows *rows;
    jihe_status st;

    if (call->format == JIHE_JSON)
        return jihe_run_json(run, cli_put, stdout, err);
    st = jihe_run_rules(&rows, run, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status run_make(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *date = cli_value(call, CLI_DATE);
    jihe_run_options options = {.size = sizeof options,
                                .from = date != NULL ? date : cli_value(call, CLI_FROM),
                                .to = date != NULL ? date : cli_value(call, CLI_TO),
                                .seed = cli_value(call, CLI_SEED),
                                .schedule = cli_value(call, CLI_SCHEDULE),
                                .extend = cli_value(call, CLI_EXTEND),
                                .rate = cli_value(call, CLI_RATE)};
    cli_list rules;
    jihe_run *run = NULL;
    jihe_status st = cli_list_make(&rules, call, CLI_RULE, '\0', err);

    if (st != JIHE_OK)
        return st;
    options.rules = rules.items;
    options.rule_count = rules.count;
    st = jihe_run_make(&run, workspace, &options, err);
    if (st == JIHE_OK)
        st = print_run(call, run, err);
    if (st == JIHE_OK && !call->quiet)
        say_run(run);
    jihe_run_free(run);
    cli_list_deinit(&rules);
    return st;
}

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_run_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_DATE, "one business date, like 2026-01-31"},
    {CLI_FROM, "the first business date of a period"},
    {CLI_TO, "the last business date of it"},
    {CLI_RULE, "only this rule; may be repeated (default: every enabled rule)"},
    {CLI_SCHEDULE, "only enabled rules of this schedule: daily, weekly, monthly, manual"},
    {CLI_SEED, "any text (default: the workspace's own seed of the last date)"},
    {CLI_EXTEND, "a recorded run: draw more of its documents, with its seed and its rules"},
    {CLI_RATE, "with --extend: the new rate of its rules that draw by a lower one, like 15%"},
    {CLI_END, NULL},
};

const cli_command cli_run = {
    .name = "run",
    .operands = "(--date D | --from A --to B | --extend RUN --rate RATE)",
    .summary = "evaluates the rules, draws, records",
    .about = "Evaluates the rules over the snapshots of a date or a period, draws the documents to inspect, and\n"
             "records the run in the ledger. Prints one line for each rule: how many documents it was about\n"
             "(frame), could not be decided for (undecided), how many people stood out (flagged), how many\n"
             "documents it selected. A document that several dates of the period hold counts once, in its latest\n"
             "version. A run of one date reaches back as far as the windows of its rules do. The same run again\n"
             "records nothing new. With --format json the whole run is one object.\n"
             "--extend raises rates of a recorded run: the new run holds the larger sample, of which the recorded\n"
             "one is a part, and its work list has only the documents that are added.",
    .example = "  jihe run --date 2026-01-31\n"
               "  jihe run --from 2026-01-01 --to 2026-01-31 --rule volume-jump --seed january\n"
               "  jihe run --extend last --rate 15%",
    .takes = takes,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check,
    .run = run_make,
};

const cli_command cli_run_list = {
    .name = "run list",
    .operands = "",
    .summary = "the runs that are recorded",
    .about = "Prints one line for each recorded run, the oldest first.",
    .example = "  jihe run list",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};
