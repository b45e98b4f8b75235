#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const unsigned flags = cli_is_given(call, CLI_RAW) ? 0 : JIHE_CSV_BOM | JIHE_CSV_GUARD;
    const char *file = cli_value(call, CLI_OUTPUT);
    jihe_rows *rows;
    jihe_status st = jihe_worklist(&rows, workspace, call->operands[0], err);

    if (st == JIHE_OK)
        st = file == NULL ? cli_print_rows(call, rows, flags, err) : cli_save_rows(call, rows, flags, file, err);
    if (st == JIHE_OK && file != NULL && !call->quiet)
        cli_say("wrote %s", file);
    return st;
}

static const cli_takes takes[] = {
    {CLI_OUTPUT, "write to FILE, which appears whole and readable by you only (0600)"},
    {CLI_RAW, "CSV for programs: no byte order mark, LF, cells as they are"},
    {CLI_END, NULL},
};

const cli_command cli_worklist = {
    .name = "worklist",
    .operands = "RUN",
    .summary = "the documents to inspect",
    .about = "Prints one line for each document that a run selected, with every rule that hit it, the document's\n"
             "columns, and empty columns for the inspector to fill in; 'jihe record' takes the filled list. RUN\n"
             "is a run's id, the beginning of one, or 'last'. The CSV is made for spreadsheets: it begins with a\n"
             "byte order mark, lines end with CRLF, and a cell that would start a formula gets a leading\n"
             "apostrophe.",
    .example = "  jihe worklist last --output worklist.csv",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .format = JIHE_CSV,
    .run = run,
};
