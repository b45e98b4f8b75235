#include <stdio.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status check_add(const cli_call *call, jihe_error *err)
{
    return cli_is_given(call, CLI_FROM) ? JIHE_OK : cli_fault(err, JIHE_USAGE, "since when? --from DATE is needed");
}

static jihe_status run_add(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const jihe_note note = {.size = sizeof note,
                            .text = call->operands[0],
                            .from = cli_value(call, CLI_FROM),
                            .to = cli_value(call, CLI_TO),
                            .unit = cli_value(call, CLI_UNIT),
                            .person = cli_value(call, CLI_PERSON),
                            .type = cli_value(call, CLI_TYPE),
                            .mark_only = cli_is_given(call, CLI_MARK_ONLY)};
    uint64_t number;
    int is_new;
    const jihe_status st = jihe_note_add(&number, &is_new, workspace, &note, err);

    if (st == JIHE_OK && !call->quiet)
        printf("note %llu%s\n", (unsigned long long)number,
               is_new ? "" : " says this already: nothing new was written");
    return st;
}

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_note_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

/* The number of a note, as an operand. */
static jihe_status note_number(uint64_t *number, const char *text, jihe_error *err)
{
    *number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || *number > (UINT64_MAX - 9) / 10)
            return cli_fault(err, JIHE_USAGE, "'%s' is no number of a note; 'jihe note list' shows them", text);
        *number = *number * 10 + (uint64_t)(*at - '0');
    }
    return JIHE_OK;
}

static jihe_status check_withdraw(const cli_call *call, jihe_error *err)
{
    return cli_is_given(call, CLI_REASON) ? JIHE_OK : cli_fault(err, JIHE_USAGE, "why? --reason TEXT is needed");
}

static jihe_status run_withdraw(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint64_t number;
    jihe_status st = note_number(&number, call->operands[0], err);

    if (st == JIHE_OK)
        st = jihe_note_withdraw(workspace, number, cli_value(call, CLI_REASON), err);
    if (st == JIHE_OK && !call->quiet)
        printf("note %llu is withdrawn\n", (unsigned long long)number);
    return st;
}

static const cli_takes add_takes[] = {
    {CLI_FROM, "the first day"},
    {CLI_TO, "the last day (default: none, things are different since the first day)"},
    {CLI_UNIT, "it concerns the people of this unit"},
    {CLI_PERSON, "it concerns this person"},
    {CLI_TYPE, "it concerns the people who handle this document type"},
    {CLI_MARK_ONLY, "it only marks the trend of reports, and excuses nobody"},
    {CLI_END, NULL},
};

const cli_command cli_note_add = {
    .name = "note add",
    .operands = "TEXT --from DATE",
    .summary = "a change of the business: a new subsidiary, a migration",
    .about = "Records what happened, when, and whom it concerns: everybody, or a unit, a person, a document type. The\n"
             "people concerned are not tested for a jump in volume where the note may explain it, and reports mark\n"
             "the month in the trend. It stays in the ledger; the same note again writes nothing.",
    .example = "  jihe note add 新子公司上线 --from 2026-05-01 --unit 应付\n"
               "  jihe note add '旧系统数据批量导入' --from 2026-05-06 --to 2026-05-08 --type 预付款",
    .takes = add_takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .check = check_add,
    .run = run_add,
};

const cli_command cli_note_list = {
    .name = "note list",
    .operands = "",
    .summary = "the notes, also those withdrawn",
    .about = "Prints one line for each note: its number, days, whom it concerns, whether it excuses people from being\n"
             "tested, its text, the day it was recorded, and the ledger event that withdrew it.",
    .example = "  jihe note list --format csv",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};

static const cli_takes withdraw_takes[] = {
    {CLI_REASON, "why, for whoever reads the ledger later"},
    {CLI_END, NULL},
};

const cli_command cli_note_withdraw = {
    .name = "note withdraw",
    .operands = "NUMBER --reason TEXT",
    .summary = "a note that shall not count any more",
    .about = "Records that a note was wrong. Runs from now on do not ask it; those made before keep it, so that they\n"
             "can be replayed.",
    .example = "  jihe note withdraw 17 --reason '上线推迟到六月'",
    .takes = withdraw_takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .check = check_withdraw,
    .run = run_withdraw,
};
