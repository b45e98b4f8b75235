#include "cli/help.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    (void)workspace;
    return cli_help(call->operands, call->operand_count, err);
}

const cli_command cli_help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "how to use a command",
    .about = "Prints how to use a command, or all commands in brief.",
    .example = "  jihe help ingest",
    .operands_max = 2,
    .run = run,
};
