#ifndef JH_CLI_COMMAND_H
#define JH_CLI_COMMAND_H

#include "cli/options.h"
#include "jihe/jihe.h"

/* What a command was called with, checked. */
typedef struct cli_call {
    const struct cli_command *command;
    const cli_args           *args;
    const char *const        *operands; /* without the words of the command */
    size_t                    operand_count;
    const char               *workspace; /* directory */
    uint32_t                  threads;   /* 0: the machine's cores */
    jihe_format               format;
    const char               *lang; /* "zh" or "en" */
    bool                      quiet;
} cli_call;

/* Does the work. `workspace` is open, or NULL where the command asks for none. Whatever is returned but JIHE_OK is
 * printed from *err and becomes the exit code; output may have gone before. */
typedef jihe_status (*cli_work)(const cli_call *call, jihe_workspace *workspace, jihe_error *err);

/* What the table cannot say about the options, for instance "one of the two". JIHE_USAGE. */
typedef jihe_status (*cli_check)(const cli_call *call, jihe_error *err);

typedef struct cli_command {
    const char      *name;     /* one word, or two: "snapshot list" */
    const char      *operands; /* operands and needed options, as the usage line shows them */
    const char      *summary;  /* half a line for the overview */
    const char      *about;    /* help: sentences, in lines of at most 100 characters */
    const char      *example;  /* help: lines a person could type */
    const cli_takes *takes;    /* options beside the common ones; ends with CLI_END */
    size_t           operands_min, operands_max;
    bool             needs_workspace;
    bool             prints_rows; /* takes --format */
    jihe_format      format;      /* when --format is not given */
    cli_check        check;  /* NULL: nothing more to check */
    cli_work         run;
} cli_command;

#define CLI_COMMAND(name) extern const cli_command cli_##name;
#include "cli/commands.def"
#undef CLI_COMMAND

/* The command that the first of the operands name, and how many that took. NULL: none. */
const cli_command *cli_command_find(const char *const *operands, size_t count, size_t *words);
const cli_command *cli_command_at(size_t index); /* in the order of the overview; NULL after the last */

/* Is `word` the command's name, or the first word of it? */
bool cli_command_begins(const cli_command *command, const char *word);

bool cli_command_takes(const cli_command *command, cli_option option);

#endif
