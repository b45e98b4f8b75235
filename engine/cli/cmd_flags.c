#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_flags(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_flags = {
    .name = "flags",
    .operands = "RUN",
    .summary = "who stood out in a run, and why",
    .about = "Prints one line for each person that a rule with a flag looked at: documents in the period, the\n"
             "median of the earlier months and how many there were, the verdict, and whether the roster shows a\n"
             "change of post.",
    .example = "  jihe flags last",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
