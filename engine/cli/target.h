#ifndef JH_CLI_TARGET_H
#define JH_CLI_TARGET_H

#include <stdio.h>

#include "cli/command.h"

/* A file that appears whole under its name, mode 0600 whatever the umask, or not at all: written as PATH.tmp beside it,
 * synced, renamed. */
typedef struct cli_target {
    const char *path; /* borrowed */
    char       *temporary;
    FILE       *file;
} cli_target;

/* JIHE_CANNOT_CREATE: something other than a regular file has that name, or the directory refuses. */
jihe_status cli_target_open(cli_target *target, const char *path, jihe_error *err);

/* Puts the file in its place when `st` is JIHE_OK, removes it otherwise; frees. Passes `st` through. */
jihe_status cli_target_close(cli_target *target, jihe_status st, jihe_error *err);

#endif
