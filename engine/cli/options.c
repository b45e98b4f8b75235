#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cli_takes cli_common_options[] = {
    {CLI_WORKSPACE, "the workspace (default: $JIHE_WORKSPACE, else the current directory)"},
    {CLI_THREADS, "threads to use, 1 to 1024 (default: the machine's cores)"},
    {CLI_LANG, "zh or en: titles of tables and reports (default: as in $LANG)"},
    {CLI_QUIET, "no messages but errors and rejected rows"},
    {CLI_HELP, "this text"},
    {CLI_END, NULL},
};

struct option_row {
    const char *name;
    const char *argument; /* NULL: a switch */
    bool repeats;         /* may be given more than once */
};

static const struct option_row rows[CLI_OPTIONS] = {
    [CLI_WORKSPACE] = {"workspace", "DIR", false},
    [CLI_THREADS] = {"threads", "N", false},
    [CLI_LANG] = {"lang", "LANG", false},
    [CLI_QUIET] = {"quiet", NULL, true},
    [CLI_HELP] = {"help", NULL, true},
    [CLI_VERSION] = {"version", NULL, true},
    [CLI_FORMAT] = {"format", "FORMAT", false},
    [CLI_DATE] = {"date", "DATE", false},
    [CLI_SPLIT] = {"split", NULL, true},
    [CLI_FROM] = {"from", "DATE", false},
    [CLI_TO] = {"to", "DATE", false},
    [CLI_RULE] = {"rule", "ID", true},
    [CLI_SCHEDULE] = {"schedule", "WHEN", false},
    [CLI_INSPECTORS] = {"inspectors", "N", false},
    [CLI_SEED] = {"seed", "SEED", false},
    [CLI_EXTEND] = {"extend", "RUN", false},
    [CLI_RATE] = {"rate", "RATE", false},
    [CLI_DAYS] = {"days", "N", false},
    [CLI_DOCUMENT] = {"document", "ID", false},
    [CLI_CHECK] = {"check", "FILE", false},
    [CLI_COUNT] = {"count", "N", false},
    [CLI_REASON] = {"reason", "TEXT", false},
    [CLI_ASSIGN] = {"assign", NULL, true},
    [CLI_CAPACITY] = {"capacity", "N", false},
    [CLI_SECOND] = {"second", "RATE", false},
    [CLI_INSPECTOR] = {"inspector", "NAME", false},
    [CLI_EFFECT] = {"effect", NULL, true},
    [CLI_MEMBERS] = {"members", NULL, true},
    [CLI_OUTCOME] = {"outcome", NULL, true},
    [CLI_ERROR_RATE] = {"error-rate", "RATE", false},
    [CLI_AUTOMATIC] = {"automatic", NULL, true},
    [CLI_BY] = {"by", "KEY,...", true},
    [CLI_OUTPUT] = {"output", "FILE", false},
    [CLI_RAW] = {"raw", NULL, true},
    [CLI_REVISION] = {"revision", "N", false},
    [CLI_MAX_REJECTS] = {"max-rejects", "N", false},
    [CLI_REVISE] = {"revise", NULL, true},
    [CLI_EXPECT_ROWS] = {"expect-rows", "N", false},
    [CLI_EXPECT_TOTAL] = {"expect-total", "COLUMN=X", true},
    [CLI_CONTROL] = {"control", "FILE", false},
    [CLI_ODBC] = {"odbc", "DSN", false},
    [CLI_QUERY] = {"query", "SQL", false},
    [CLI_FORCE] = {"force", NULL, true},
    [CLI_OLDER_THAN_KEEP] = {"older-than-keep", NULL, true},
    [CLI_AS_OF] = {"as-of", "DATE", false},
    [CLI_DOCUMENTS_PER_DAY] = {"documents-per-day", "N", false},
    [CLI_CONFIDENCE] = {"confidence", "RATE", false},
    [CLI_TOLERABLE] = {"tolerable", "RATE", false},
    [CLI_EXPECTED] = {"expected", "RATE", false},
    [CLI_POPULATION] = {"population", "N", false},
    [CLI_BOOK] = {"book", "AMOUNT", false},
    [CLI_WITHIN] = {"within", "RATE", false},
    [CLI_GOOD] = {"good", "RATE", false},
    [CLI_GOOD_RISK] = {"good-risk", "RATE", false},
    [CLI_BAD] = {"bad", "RATE", false},
    [CLI_BAD_RISK] = {"bad-risk", "RATE", false},
    [CLI_KIND] = {"kind", "N", false},
    [CLI_OC] = {"oc", "FILE", false},
    [CLI_ERRORS] = {"errors", "N", false},
    [CLI_FINDINGS] = {"findings", "N", false},
    [CLI_SAMPLE] = {"sample", "N", false},
    [CLI_SIDE] = {"side", "SIDE", false},
    [CLI_STRATA] = {"strata", "FILE", false},
    [CLI_MONEY_UNITS] = {"money-units", "FILE", false},
    [CLI_AT] = {"at", "DATE", false},
    [CLI_EVENT] = {"event", "N", false},
    [CLI_UNIT] = {"unit", "NAME", false},
    [CLI_PERSON] = {"person", "NAME", false},
    [CLI_TYPE] = {"type", "TYPE", false},
    [CLI_MARK_ONLY] = {"mark-only", NULL, true},
};

