#include "cli/command.h"

#include <string.h>

static const cli_command *const commands[] = {
#define CLI_COMMAND(name) &cli_##name,
#include "cli/commands.def"
#undef CLI_COMMAND
};

const cli_command *cli_command_at(size_t index)
{
    return index < sizeof commands / sizeof commands[0] ? commands[index] : NULL;
}

bool cli_command_begins(const cli_command *command, const char *word)
{
    const size_t len = strlen(word);

    return len > 0 && strncmp(command->name, word, len) == 0 &&
           (command->name[len] == '\0' || command->name[len] == ' ');
}

/* The second word of a two-word name, NULL of a one-word name. */
static const char *second_word(const cli_command *command)
{
    const char *space = strchr(command->name, ' ');

    return space != NULL ? space + 1 : NULL;
}

/* "run list" is looked for before "run". */
const cli_command *cli_command_find(const char *const *operands, size_t count, size_t *words)
{
    const cli_command *found = NULL;

    *words = 0;
    for (size_t i = 0; count > 0 && i < sizeof commands / sizeof commands[0]; i++) {
        const char *second = second_word(commands[i]);
        const size_t len = second != NULL ? 2 : 1;

        if (len <= *words || len > count || !cli_command_begins(commands[i], operands[0]) ||
            (second != NULL && strcmp(second, operands[1]) != 0))
            continue;
        found = commands[i];
        *words = len;
    }
    return found;
}

static bool has_option(const cli_takes *takes, cli_option option)
{
    while (takes->option != CLI_END && takes->option != option)
        takes++;
    return takes->option == option;
}

bool cli_command_takes(const cli_command *command, cli_option option)
{
    return has_option(cli_common_options, option) || (option == CLI_FORMAT && command->prints_rows) ||
           (command->takes != NULL && has_option(command->takes, option));
}
