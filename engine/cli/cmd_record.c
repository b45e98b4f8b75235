#include <stdio.h>

#include "cli/message.h"

static void print_summary(const jihe_record_summary *summary)
{
    char recorded[32], findings[32], already[32], blank[32];

    printf("recorded %s inspection%s with %s finding%s; %s already recorded, %s row%s not filled in\n",
           cli_grouped(summary->recorded, recorded), summary->recorded == 1 ? "" : "s",
           cli_grouped(summary->findings, findings), summary->findings == 1 ? "" : "s",
           cli_grouped(summary->already, already), cli_grouped(summary->blank, blank), summary->blank == 1 ? "" : "s");
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_record_summary summary;
    char own[32];
    const jihe_status st = jihe_record(&summary, workspace, call->operands[0], err);

    if (st == JIHE_OK && !call->quiet)
        print_summary(&summary);
    if (st == JIHE_OK && !call->quiet && summary.own > 0)
        cli_say("inspections by somebody who handled the document: %s", cli_grouped(summary.own, own));
    return st;
}

const cli_command cli_record = {
    .name = "record",
    .operands = "FILE",
    .summary = "a filled work list into the ledger",
    .about =
        "Reads a filled work list (CSV, UTF-8 or GB18030) and records its inspections: all of them,\n"
        "durably, or none. It needs the columns\n"
        "doc_id,inspector,verdict,class,clause,code,responsible,severity,note; others may be there.\n"
        "verdict: pass or fail (通过, 不通过); class: in-rule or out-of-rule (细则内, 细则外). A document with "
        "several\n"
        "errors has several lines. Lines that are not filled in are passed over; what is recorded already\n"
        "is not recorded twice. A wrong line is named with its number (exit code 65). How many inspections are by\n"
        "somebody who handled the document is said.",
    .example = "  jihe record worklist.csv",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .run = run,
};
