#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status check(const cli_call *call, jihe_error *err)
{
    if (cli_is_given(call, CLI_MEMBERS) && cli_is_given(call, CLI_OUTCOME))
        return cli_fault(err, JIHE_USAGE, "--members and --outcome print different tables; choose one");
    return JIHE_OK;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_status (*list)(jihe_rows **, jihe_workspace *, const char *, jihe_error *) =
        cli_is_given(call, CLI_MEMBERS)   ? jihe_flag_members
        : cli_is_given(call, CLI_OUTCOME) ? jihe_flag_outcomes
                                          : jihe_flags;
    jihe_rows *rows;
    const jihe_status st = list(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_MEMBERS, "the documents of each group instead, of flags that are about documents"},
    {CLI_OUTCOME, "what inspections have found since, of the flagged groups, and where else they stood out"},
    {CLI_END, NULL},
};

const cli_command cli_flags = {
    .name = "flags",
    .operands = "RUN",
    .summary = "who or what stood out in a run, and why",
    .about =
        "Prints one line for each group that a rule with a flag looked at, a person for example: the verdict, and\n"
        "what it is based on. 'not tested' is never 'normal': the reason says why nobody can tell. Figures that\n"
        "a kind of flag does not have are left out. The run keeps all this; it needs no snapshots.\n"
        "--outcome joins the flagged groups to what inspections of their selected documents have found since, with\n"
        "95 % limits, and to the other flags of the run.",
    .example = "  jihe flags last\n"
               "  jihe flags last --members --format csv > members.csv",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check,
    .run = run,
};
