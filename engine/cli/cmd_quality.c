#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status states_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *rate = cli_value(call, CLI_ERROR_RATE);
    jihe_rows *rows;
    jihe_status st = jihe_quality(&rows, workspace, rate, err);

    if (st == JIHE_OK)
        st = cli_print_rows(call, rows, 0, err);
    if (st == JIHE_OK && !call->quiet)
        cli_say("notice_lots: after so many lots of this size, a group at %s errors is inspected tightened with "
                "probability 95 %%",
                rate != NULL ? rate : "four times the acceptable rate of");
    return st;
}

static jihe_status changes_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_quality_changes(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_ERROR_RATE, "how bad a group notice_lots is about, like 4% (default: four times the rule's aql)"},
    {CLI_END, NULL},
};

const cli_command cli_quality = {
    .name = "quality",
    .operands = "",
    .summary = "whose inspection is tightened or reduced, and how soon errors are noticed",
    .about =
        "Prints one line for each group of each rule whose rate follows quality: the state of inspection and since\n"
        "when, lots judged and waiting to be inspected, the rate of the next run, the size of the last lot and\n"
        "the errors allowed in it, and after how many such lots a group at a given rate of errors is inspected\n"
        "tightened with probability 95 %.",
    .example = "  jihe quality --error-rate 4%",
    .takes = takes,
    .needs_workspace = true,
    .prints_rows = true,
    .run = states_run,
};

const cli_command cli_quality_changes = {
    .name = "quality changes",
    .operands = "",
    .summary = "changes of the state of inspection, with reasons",
    .about = "Prints each change of a group's state that was recorded, the oldest first: the ledger event, rule,\n"
             "group, the date of the lot that led to it, from which state to which, and why.",
    .example = "  jihe quality changes",
    .needs_workspace = true,
    .prints_rows = true,
    .run = changes_run,
};
