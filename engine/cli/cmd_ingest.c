#include <stdlib.h>

#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"

/* "duplicate-id 2, money-finer 1" */
static void say_reasons(const jihe_ingest_summary *summary)
{
    char line[JIHE_REJECT_REASONS * 64] = "", rows[32];
    size_t len = 0;

    for (uint64_t i = 0; i < summary->reason_count && len < sizeof line; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%s %s", i == 0 ? "" : ", ",
                                summary->reasons[i].reason, cli_grouped(summary->reasons[i].rows, rows));
    cli_say("rejected by reason: %s", line);
}

/* The count is said whenever a row was rejected: --quiet does not hide what is missing. */
static void say_rows(const jihe_ingest_summary *summary, bool stored)
{
    char read[32], kept[32], rejected[32];

    cli_grouped(summary->rows_read, read);
    cli_grouped(summary->rows_stored, kept);
    cli_grouped(summary->rows_rejected, rejected);
    if (stored)
        cli_say("rows read %s = stored %s + rejected %s", read, kept, rejected);
    else
        cli_say("rows read %s = good %s + rejected %s; nothing was stored", read, kept, rejected);
    if (summary->reason_count > 0)
        say_reasons(summary);
    if (summary->rows_rejected > 0 && summary->reject_file[0] != '\0')
        cli_say("rejected rows with line, column and reason: %s", summary->reject_file);
}

