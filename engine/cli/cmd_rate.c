#include "cli/call.h"
#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *from = cli_value(call, CLI_FROM);
    const char *to = cli_value(call, CLI_TO);
    jihe_rows *rows;
    cli_list keys;
    jihe_status st = cli_list_make(&keys, call, CLI_BY, ',', err);

    if (st != JIHE_OK)
        return st;
    st = jihe_rate(&rows, workspace, from != NULL ? from : "0001-01-01", to != NULL ? to : "9999-12-31", keys.items,
                   keys.count, err);
    if (st == JIHE_OK)
        st = cli_print_rows(call, rows, 0, err);
    cli_list_deinit(&keys);
    return st;
}

static const cli_takes takes[] = {
    {CLI_FROM, "the first business date (default: the earliest)"},
    {CLI_TO, "the last business date (default: the latest)"},
    {CLI_BY, "one line for each value of these; may be repeated"},
    {CLI_END, NULL},
};

const cli_command cli_rate = {
    .name = "rate",
    .operands = "",
    .summary = "error rates with their intervals",
    .about = "Prints in-rule and out-of-rule error rates of the inspected documents with 95 % limits, as\n"
             "proportions. Results of random and of targeted rules stay apart (basis). A key is a category\n"
             "column, month, rule, clause or inspector.",
    .example = "  jihe rate --from 2026-01-01 --to 2026-03-31 --by team,month",
    .takes = takes,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
