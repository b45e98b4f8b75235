#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/target.h"

static jihe_status check(const cli_call *call, jihe_error *err)
{
    const bool checks = cli_is_given(call, CLI_CHECK);

    if (checks == (call->operand_count == 1))
        return cli_fault(err, JIHE_USAGE, "say either RUN, or --check FILE");
    if (checks && (cli_is_given(call, CLI_DOCUMENT) || cli_is_given(call, CLI_OUTPUT)))
        return cli_fault(err, JIHE_USAGE, "--document and --output go with RUN, not with --check");
    return JIHE_OK;
}

static jihe_status write_file(const cli_call *call, jihe_workspace *workspace, const char *file, jihe_error *err)
{
    cli_target target;
    jihe_status st = cli_target_open(&target, file, err);

    if (st != JIHE_OK)
        return st;
    st = jihe_prove(workspace, call->operands[0], cli_value(call, CLI_DOCUMENT), cli_put, target.file, err);
    return cli_target_close(&target, st, err);
}

static jihe_status make(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    const char *file = cli_value(call, CLI_OUTPUT);

    if (file == NULL || strcmp(file, "-") == 0)
        return jihe_prove(workspace, call->operands[0], cli_value(call, CLI_DOCUMENT), cli_put, stdout, err);
    const jihe_status st = write_file(call, workspace, file, err);

    if (st == JIHE_OK && !call->quiet)
        cli_say("wrote %s", file);
    return st;
}

/* Anybody may check a certificate anywhere; where the workspace is at hand, its ledger is asked too. */
static jihe_status check_file(const cli_call *call, jihe_error *err)
{
    const char *file = cli_value(call, CLI_CHECK);
    jihe_workspace *workspace = NULL;
    jihe_proof proof;
    char numbers[2][32], path[4096];
    const int len = snprintf(path, sizeof path, "%s/jihe.yaml", call->workspace);
    jihe_status st = JIHE_OK;

    if (len > 0 && (size_t)len < sizeof path && access(path, F_OK) == 0)
        st = cli_call_open(&workspace, call, err);
    if (st == JIHE_OK && (st = jihe_proof_check(&proof, workspace, file, err)) == JIHE_OK) {
        printf("right: %s lines of run %s, %s of them selected, in %llu strata of %llu rules\ndigest %s\n",
               cli_grouped(proof.lines, numbers[0]), proof.run, cli_grouped(proof.selected, numbers[1]),
               (unsigned long long)proof.strata, (unsigned long long)proof.rules, proof.digest);
        if (!call->quiet)
            cli_say(workspace == NULL ? "no workspace here: whether the ledger knows the certificate was not asked"
                                      : "the ledger knows the certificate");
    }
    jihe_workspace_close(workspace);
    return st;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    if (cli_is_given(call, CLI_CHECK))
        return check_file(call, err);
    jihe_status st = cli_call_open(&workspace, call, err);

    if (st == JIHE_OK)
        st = make(call, workspace, err);
    jihe_workspace_close(workspace);
    return st;
}

static const cli_takes takes[] = {
    {CLI_DOCUMENT, "only the lines of the document with this id, for somebody who shall see no other"},
    {CLI_OUTPUT, "write to FILE, which appears whole and readable by you only (0600)"},
    {CLI_CHECK, "check the certificate FILE instead of making one"},
    {CLI_END, NULL},
};

const cli_command cli_prove = {
    .name = "prove",
    .operands = "(RUN | --check FILE)",
    .summary = "a certificate that nobody chose what was drawn",
    .about = "Prints a certificate of a recorded run: its seed and the promise of it, the digest of every frame,\n"
             "the numbers of the selected documents and of the next one. --check says whether a certificate is\n"
             "right; where a workspace is, it also asks whether its ledger knows it. tests/verify_certificate.py\n"
             "of jihe does the same without jihe. All certificates of a run have the same digest: with that\n"
             "published, a person can check their own document's certificate alone.",
    .example = "  jihe prove last --output certificate.txt\n"
               "  jihe prove last --document ZJ-0001\n"
               "  jihe prove --check certificate.txt",
    .takes = takes,
    .operands_max = 1,
    .check = check,
    .run = run,
};
