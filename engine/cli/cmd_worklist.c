#include "cli/answer.h"
#include "cli/call.h"
#include "cli/message.h"
#include "cli/output.h"

enum { MOST_EFFECTS = 40 /* lines on standard error; more are for --effect */ };

static const cli_option of_assignments[] = {CLI_CAPACITY, CLI_DAYS, CLI_DATE, CLI_SECOND, CLI_INSPECTOR, CLI_EFFECT};

static jihe_status check(const cli_call *call, jihe_error *err)
{
    for (size_t i = 0; i < sizeof of_assignments / sizeof of_assignments[0]; i++)
        if (cli_is_given(call, of_assignments[i]) && !cli_is_given(call, CLI_ASSIGN))
            return cli_fault(err, JIHE_USAGE, "--%s goes with --assign", cli_option_name(of_assignments[i]));
    if (cli_is_given(call, CLI_INSPECTOR) && cli_is_given(call, CLI_EFFECT))
        return cli_fault(err, JIHE_USAGE, "say either --inspector NAME or --effect, which is about all of the list");
    return JIHE_OK;
}

/* What the assignment leaves undone, each kind in a line of its own. */
static void say_left(const jihe_assigned *done)
{
    char a[32], b[32];

    if (done->no_capacity > 0)
        cli_say(
            "not assigned, no capacity: %s; the chance of the %s drawn documents to be inspected is their probability "
            "times %.6f",
            cli_grouped(done->no_capacity, a), cli_grouped(done->drawn, b),
            done->drawn > 0 ? (double)done->drawn_assigned / (double)done->drawn : 1.0);
    if (done->assigned < done->documents && done->effects > MOST_EFFECTS)
        cli_say("--effect shows what that does to the chances of %s groups", cli_grouped(done->effects, a));
    if (done->nobody_allowed > 0)
        cli_say("not assigned, nobody allowed: %s; all inspectors handled them", cli_grouped(done->nobody_allowed, a));
    if (done->second < done->second_wanted)
        cli_say("second inspections that nobody can make: %s of %s", cli_grouped(done->second_wanted - done->second, a),
                cli_grouped(done->second_wanted, b));
    if (done->person_columns == 0)
        cli_say("no column has role: person, so nobody could be kept from documents they handled themselves");
}

static void say_assigned(const jihe_assigned *done)
{
    char assigned[32], documents[32], least[32], most[32], capacity[32], second[32];

    cli_say("%s of %s documents assigned to %u inspectors with room for %s, %s to %s each; %s second inspections",
            cli_grouped(done->assigned, assigned), cli_grouped(done->documents, documents), done->inspectors,
            cli_grouped(done->capacity, capacity), cli_grouped(done->least, least), cli_grouped(done->most, most),
            cli_grouped(done->second, second));
    say_left(done);
}

static jihe_status read_options(jihe_assign_options *options, const cli_call *call, jihe_error *err)
{
    uint64_t capacity = 0, days = 0;
    jihe_status st;

    *options = (jihe_assign_options){
        .size = sizeof *options, .date = cli_value(call, CLI_DATE), .inspector = cli_value(call, CLI_INSPECTOR)};
    if ((st = cli_number(&capacity, call, CLI_CAPACITY, 0, 1, 1000000, err)) == JIHE_OK &&
        (st = cli_number(&days, call, CLI_DAYS, 1, 1, 3660, err)) == JIHE_OK && cli_is_given(call, CLI_SECOND))
        st = cli_rate_option(&options->second, call, CLI_SECOND, NULL, err);
    options->capacity = (uint32_t)capacity;
    options->days = (uint32_t)days;
    return st;
}

static jihe_status print_list(const cli_call *call, jihe_rows *rows, jihe_error *err)
{
    const unsigned flags = cli_is_given(call, CLI_RAW) ? 0 : JIHE_CSV_BOM | JIHE_CSV_GUARD;
    const char *file = cli_value(call, CLI_OUTPUT);
    const jihe_status st =
        file == NULL ? cli_print_rows(call, rows, flags, err) : cli_save_rows(call, rows, flags, file, err);

    if (st == JIHE_OK && file != NULL && !call->quiet)
        cli_say("wrote %s", file);
    return st;
}

