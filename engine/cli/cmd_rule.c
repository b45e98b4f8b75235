#include <inttypes.h>
#include <stdio.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_rule_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status run_check(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint64_t count;
    const jihe_status st = jihe_rule_check(&count, workspace, err);

    if (st == JIHE_OK && !call->quiet)
        printf("%" PRIu64 " rule%s right\n", count, count == 1 ? " is" : "s are");
    return st;
}

static jihe_status run_explain(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_rule_explain(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status check_period(const cli_call *call, jihe_error *err)
{
    const bool from = cli_is_given(call, CLI_FROM), to = cli_is_given(call, CLI_TO);

    if (cli_is_given(call, CLI_DATE) ? from || to : !from || !to)
        return cli_fault(err, JIHE_USAGE, "say either --date D, or both --from A and --to B");
    return JIHE_OK;
}

static jihe_rule_try_options period_of(const cli_call *call)
{
    const char *date = cli_value(call, CLI_DATE);

    return (jihe_rule_try_options){.size = sizeof(jihe_rule_try_options),
                                   .from = date != NULL ? date : cli_value(call, CLI_FROM),
                                   .to = date != NULL ? date : cli_value(call, CLI_TO),
                                   .seed = cli_value(call, CLI_SEED)};
}

static jihe_status run_try(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rule_try_options options = period_of(call);
    jihe_rows *rows;
    jihe_status st = cli_number(&options.inspectors, call, CLI_INSPECTORS, 0, 1, 1000000, err);

    if (st != JIHE_OK)
        return st;
    options.rule = call->operands[0];
    st = jihe_rule_try(&rows, workspace, &options, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status run_diff(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const jihe_rule_try_options options = period_of(call);
    jihe_rule_difference summary;
    jihe_rows *rows;
    jihe_status st = jihe_rule_diff(&rows, &summary, workspace, call->operands[0], call->operands[1], &options, err);

    if (st != JIHE_OK || (st = cli_print_rows(call, rows, 0, err)) != JIHE_OK || call->quiet)
        return st;
    for (int side = 0; side < 2; side++)
        cli_say("%c, %s: frame %" PRIu64 ", undecided %" PRIu64 ", selected %" PRIu64, "AB"[side],
                call -> operands[side], summary.frame[side], summary.undecided[side], summary.selected[side]);
    return JIHE_OK;
}

const cli_command cli_rule_list = {
    .name = "rule list",
    .operands = "",
    .summary = "the rules of the workspace",
    .about = "Prints one line for each rule in rules/*.yaml.",
    .example = "  jihe rule list",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};

const cli_command cli_rule_check = {
    .name = "rule check",
    .operands = "",
    .summary = "reads the rules and checks them",
    .about = "Reads every rule file and checks each rule against the columns of jihe.yaml. The first mistake is\n"
             "named with file, line and column (exit code 78).",
    .example = "  jihe rule check",
    .needs_workspace = true,
    .run = run_check,
};

const cli_command cli_rule_explain = {
    .name = "rule explain",
    .operands = "ID",
    .summary = "what a rule says, as the program reads it",
    .about = "Prints the frame of a rule, its condition as a tree with the types of columns and values, the steps it\n"
             "is evaluated in, and which columns it reads and how many bytes they have in the latest snapshot.",
    .example = "  jihe rule explain large-payment",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_explain,
};

static const cli_takes try_takes[] = {
    {CLI_DATE, "one business date, like 2026-01-31"},
    {CLI_FROM, "the first business date of a period"},
    {CLI_TO, "the last business date of it"},
    {CLI_INSPECTORS, "how many people share the work"},
    {CLI_SEED, "any text (default: a seed for trials, never that of a night)"},
    {CLI_END, NULL},
};

const cli_command cli_rule_try = {
    .name = "rule try",
    .operands = "ID (--date D | --from A --to B)",
    .summary = "what a rule would come to, without recording it",
    .about =
        "Evaluates a rule over stored dates beside the enabled others and records nothing. Prints its frame, what\n"
        "is undecided, how many documents it would select, on each date and for each inspector, how many of\n"
        "them other rules select as well, and for each threshold how many lie less than 5% below it.",
    .example = "  jihe rule try large-payment --from 2026-01-01 --to 2026-01-31 --inspectors 4",
    .takes = try_takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check_period,
    .run = run_try,
};

static const cli_takes diff_takes[] = {
    {CLI_DATE, "one business date, like 2026-01-31"},
    {CLI_FROM, "the first business date of a period"},
    {CLI_TO, "the last business date of it"},
    {CLI_SEED, "any text (default: a seed for trials, never that of a night)"},
    {CLI_END, NULL},
};

const cli_command cli_rule_diff = {
    .name = "rule diff",
    .operands = "A B (--date D | --from A --to B)",
    .summary = "what two rules select differently",
    .about = "Prints the documents that one of two rules selects and the other does not, and whether the other has\n"
             "them in its frame. A rule is named by its id, or as FILE.yaml:ID, so that a changed rule can be\n"
             "compared before it is put into the workspace. Records nothing.",
    .example = "  jihe rule diff large-payment changed.yaml:large-payment --date 2026-01-31",
    .takes = diff_takes,
    .operands_min = 2,
    .operands_max = 2,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check_period,
    .run = run_diff,
};
