#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_run_findings(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_findings = {
    .name = "findings",
    .operands = "RUN",
    .summary = "what automatic checks of a run found",
    .about = "Prints one line for each document that a rule with 'expect: none' hit: such a hit is an in-rule finding\n"
             "on the rule's clause, made by the rule itself. RUN is a run's id, the beginning of one, or 'last'.",
    .example = "  jihe findings last --format csv > findings.csv",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
