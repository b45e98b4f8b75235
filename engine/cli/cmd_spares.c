#include "cli/call.h"
#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint64_t count;
    jihe_rows *rows;
    jihe_status st = cli_number(&count, call, CLI_COUNT, 5, 1, 1000000, err);

    if (st == JIHE_OK)
        st = jihe_spares(&rows, workspace, call->operands[0], (uint32_t)count, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_COUNT, "how many of each group (default 5)"},
    {CLI_END, NULL},
};

const cli_command cli_spares = {
    .name = "spares",
    .operands = "RUN",
    .summary = "documents to take where one cannot be inspected",
    .about = "Prints the next documents of each group of each rule that draws by the smallest numbers, in the order in\n"
             "which they take the place of a selected one that cannot be inspected. The order is fixed with the\n"
             "draw, so that taking the next one chooses nothing, and the sample stays a random one. 'listed': it is\n"
             "on the work list already, by another rule, and its inspection counts for this one too.",
    .example = "  jihe spares last --count 3",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