static jihe_status run_assign(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *list, *effect;
    jihe_assign_options options;
    jihe_assigned done;
    jihe_status st = read_options(&options, call, err);

    if (st != JIHE_OK ||
        (st = jihe_worklist_assign(&list, &effect, &done, workspace, call->operands[0], &options, err)) != JIHE_OK)
        return st;
    if (cli_is_given(call, CLI_EFFECT)) {
        jihe_rows_free(list);
        st = print_list(call, effect, err);
    } else {
        st = print_list(call, list, err);
        if (st == JIHE_OK && !call->quiet && done.assigned < done.documents && done.effects <= MOST_EFFECTS)
            st = cli_show_rows(call, effect, err);
        else
            jihe_rows_free(effect);
    }
    if (st == JIHE_OK && !call->quiet)
        say_assigned(&done);
    return st;
}

static jihe_status run(const cli_call *call, jihe_workspace *workspace, jihe_error *err)
{
    jihe_rows *rows;

    if (cli_is_given(call, CLI_ASSIGN))
        return run_assign(call, workspace, err);
    const jihe_status st = jihe_worklist(&rows, workspace, call->operands[0], err);

    return st != JIHE_OK ? st : print_list(call, rows, err);
}

static const cli_takes takes[] = {
    {CLI_OUTPUT, "write to FILE, which appears whole and readable by you only (0600)"},
    {CLI_RAW, "CSV for programs: no byte order mark, LF, cells as they are"},
    {CLI_ASSIGN, "give every document to an inspector of the roster"},
    {CLI_CAPACITY, "documents a day for each inspector (default: what the roster says)"},
    {CLI_DAYS, "days the inspectors have (default 1)"},
    {CLI_DATE, "the day whose roster counts (default: the run's last date)"},
    {CLI_SECOND, "so many of the assigned documents go to a second inspector too, like 2%"},
    {CLI_INSPECTOR, "only this one's documents: the list to hand out"},
    {CLI_EFFECT, "print what the assignment does to each rule's chances instead of the list"},
    {CLI_END, NULL},
};

const cli_command cli_worklist = {
    .name = "worklist",
    .operands = "RUN",
    .summary = "the documents to inspect, and who inspects them",
    .about = "Prints one line for each document that a run selected, with every rule that hit it, the document's\n"
             "columns, and empty columns for the inspector to fill in; 'jihe record' takes the filled list. RUN\n"
             "is a run's id, the beginning of one, or 'last'. The CSV is made for spreadsheets: it begins with a\n"
             "byte order mark, lines end with CRLF, and a cell that would start a formula gets a leading\n"
             "apostrophe.\n"
             "\n"
             "--assign fills the column 'inspector'. Inspectors are those who have a 'capacity', documents a day, in\n"
             "the roster ('jihe roster import') and are not on leave. Nobody gets a document they handled (a column\n"
             "with role: person names them); a person's documents are spread over the inspectors; loads follow "
             "capacities. Documents\n"
             "that were certain to be listed come first, the drawn ones follow in an order of its own that the seed\n"
             "decides. What does not fit is a random part of them: it stays on the list, the last column 'unassigned'\n"
             "says why, and a table on standard error (or --effect) says for each rule how many of its hits are\n"
             "inspected, and the factor by which their probabilities shrink. With --second two inspectors get the\n"
             "same document, and nothing in their lists (--inspector) tells.",
    .example = "  jihe worklist last --output worklist.csv\n"
               "  jihe worklist last --assign --second 2% --output assigned.csv\n"
               "  jihe worklist last --assign --second 2% --inspector 周莉 --output 周莉.csv",
    .takes = takes,
    .operands_min = 1,
    .operands_max = 1,
    .needs_workspace = true,
    .prints_rows = true,
    .format = JIHE_CSV,
    .check = check,
    .run = run,
};
