#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status revision_of(uint32_t *revision, const cli_call *call, jihe_error *err)
{
    uint64_t number;
    const jihe_status st = cli_number(&number, call, CLI_REVISION, 0, 1, UINT32_MAX, err);

    *revision = st == JIHE_OK ? (uint32_t)number : 0;
    return st;
}

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_snapshot_list(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

/* Show and dump differ in where the rows come from. */
static jihe_status print_one(const cli_call *call, jihe_workspace *workspace,
                             jihe_status (*get)(jihe_rows **, jihe_workspace *, const char *, uint32_t, jihe_error *),
                             jihe_error *err)
{
    jihe_rows *rows;
    uint32_t revision;
    jihe_status st = revision_of(&revision, call, err);

    if (st == JIHE_OK)
        st = get(&rows, workspace, call->operands[0], revision, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status run_show(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    return print_one(call, workspace, jihe_snapshot_show, err);
}

static jihe_status run_dump(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    return print_one(call, workspace, jihe_snapshot_dump, err);
}

static jihe_status run_verify(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    uint32_t revision;
    jihe_status st = revision_of(&revision, call, err);

    if (st == JIHE_OK)
        st = jihe_snapshot_verify(workspace, call->operands[0], revision, err);
    if (st == JIHE_OK && !call->quiet)
        cli_say("%s: digest, checksums, counts and totals are right", call->operands[0]);
    return st;
}

static jihe_status check_drop(const cli_call *call, jihe_error *err)
{
    const bool old = cli_is_given(call, CLI_OLDER_THAN_KEEP);

    if (old == (call->operand_count == 1))
        return cli_fault(err, JIHE_USAGE, "say either DATE, or --older-than-keep --as-of D");
    if (old != cli_is_given(call, CLI_AS_OF))
        return cli_fault(err, JIHE_USAGE, "--older-than-keep and --as-of go together");
    if (old && (cli_is_given(call, CLI_REVISION) || cli_is_given(call, CLI_FORCE)))
        return cli_fault(err, JIHE_USAGE,
                         "--revision and --force go with DATE; what runs refer to is dropped one by one");
    return JIHE_OK;
}

static jihe_status run_drop(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    uint32_t revision;
    jihe_status st = revision_of(&revision, call, err);

    if (st == JIHE_OK && cli_is_given(call, CLI_OLDER_THAN_KEEP))
        st = jihe_snapshot_drop_old(&rows, workspace, cli_value(call, CLI_AS_OF), err);
    else if (st == JIHE_OK)
        st = jihe_snapshot_drop(&rows, workspace, call->operands[0], revision, cli_is_given(call, CLI_FORCE), err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static const cli_takes takes[] = {
    {CLI_REVISION, "that revision of the date (default: the latest)"},
    {CLI_END, NULL},
};

const cli_command cli_snapshot_list = {
    .name = "snapshot list",
    .operands = "",
    .summary = "the snapshots that are stored",
    .about = "Prints one line for each sealed snapshot: date, revision, rows, segments, bytes, totals of\n"
             "the money columns, SHA-256.",
    .example = "  jihe snapshot list --format csv",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};

const cli_command cli_snapshot_show = {
    .name = "snapshot show",
    .operands = "DATE",
    .summary = "the columns of one snapshot",
    .about = "Prints one line for each column: type, roles, how many values are present, missing and different,\n"
             "the smallest, the largest and the sum.",
    .example = "  jihe snapshot show 2026-01-31",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_show,
};

const cli_command cli_snapshot_verify = {
    .name = "snapshot verify",
    .operands = "DATE",
    .summary = "checks one snapshot",
    .about = "Recomputes digest, checksums, counts and totals of a snapshot. Exit code 76 when it is damaged.\n"
             "'jihe verify' checks everything.",
    .example = "  jihe snapshot verify 2026-01-31",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .run = run_verify,
};

const cli_command cli_snapshot_dump = {
    .name = "snapshot dump",
    .operands = "DATE",
    .summary = "the documents of one snapshot",
    .about = "Prints the documents in the order they came, under the names of jihe.yaml. This is raw data for\n"
             "programs: cells are not made safe for spreadsheets, as those of a work list are.",
    .example = "  jihe snapshot dump 2026-01-31 | head",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .format = JIHE_CSV,
    .run = run_dump,
};

static const cli_takes drop_takes[] = {
    {CLI_REVISION, "that revision of the date (default: the latest)"},
    {CLI_FORCE, "also when recorded runs refer to it, or when it is damaged"},
    {CLI_OLDER_THAN_KEEP, "every snapshot older than `keep` in jihe.yaml that no run refers to"},
    {CLI_AS_OF, "the date from which that is counted back"},
    {CLI_END, NULL},
};

const cli_command cli_snapshot_drop = {
    .name = "snapshot drop",
    .operands = "(DATE | --older-than-keep --as-of D)",
    .summary = "takes snapshots away",
    .about = "Removes a snapshot from the disk, after recording its date, revision and digest in the ledger. A\n"
             "snapshot that recorded runs refer to is refused (exit code 77) unless --force is given: the hits of\n"
             "such a run stay, but it can be neither replayed nor listed until the same extract is ingested\n"
             "again. With --older-than-keep such snapshots are kept, and shown. A drop that was interrupted is\n"
             "finished by the next one. Prints what was done.",
    .example = "  jihe snapshot drop 2026-01-31 --revision 1\n"
               "  jihe snapshot drop --older-than-keep --as-of 2026-11-20",
    .takes = drop_takes,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check_drop,
    .run = run_drop,
};
