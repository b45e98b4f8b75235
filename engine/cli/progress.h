#ifndef JH_CLI_PROGRESS_H
#define JH_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* One line on standard error that is drawn over while something takes long; nothing when that is not a terminal. */
typedef struct cli_progress {
    bool            on;
    bool            drawn;
    struct timespec began, last; /* monotonic */
} cli_progress;

void cli_progress_begin(cli_progress *progress, bool quiet);
/* As jihe_ingest_options.progress; bytes_total 0: unknown. */
void cli_progress_step(void *progress, uint64_t rows, uint64_t bytes, uint64_t bytes_total);
void cli_progress_end(cli_progress *progress); /* wipes the line */

#endif
