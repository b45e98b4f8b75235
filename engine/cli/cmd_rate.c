#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status make_rows(jihe_rows **rows, const cli_call *call, jihe_workspace *workspace, const cli_list *keys,
                             jihe_error *err)
{
    const char *from = cli_is_given(call, CLI_FROM) ? cli_value(call, CLI_FROM) : "0001-01-01";
    const char *to = cli_is_given(call, CLI_TO) ? cli_value(call, CLI_TO) : "9999-12-31";
    uint64_t gone = 0;

    if (!cli_is_given(call, CLI_AUTOMATIC))
        return jihe_rate(rows, workspace, from, to, keys->items, keys->count, err);
    const jihe_status st = jihe_rate_automatic(rows, &gone, workspace, from, to, keys->items, keys->count, err);

    if (st == JIHE_OK && gone > 0)
        cli_say("%llu checks of a date by a rule are not counted: their snapshots were dropped",
                (unsigned long long)gone);
    return st;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    cli_list keys;
    jihe_status st = cli_list_make(&keys, call, CLI_BY, ',', err);

    if (st != JIHE_OK)
        return st;
    st = make_rows(&rows, call, workspace, &keys, err);
    if (st == JIHE_OK)
        st = cli_print_rows(call, rows, 0, err);
    cli_list_deinit(&keys);
    return st;
}

static const cli_takes takes[] = {
    {CLI_FROM, "the first business date (default: the earliest)"},
    {CLI_TO, "the last business date (default: the latest)"},
    {CLI_BY, "one line for each value of these; may be repeated"},
    {CLI_AUTOMATIC, "what rules with 'expect: none' found, among all documents they checked"},
    {CLI_END, NULL},
};

const cli_command cli_rate = {
    .name = "rate",
    .operands = "",
    .summary = "error rates with their intervals",
    .about = "Prints in-rule and out-of-rule error rates of the inspected documents with 95 % limits, as\n"
             "proportions. Results of random and of targeted rules stay apart (basis). A key is a category\n"
             "column, month, rule, clause or inspector.\n"
             "Findings that automatic checks made are in none of these rates, as nobody inspected the documents:\n"
             "--automatic prints them instead, a line for each rule, among all documents that the rule could decide\n"
             "(checked) and beside those it could not (undecided). They are complete counts without limits.",
    .example = "  jihe rate --from 2026-01-01 --to 2026-03-31 --by team,month\n"
               "  jihe rate --automatic --by reviewer",
    .takes = takes,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
