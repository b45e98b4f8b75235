#ifndef JH_CLI_OUTPUT_H
#define JH_CLI_OUTPUT_H

#include <stdio.h>

#include "cli/command.h"

/* Where results go. */

/* Writes the rows to standard output in the call's format, and frees them. `csv_flags`: JIHE_CSV_* bits. */
jihe_status cli_print_rows(const cli_call *call, jihe_rows *rows, unsigned csv_flags, jihe_error *err);

/* The same into a file (target.h); "-" is standard output. */
jihe_status cli_save_rows(const cli_call *call, jihe_rows *rows, unsigned csv_flags, const char *path, jihe_error *err);

/* Writes the rows to standard error as a table, whatever the call's format, and frees them. */
jihe_status cli_show_rows(const cli_call *call, jihe_rows *rows, jihe_error *err);

/* A jihe_put; the context is a FILE. */
int cli_put(void *file, const void *bytes, size_t len);

/* Flushes standard output, the last thing a command does. Returns `code`, or 74 where it was 0 and something did not
 * arrive. */
int cli_output_end(int code);

#endif
