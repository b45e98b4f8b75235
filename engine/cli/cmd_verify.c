#include "cli/output.h"

/* Damage does not keep the report from being printed: it says what is damaged. */
static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_error trouble = {0};
    jihe_rows *report = NULL;
    const jihe_status verdict = jihe_verify(&report, workspace, &trouble);
    const jihe_status st = report != NULL ? cli_print_rows(call, report, 0, err) : JIHE_OK;

    if (verdict == JIHE_OK)
        return st;
    *err = trouble;
    return verdict;
}

const cli_command cli_verify = {
    .name = "verify",
    .operands = "",
    .summary = "checks everything that is stored",
    .about = "Checks the ledger's whole chain against its anchor, the hits of every run, and every snapshot.\n"
             "Prints one line for each; exit code 76 when something is damaged.",
    .example = "  jihe verify",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run,
};
