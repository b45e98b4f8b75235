#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/message.h"

enum { OPTION_WIDTH = 26, COMMAND_WIDTH = 42 };

static void print_option(cli_option option, const char *help)
{
    const char *argument = cli_option_argument(option);
    const int used =
        printf("  --%s%s%s", cli_option_name(option), argument != NULL ? " " : "", argument != NULL ? argument : "");

    printf("%*s%s\n", used < OPTION_WIDTH ? OPTION_WIDTH - used : 1, "", help);
}

static void print_options(const cli_takes *takes)
{
    for (; takes != NULL && takes->option != CLI_END; takes++)
        print_option(takes->option, takes->help);
}

static void print_format(const cli_command *command)
{
    static const char *const help[] = {
        [JIHE_TABLE] = "table (the default), csv, json or ndjson",
        [JIHE_CSV] = "table, csv (the default), json or ndjson",
        [JIHE_JSON] = "table, csv, json (the default) or ndjson",
        [JIHE_NDJSON] = "table, csv, json or ndjson (the default)",
    };

    if (command->prints_rows)
        print_option(CLI_FORMAT, help[command->format]);
}

static void print_command(const cli_command *command)
{
    printf("usage: jihe %s%s%s [options]\n\n%s\n", command->name, command->operands[0] != '\0' ? " " : "",
           command->operands, command->about);
    if (command->prints_rows || command->takes != NULL)
        printf("\noptions:\n");
    print_options(command->takes);
    print_format(command);
    printf("\noptions of every command:\n");
    print_options(cli_common_options);
    printf("\nexample:\n%s\n", command->example);
}

static void print_overview(void)
{
    printf("jihe %s: draws documents for inspection and keeps the error rates.\n\n"
           "usage: jihe COMMAND [operands] [options]\n\n",
           jihe_version());
    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        const cli_command *command = cli_command_at(i);
        const int used = printf("  %s%s%s", command->name, command->operands[0] != '\0' ? " " : "", command->operands);

        if (used > COMMAND_WIDTH - 2)
            printf("\n%*s%s\n", COMMAND_WIDTH, "", command->summary);
        else
            printf("%*s%s\n", COMMAND_WIDTH - used, "", command->summary);
    }
    printf("\n'jihe help COMMAND' or 'jihe COMMAND --help' says more; 'jihe --version' prints the version.\n\n"
           "options of every command:\n");
    print_options(cli_common_options);
    printf("\nResults go to standard output, messages to standard error. Exit codes: 0 done; 1 it ran and the\n"
           "answer is no; 64 wrong usage; 65 input rejected; 66 input not there; 70 a bug; 73 cannot create;\n"
           "74 disk or system error; 75 busy, try again; 76 stored data damaged; 77 not permitted;\n"
           "78 jihe.yaml or a rule is wrong.\n");
}

/* "snapshot": the help of each of its commands. */
static size_t print_family(const char *word)
{
    size_t printed = 0;

    for (size_t i = 0; cli_command_at(i) != NULL; i++) {
        if (!cli_command_begins(cli_command_at(i), word))
            continue;
        if (printed++ > 0)
            printf("\n----\n\n");
        print_command(cli_command_at(i));
    }
    return printed;
}

jihe_status cli_help(const char *const *words, size_t count, jihe_error *err)
{
    size_t used;
    const cli_command *command = cli_command_find(words, count, &used);

    if (count == 0)
        print_overview();
    else if (command != NULL && count > 1)
        print_command(command);
    else if (print_family(words[0]) == 0)
        return cli_fault(err, JIHE_USAGE, "there is no command '%s'", words[0]);
    return JIHE_OK;
}
