#include <inttypes.h>
#include <stdio.h>

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
