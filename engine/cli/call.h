#ifndef JH_CLI_CALL_H
#define JH_CLI_CALL_H

#include "cli/command.h"

/* Checks the arguments against what the command takes and works out the settings that options and environment share.
 * JIHE_USAGE with the first thing wrong. `words`: operands that are the command's name. */
jihe_status cli_call_make(cli_call *call, const cli_command *command, const cli_args *args, size_t words,
                          jihe_error *err);

/* The first thing that is wrong with the words themselves; `command` may be NULL. */
jihe_status cli_args_check(const cli_args *args, const cli_command *command, jihe_error *err);

/* Opens the workspace the call is for. */
jihe_status cli_call_open(jihe_workspace **out, const cli_call *call, jihe_error *err);

const char *cli_value(const cli_call *call, cli_option option); /* NULL: not given */
bool        cli_is_given(const cli_call *call, cli_option option);

/* A whole number from `least` to `most`; `absent` when the option was not given. */
jihe_status cli_number(uint64_t *out, const cli_call *call, cli_option option, uint64_t absent, uint64_t least,
                       uint64_t most, jihe_error *err);

/* Every value of an option that may repeat, in order. With a `separator` other than NUL the values are split at it, and
 * empty pieces are refused. */
typedef struct cli_list {
    const char **items; /* NULL when there are none */
    size_t       count;
    char        *text; /* what split items point into */
} cli_list;
jihe_status cli_list_make(cli_list *list, const cli_call *call, cli_option option, char separator, jihe_error *err);
void        cli_list_deinit(cli_list *list);

#endif
