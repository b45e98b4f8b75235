#include "cli/call.h"
#include "cli/message.h"

enum { MOST_PER_DAY = 1000000 };

static void say(void *context, const char *line)
{
    (void)context;
    cli_say("%s", line);
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_demo_options options = {.size = sizeof options, .threads = call->threads, .say = call->quiet ? NULL : say};
    uint64_t per_day;
    jihe_status st;

    (void)workspace;
    if ((st = cli_number(&per_day, call, CLI_DOCUMENTS_PER_DAY, 0, 1, MOST_PER_DAY, err)) != JIHE_OK ||
        (st = cli_number(&options.seed, call, CLI_SEED, 1, 0, UINT64_MAX, err)) != JIHE_OK)
        return st;
    options.per_day = (uint32_t)per_day;
    return jihe_demo(call->operands[0], &options, err);
}

static const cli_takes takes[] = {
    {CLI_DOCUMENTS_PER_DAY, "documents of a working day (default: 600)"},
    {CLI_SEED, "a whole number; the same one gives the same bytes (default: 1)"},
    {CLI_END, NULL},
};

const cli_command cli_demo = {
    .name = "demo",
    .operands = "DIR",
    .summary = "makes up a centre and audits it",
    .about = "Makes a workspace with three made-up months of a centre and runs the whole flow on it: extract,\n"
             "snapshots, rules, work lists, made-up inspection results, rates, report. DIR must not exist or be\n"
             "empty. The page to look at is DIR/out/report.html.",
    .example = "  jihe demo centre\n"
               "  jihe rate --workspace centre --by team",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
