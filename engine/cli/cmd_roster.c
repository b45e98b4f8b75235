#include <stdio.h>

#include "cli/message.h"
#include "cli/output.h"

static jihe_status run_import(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint64_t postings;
    int is_new;
    char count[32];
    const jihe_status st = jihe_roster_import(&postings, &is_new, workspace, call->operands[0], err);

    if (st == JIHE_OK && !call->quiet)
        printf("roster of %s posting%s%s\n", cli_grouped(postings, count), postings == 1 ? "" : "s",
               is_new ? "" : "; the same as before: nothing new was written");
    return st;
}

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_roster_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_roster_import = {
    .name = "roster import",
    .operands = "FILE",
    .summary = "people and their posts over time",
    .about = "Reads a CSV file with the header person,unit,post,from,to (dates; an empty 'to' is a post still\n"
             "held), UTF-8 or GB18030. It replaces the roster. A person whose post changed is not flagged for a\n"
             "jump in volume. A further column 'capacity' says of inspectors how many documents they inspect a\n"
             "day, for 'jihe worklist RUN --assign'; it is empty for everybody else.",
    .example = "  jihe roster import roster.csv",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .run = run_import,
};

const cli_command cli_roster_list = {
    .name = "roster list",
    .operands = "",
    .summary = "the roster in force",
    .about = "Prints one line for each posting.",
    .example = "  jihe roster list",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};
