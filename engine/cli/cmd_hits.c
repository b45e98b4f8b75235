#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_hits(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_hits = {
    .name = "hits",
    .operands = "RUN",
    .summary = "every hit of a run",
    .about = "Prints one line for each rule and document that a run selected: rule, stratum, document, draw\n"
             "number, probability of having been selected, date. RUN is a run's id, the beginning of one, or\n"
             "'last'. This is raw data for programs: cells are not made safe for spreadsheets, as those of a\n"
             "work list are.",
    .example = "  jihe hits last --format csv > hits.csv",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
