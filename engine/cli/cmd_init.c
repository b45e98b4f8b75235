#include "cli/message.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *dir = call->operands[0];
    const jihe_status st = jihe_workspace_init(dir, err);

    (void)workspace;
    if (st == JIHE_OK && !call->quiet)
        cli_say("made the workspace %s; next: say in %s/jihe.yaml what your documents look like", dir, dir);
    return st;
}

const cli_command cli_init = {
    .name = "init",
    .operands = "DIR",
    .summary = "makes a workspace",
    .about = "Makes a workspace: jihe.yaml with an example to change, rules/, an empty ledger, and the secret\n"
             "that seeds are made from. DIR must not exist or be empty. Nobody but you can read it (0700).",
    .example = "  jihe init audit",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
