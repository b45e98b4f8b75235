#include "cli/output.h"

static jihe_status strata_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_strata(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status patterns_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_patterns(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_strata = {
    .name = "strata",
    .operands = "RUN",
    .summary = "how many of each group a run drew from and selected",
    .about = "Prints one line for each rule and stratum of a run: the documents it drew from, and how many it\n"
             "selected. A rule that draws money units has a line '(zero or negative)' for the documents without a\n"
             "positive amount, from which nothing can be drawn in proportion to it, with their total.",
    .example = "  jihe strata last",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = strata_run,
};

const cli_command cli_patterns = {
    .name = "patterns",
    .operands = "RUN",
    .summary = "by which draws documents could have been selected",
    .about = "Prints one line for each eligibility pattern of a run: the draws by chance that could have selected a\n"
             "document, how many documents of the frame that is so for, and how many of them are on the work\n"
             "list. '(certain)': some rule takes the document in any case. Documents of one pattern had the same\n"
             "chance, so the listed ones are a random sample of them.",
    .example = "  jihe patterns last",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = patterns_run,
};
