#ifndef JH_CLI_OPTIONS_H
#define JH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The command line taken apart: options anywhere, before or after the operands. Which of them a command takes is
 * checked when the command is known (call.h). */

typedef enum cli_option {
    CLI_END = 0, /* ends a table of options */
    CLI_WORKSPACE,
    CLI_THREADS,
    CLI_LANG,
    CLI_QUIET,
    CLI_HELP,
    CLI_VERSION,
    CLI_FORMAT,
    CLI_DATE,
    CLI_SPLIT,
    CLI_FROM,
    CLI_TO,
    CLI_RULE,
    CLI_SCHEDULE,
    CLI_INSPECTORS,
    CLI_SEED,
    CLI_EXTEND,
    CLI_RATE,
    CLI_DAYS,
    CLI_DOCUMENT,
    CLI_CHECK,
    CLI_ERROR_RATE,
    CLI_COUNT,
    CLI_REASON,
    CLI_ASSIGN,
    CLI_CAPACITY,
    CLI_SECOND,
    CLI_INSPECTOR,
    CLI_EFFECT,
    CLI_AUTOMATIC,
    CLI_MEMBERS,
    CLI_OUTCOME,
    CLI_BY,
    CLI_OUTPUT,
    CLI_RAW,
    CLI_REVISION,
    CLI_MAX_REJECTS,
    CLI_REVISE,
    CLI_EXPECT_ROWS,
    CLI_EXPECT_TOTAL,
    CLI_CONTROL,
    CLI_ODBC,
    CLI_QUERY,
    CLI_FORCE,
    CLI_OLDER_THAN_KEEP,
    CLI_AS_OF,
    CLI_DOCUMENTS_PER_DAY,
    CLI_CONFIDENCE,
    CLI_TOLERABLE,
    CLI_EXPECTED,
    CLI_POPULATION,
    CLI_BOOK,
    CLI_WITHIN,
    CLI_GOOD,
    CLI_GOOD_RISK,
    CLI_BAD,
    CLI_BAD_RISK,
    CLI_KIND,
    CLI_OC,
    CLI_ERRORS,
    CLI_FINDINGS,
    CLI_SAMPLE,
    CLI_SIDE,
    CLI_STRATA,
    CLI_MONEY_UNITS,
    CLI_AT,
    CLI_EVENT,
    CLI_UNIT,
    CLI_PERSON,
    CLI_TYPE,
    CLI_MARK_ONLY,
    CLI_OPTIONS /* how many */
} cli_option;

/* An option as one command takes it. */
typedef struct cli_takes {
    cli_option  option;
    const char *help; /* what it does there, one line */
} cli_takes;

extern const cli_takes cli_common_options[]; /* what every command takes; ends with CLI_END */

const char *cli_option_name(cli_option option);     /* without the dashes */
const char *cli_option_argument(cli_option option); /* how help calls its value: "DIR"; NULL for a switch */

typedef struct cli_given {
    cli_option  option;
    const char *value; /* "" for a switch; borrowed from argv */
} cli_given;

typedef struct cli_args {
    cli_given   *given;
    size_t       given_count;
    const char **operands; /* command words included */
    size_t       operand_count;
    const char  *unknown;      /* the first option that no command has, as written; NULL: none */
    char         problem[320]; /* the first other thing wrong, as a message; "": nothing */
} cli_args;

/* False: no memory. What is wrong with the words is kept in `unknown` and `problem`. */
bool cli_args_parse(cli_args *args, int argc, char **argv);
void cli_args_deinit(cli_args *args);

const char *cli_args_value(const cli_args *args, cli_option option); /* NULL: not given */

#endif