/* "columns of the extract that jihe.yaml does not name: 2 (备注, 审批人)" */
static void say_ignored(const jihe_ingest_summary *summary)
{
    char line[JIHE_IGNORED_NAMES * 68] = "", count[32];
    size_t len = 0;

    for (uint64_t i = 0; i < summary->ignored_count && len < sizeof line; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%s", i == 0 ? "" : ", ", summary->ignored[i]);
    cli_say("columns of the extract that jihe.yaml does not name: %s (%s%s)",
            cli_grouped(summary->columns_ignored, count), line,
            summary->columns_ignored > summary->ignored_count ? ", ..." : "");
}

/* Said under --quiet too: the extract may have lost something. */
static void say_emptied(const jihe_ingest_summary *summary)
{
    char present[32], rows[32];

    for (uint64_t i = 0; i < summary->emptied_count; i++) {
        const jihe_emptied_column *emptied = &summary->emptied[i];

        cli_say("column '%s' has no value at all on %s; on %s %s of %s documents had one: has the extract lost it?",
                emptied->column, emptied->date, emptied->before, cli_grouped(emptied->before_present, present),
                cli_grouped(emptied->before_rows, rows));
    }
}

static void say_summary(const cli_call *call, const jihe_ingest_summary *summary, bool stored)
{
    if (summary->rows_rejected > 0 || (stored && !call->quiet))
        say_rows(summary, stored);
    if (stored && !call->quiet && summary->columns_ignored > 0)
        say_ignored(summary);
    say_emptied(summary);
}

static jihe_status check(const cli_call *call, jihe_error *err)
{
    if (call->operand_count == 0 && !cli_is_given(call, CLI_ODBC) && !cli_is_given(call, CLI_QUERY))
        return cli_fault(err, JIHE_USAGE, "usage: jihe ingest %s", call->command->operands);
    if (cli_is_given(call, CLI_DATE) == cli_is_given(call, CLI_SPLIT))
        return cli_fault(err, JIHE_USAGE, "say either --date D (all rows are of that business date) or --split");
    if (cli_is_given(call, CLI_ODBC) != cli_is_given(call, CLI_QUERY))
        return cli_fault(err, JIHE_USAGE, "--odbc DSN and --query SQL belong together");
    if (call->operand_count > 0 && cli_is_given(call, CLI_ODBC))
        return cli_fault(err, JIHE_USAGE, "say either FILE... or --odbc DSN; each is an extract of its own");
    return JIHE_OK;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_ingest_options options = {.size = sizeof options,
                                   .files = call->operands,
                                   .file_count = call->operand_count,
                                   .date = cli_value(call, CLI_DATE),
                                   .revise = cli_is_given(call, CLI_REVISE),
                                   .expect_rows = cli_value(call, CLI_EXPECT_ROWS),
                                   .control = cli_value(call, CLI_CONTROL),
                                   .odbc = cli_value(call, CLI_ODBC),
                                   .odbc_query = cli_value(call, CLI_QUERY),
                                   .odbc_password = getenv("JIHE_ODBC_PASSWORD"),
                                   .progress = cli_progress_step};
    jihe_ingest_summary summary;
    cli_list totals;
    cli_progress progress;
    jihe_rows *snapshots;
    jihe_status st;

    if ((st = cli_number(&options.max_rejects, call, CLI_MAX_REJECTS, 0, 0, UINT64_MAX, err)) != JIHE_OK)
        return st;
    if ((st = cli_list_make(&totals, call, CLI_EXPECT_TOTAL, '\0', err)) != JIHE_OK)
        return st;
    options.expect_totals = totals.items;
    options.expect_total_count = totals.count;
    cli_progress_begin(&progress, call->quiet);
    options.progress_context = &progress;
    st = jihe_ingest(&summary, &snapshots, workspace, &options, err);
    cli_progress_end(&progress);
    cli_list_deinit(&totals);
    say_summary(call, &summary, st == JIHE_OK);
    return st != JIHE_OK ? st : cli_print_rows(call, snapshots, 0, err);
}

static const cli_takes takes[] = {
    {CLI_DATE, "the business date of all rows, like 2026-01-31"},
    {CLI_SPLIT, "one snapshot for each business date found in the rows"},
    {CLI_ODBC, "instead of FILE: a data source of odbc.ini, or a connection string"},
    {CLI_QUERY, "the select that gives its rows, or @FILE with it"},
    {CLI_MAX_REJECTS, "store the good rows when at most N are rejected (default: 0)"},
    {CLI_EXPECT_ROWS, "store nothing unless the extract has N rows, rejected ones included"},
    {CLI_EXPECT_TOTAL, "nor unless the stored documents' column adds up to X, like amount=1234.50; repeatable"},
    {CLI_CONTROL, "a file that says so: lines rows=N and total.COLUMN=X"},
    {CLI_REVISE, "store a date that is sealed with other content as its next revision"},
    {CLI_END, NULL},
};

const cli_command cli_ingest = {
    .name = "ingest",
    .operands = "(FILE... | --odbc DSN --query SQL) (--date D | --split)",
    .summary = "extract files or a query into sealed snapshots",
    .about = "Reads CSV, NDJSON or MessagePack files (gzip and zstd too; '-' is standard input) as jihe.yaml\n"
             "describes them (CSV unless it or the name says .ndjson, .jsonl, .msgpack) and seals one snapshot\n"
             "for each business date: all of them, or none. Several files are one extract. A date that is\n"
             "sealed already is left as it is when the content is the same, and refused when it is not, or with\n"
             "--revise becomes the next revision, r2; runs stay with the revision they were made on. A row that\n"
             "does not fit is rejected, with file, line, column and reason in a file below out/; any reject\n"
             "fails the ingest (exit code 65) unless --max-rejects allows it. Rows and totals that the sender\n"
             "gives must agree, or nothing is stored (exit code 65): rows are all rows read, totals are of the\n"
             "documents to be stored, rejected rows not in them. Prints the snapshots.\n"
             "With --odbc the rows come from a database (PostgreSQL: package odbc-postgresql, SQLite:\n"
             "libsqliteodbc), which is only read; column names are those of the query, NULL is missing, and an\n"
             "order by makes a rerun the same snapshot. The password comes from odbc.ini, $JIHE_ODBC_PASSWORD,\n"
             "or the connection string, where others on the machine can see it. A database that is not there,\n"
             "or goes away, is exit code 69.",
    .example = "  jihe ingest extract.csv.gz --date 2026-01-31\n"
               "  jihe ingest january-*.csv --split --max-rejects 20\n"
               "  jihe ingest day.csv --date 2026-01-31 --expect-rows 1812 --expect-total amount=50234.75\n"
               "  jihe ingest --odbc finance --query @night.sql --date 2026-01-31\n"
               "  jihe ingest --odbc 'DRIVER=PostgreSQL Unicode;Server=db;Database=fin;UID=audit' \\\n"
               "              --query 'select * from docs where posted = current_date - 1' --split",
    .takes = takes,
    .operands_max = SIZE_MAX,
    .needs_workspace = true,
    .prints_rows = true,
    .check = check,
    .run = run,
};
