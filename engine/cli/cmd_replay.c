#include <stdio.h>

#include "cli/message.h"

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const jihe_status st = jihe_replay(workspace, call->operands[0], err);

    if (st == JIHE_OK && !call->quiet)
        printf("identical: run %s comes out the same, byte for byte\n", call->operands[0]);
    return st;
}

const cli_command cli_replay = {
    .name = "replay",
    .operands = "RUN",
    .summary = "recomputes a run and compares",
    .about = "Recomputes a run from the snapshots, the rules and the seed it was made with, and compares every\n"
             "byte with what was recorded. Exit code 0: identical. Exit code 1: it came out differently, and the\n"
             "message says where.",
    .example = "  jihe replay last",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .run = run,
};
