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

static jihe_status resume_check(const cli_call *call, jihe_error *err)
{
    return cli_is_given(call, CLI_REASON)
               ? JIHE_OK
               : cli_fault(err, JIHE_USAGE, "'quality resume' needs --reason, saying what was done about the errors");
}

static jihe_status resume_run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *rule = call->operands[0], *group = call->operands[1];
    const jihe_status st = jihe_quality_resume(workspace, rule, group, cli_value(call, CLI_REASON), err);

    if (st == JIHE_OK && !call->quiet)
        cli_say("inspection of '%s' by rule '%s' is taken up again, tightened, from the next run on", group, rule);
    return st;
}

static const cli_takes resume_takes[] = {
    {CLI_REASON, "what was done about the causes of the errors; it is recorded"},
    {CLI_END, NULL},
};

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

const cli_command cli_quality_resume = {
    .name = "quality resume",
    .operands = "RULE GROUP --reason TEXT",
    .summary = "samples a discontinued group again, tightened",
    .about =
        "A group whose inspection is discontinued is inspected whole, whatever comes of it, until the causes have\n"
        "been dealt with and somebody says so here. From the next run on it is sampled again, tightened. The\n"
        "ledger keeps the reason; 'jihe quality changes' shows it.",
    .example = "  jihe quality resume follow 资金 --reason 'payee check trained on 20 January'",
    .takes = resume_takes,
    .operands_min = 2,
    .operands_max = 2,
    .needs_workspace = true,
    .check = resume_check,
    .run = resume_run,
};