const char *cli_option_name(cli_option option)
{
    return rows[option].name;
}

const char *cli_option_argument(cli_option option)
{
    return rows[option].argument;
}

const char *cli_args_value(const cli_args *args, cli_option option)
{
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i].option == option)
            return args->given[i].value;
    return NULL;
}

/* CLI_END: there is no such option. */
static cli_option find_option(const char *name, size_t len)
{
    for (cli_option option = CLI_END + 1; option < CLI_OPTIONS; option++)
        if (strlen(rows[option].name) == len && memcmp(rows[option].name, name, len) == 0)
            return option;
    return CLI_END;
}

static void note(cli_args *args, const struct option_row *row, const char *trouble)
{
    if (args->problem[0] == '\0')
        snprintf(args->problem, sizeof args->problem, "option --%s %s", row->name, trouble);
}

/* Takes the value from after '=' or from the next word; returns how many words were used. */
static size_t take_option(cli_args *args, cli_option option, const char *inside, const char *next)
{
    const struct option_row *row = &rows[option];
    const char *value = inside != NULL ? inside : row->argument != NULL ? next : "";

    if (row->argument == NULL && inside != NULL)
        note(args, row, "takes no value");
    /* "--date --split" forgot the date; a value that really begins so is written with '='. An empty one comes of a
     * variable that is not set. */
    if (value == NULL || (row->argument != NULL && value[0] == '\0') ||
        (value == next && strncmp(value, "--", 2) == 0)) {
        note(args, row, "needs a value");
        return 1;
    }
    if (!row->repeats && cli_args_value(args, option) != NULL)
        note(args, row, "is given twice");
    args->given[args->given_count++] = (cli_given){.option = option, .value = value};
    return value == next ? 2 : 1;
}

static size_t take_word(cli_args *args, const char *word, const char *next)
{
    if (strcmp(word, "-h") == 0)
        word = "--help";
    if (word[0] != '-' || strcmp(word, "-") == 0) {
        args->operands[args->operand_count++] = word;
        return 1;
    }
    const char *name = strncmp(word, "--", 2) == 0 ? word + 2 : "";
    const char *equals = strchr(name, '=');
    const cli_option option = find_option(name, equals != NULL ? (size_t)(equals - name) : strlen(name));

    if (option != CLI_END)
        return take_option(args, option, equals != NULL ? equals + 1 : NULL, next);
    if (args->unknown == NULL)
        args->unknown = word;
    return 1;
}

bool cli_args_parse(cli_args *args, int argc, char **argv)
{
    const size_t count = argc > 0 ? (size_t)argc : 1;
    size_t i = 1;

    *args = (cli_args){.given = calloc(count, sizeof *args->given), .operands = calloc(count, sizeof *args->operands)};
    if (args->given == NULL || args->operands == NULL)
        return false;
    while (i < count && strcmp(argv[i], "--") != 0)
        i += take_word(args, argv[i], i + 1 < count ? argv[i + 1] : NULL);
    for (i++; i < count; i++)
        args->operands[args->operand_count++] = argv[i];
    return true;
}

void cli_args_deinit(cli_args *args)
{
    free(args->given);
    free(args->operands);
}
