#include <stdio.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

static jihe_status run_import(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_roster_summary summary;
    char postings[32], others[32];
    const jihe_status st = jihe_roster_import(&summary, workspace, call->operands[0], err);

    if (st != JIHE_OK || call->quiet)
        return st;
    printf("roster of %s posting%s", cli_grouped(summary.postings, postings), summary.postings == 1 ? "" : "s");
    if (summary.others > 0)
        printf(" and %s other row%s", cli_grouped(summary.others, others), summary.others == 1 ? "" : "s");
    printf("%s\n", summary.is_new ? "" : "; the same as before: nothing new was written");
    return st;
}

static jihe_status print_roster(const cli_call *call, jihe_workspace *workspace, const char *person, jihe_error *err)
{
    jihe_roster_query query = {.size = sizeof query, .person = person};
    const char *at = cli_value(call, CLI_AT);
    jihe_rows *rows;
    jihe_status st = cli_number(&query.event, call, CLI_EVENT, 0, 1, UINT64_MAX, err);

    if (st == JIHE_OK)
        st = at != NULL ? jihe_roster_day(&rows, workspace, at, &query, err)
                        : jihe_roster_list(&rows, workspace, &query, err);
    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

static jihe_status run_list(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    return print_roster(call, workspace, NULL, err);
}

static jihe_status run_history(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    return print_roster(call, workspace, call->operands[0], err);
}

static jihe_status run_versions(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;
    const jihe_status st = jihe_roster_versions(&rows, workspace, err);

    return st != JIHE_OK ? st : cli_print_rows(call, rows, 0, err);
}

const cli_command cli_roster_import = {
    .name = "roster import",
    .operands = "FILE",
    .summary = "people over time: posts, leave, who covers whom, ids",
    .about =
        "Reads a CSV file, UTF-8 or GB18030, and replaces the roster; what was imported before stays readable.\n"
        "The header is person,unit,post,from,to (人员,单位,岗位,自,至) and, where wanted, more of these columns:\n"
        "  capacity (日稽核量)  of inspectors, how many documents they inspect a day (worklist --assign)\n"
        "  types (单据类型)     document types handled, with ';' between them; empty: not known\n"
        "  calendar (日历)      weekdays worked, 123456 for Monday to Saturday; empty: the workspace's calendar\n"
        "  kind (类别)          what the row is; empty or post (岗位): a post held\n"
        "  other (对方)         who is covered, or the other id\n"
        "Rows of the other kinds have a person, days, and perhaps 'other':\n"
        "  leave (休假)     away from..to\n"
        "  covers (代岗)    does the work of 'other' from..to, who is absent\n"
        "  renamed (更名)   since 'from' the same person works as 'other', a new id\n"
        "  merged (合并)    since 'from' this id is booked under 'other', which had documents of its own\n"
        "  split (拆分)     since 'from' a part of this id's documents is booked under another id\n"
        "  shared (共用)    several people work under this id\n"
        "Days are like 2026-01-31; an empty 'to' is open, and an open post ends where the person's next one begins.\n"
        "What cannot be is refused with its line (exit code 65): two posts at once, leave without a post, covering\n"
        "oneself, ids that end twice or go in a circle. Whose volume one of these explains is not tested for a jump.",
    .example = "  printf '%s\\n' person,unit,post,from,to,kind,other 李娜,应付,初审,2026-01-01,,, \\\n"
               "      张伟,应付,初审,2026-01-01,,, 李娜,,,2026-05-06,2026-05-20,leave, \\\n"
               "      张伟,,,2026-05-06,2026-05-20,covers,李娜 >roster.csv\n"
               "  jihe roster import roster.csv",
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .run = run_import,
};

static const cli_takes list_takes[] = {
    {CLI_AT, "who is what on that day"},
    {CLI_EVENT, "the import recorded as event N (default: the latest)"},
    {CLI_END, NULL},
};

const cli_command cli_roster_list = {
    .name = "roster list",
    .operands = "",
    .summary = "the roster in force, or who is what on a day",
    .about = "Prints one line for each row of the roster, as 'roster import' reads it. With --at one line for each\n"
             "person who holds a post on that day: the post, leave, whom the person covers and who covers the\n"
             "person; and for each id that has become another one by then, which and since when.",
    .example = "  jihe roster list --at 2026-05-06",
    .takes = list_takes,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_list,
};

const cli_command cli_roster_history = {
    .name = "roster history",
    .operands = "PERSON",
    .summary = "all rows of the roster about one person",
    .about = "Prints the posts, leaves, coverings and changes of the id of one person, and the rows of others that\n"
             "name the person.",
    .example = "  jihe roster history 李娜",
    .takes = list_takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_history,
};

const cli_command cli_roster_versions = {
    .name = "roster versions",
    .operands = "",
    .summary = "all rosters imported so far",
    .about = "Prints one line for each import that changed the roster: the number of its ledger event, the day, how\n"
             "many rows, and the SHA-256 of the file. 'jihe roster list --event N' prints an old one.",
    .example = "  jihe roster versions",
    .needs_workspace = true,
    .prints_rows = true,
    .run = run_versions,
};
