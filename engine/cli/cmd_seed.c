#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status commit_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint64_t days;
    jihe_rows *rows;
    jihe_status st = cli_number(&days, call, CLI_DAYS, 30, 1, 3660, err);

    if (st == JIHE_OK)
        st = jihe_seed_promise(&rows, workspace, cli_value(call, CLI_FROM), (uint32_t)days, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status list_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_seed_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_DAYS, "how many days (default 30)"},
    {CLI_FROM, "the first day (default: the one after the last promised, or today)"},
    {CLI_END, NULL},
};

const cli_command cli_seed_commit = {
    .name = "seed commit",
    .operands = "",
    .summary = "promises the seeds of days to come",
    .about = "Records and prints the SHA-256 of the seed of each of the days to come. The seed itself comes out with\n"
             "the day's run; that it fits the hash shows that it was fixed before the day's documents were known.\n"
             "Send the list to whoever shall be able to check. A day that is promised keeps its promise.",
    .example = "  jihe seed commit --days 30",
    .takes = takes,
    .needs_workspace = true,
    .prints_rows = true,
    .run = commit_run,
};

const cli_command cli_seed_list = {
    .name = "seed list",
    .operands = "",
    .summary = "the seeds that are promised",
    .about = "Prints each promised day with the SHA-256 of its seed and the number of the ledger event.",
    .example = "  jihe seed list --format csv",
    .needs_workspace = true,
    .prints_rows = true,
    .run = list_run,
};
