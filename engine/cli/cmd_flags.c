#include "cli/call.h"
#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st =
        (cli_is_given(call, CLI_MEMBERS) ? jihe_flag_members : jihe_flags)(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_MEMBERS, "the documents of each group instead, of flags that are about documents"},
    {CLI_END, NULL},
};

const cli_command cli_flags = {
    .name = "flags",
    .operands = "RUN",
    .summary = "who or what stood out in a run, and why",
    .about =
        "Prints one line for each group that a rule with a flag looked at, a person for example: the verdict, and\n"
        "what it is based on. 'not tested' is never 'normal': the reason says why nobody can tell. Figures that\n"
        "a kind of flag does not have are left out. The run keeps all this; it needs no snapshots.",
    .example = "  jihe flags last\n"
               "  jihe flags last --members --format csv > members.csv",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
