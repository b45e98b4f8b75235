#include "cli/call.h"
#include "cli/message.h"

static jihe_status check(const cli_call *call, jihe_error *err)
{
    if (!cli_is_given(call, CLI_FROM) || !cli_is_given(call, CLI_TO) || !cli_is_given(call, CLI_OUTPUT))
        return cli_fault(err, JIHE_USAGE, "usage: jihe report --from A --to B --output FILE");
    return JIHE_OK;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *file = cli_value(call, CLI_OUTPUT);
    const jihe_status st =
        jihe_report(workspace, cli_value(call, CLI_FROM), cli_value(call, CLI_TO), call->lang, file, err);

    if (st == JIHE_OK && !call->quiet)
        cli_say("wrote %s", file);
    return st;
}

static const cli_takes takes[] = {
    {CLI_FROM, "the first business date"},
    {CLI_TO, "the last business date"},
    {CLI_OUTPUT, "the page to write"},
    {CLI_END, NULL},
};

const cli_command cli_report = {
    .name = "report",
    .operands = "--from A --to B --output FILE",
    .summary = "a page about a period",
    .about = "Writes one self-contained HTML page about a period: rates by rule and team, the trend by month,\n"
             "the last run.",
    .example = "  jihe report --from 2026-01-01 --to 2026-03-31 --lang zh --output report.html",
    .takes = takes,
    .needs_workspace = true,
    .check = check,
    .run = run,
};
