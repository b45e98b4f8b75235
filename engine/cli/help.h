#ifndef JH_CLI_HELP_H
#define JH_CLI_HELP_H

#include "cli/command.h"

/* Prints the help of the command that the words name, of each command that begins with the word, or the overview when
 * there is no word. Words after the command's own are passed over. JIHE_USAGE: there is no such command. */
jihe_status cli_help(const char *const *words, size_t count, jihe_error *err);

#endif
