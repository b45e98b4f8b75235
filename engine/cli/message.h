#ifndef JH_CLI_MESSAGE_H
#define JH_CLI_MESSAGE_H

#include "cli/command.h"

/* Standard error. */

/* Fills *err and returns `status`. */
__attribute__((format(printf, 3, 4))) jihe_status cli_fault(jihe_error *err, jihe_status status, const char *fmt, ...);

/* The operating system's refusal of `what`, with the reason and `os_errno`. */
jihe_status cli_fault_os(jihe_error *err, jihe_status status, int os_errno, const char *what);

/* Prints "jihe: MESSAGE" on one line and returns the exit code. That the reader of our output went away (EPIPE) is not
 * worth a word. */
int cli_fail(const jihe_error *err, const cli_command *command);

/* Prints one line. */
__attribute__((format(printf, 1, 2))) void cli_say(const char *fmt, ...);

/* 1234567 as "1,234,567". `out` needs 32 bytes. Returns it. */
const char *cli_grouped(uint64_t value, char *out);

#endif
