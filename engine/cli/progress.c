#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/message.h"

enum { REDRAW_MS = 200, SETTLE_MS = 1000 }; /* the rate of the first second says little about the rest */

static int64_t ms_between(const struct timespec *from, const struct timespec *to)
{
    return ((int64_t)to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000;
}

void cli_progress_begin(cli_progress *progress, bool quiet)
{
    *progress = (cli_progress){.on = !quiet && isatty(STDERR_FILENO) == 1};
    clock_gettime(CLOCK_MONOTONIC, &progress->began);
    progress->last = progress->began;
}

static void draw(uint64_t rows, uint64_t bytes, uint64_t bytes_total, int64_t ms)
{
    const double seconds = (double)ms / 1000;
    const double rate = (double)bytes / seconds; /* bytes a second */
    char count[32], pace[32];

    fprintf(stderr, "\r%s rows, %s rows/s", cli_grouped(rows, count),
            cli_grouped((uint64_t)((double)rows / seconds), pace));
    if (bytes > 0) /* a database says nothing of bytes */
        fprintf(stderr, ", %.1f MB/s", rate / 1e6);
    if (bytes_total > bytes && rate > 0) {
        const uint64_t left = (uint64_t)((double)(bytes_total - bytes) / rate);

        fprintf(stderr, ", %.0f %%, %" PRIu64 ":%02" PRIu64 " left", 100 * (double)bytes / (double)bytes_total,
                left / 60, left % 60);
    }
    fputs("\x1b[K", stderr); /* clears what a longer line left */
    fflush(stderr);
}

void cli_progress_step(void *context, uint64_t rows, uint64_t bytes, uint64_t bytes_total)
{
    cli_progress *progress = context;
    struct timespec now;

    if (!progress->on)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t ms = ms_between(&progress->began, &now);

    if (ms < SETTLE_MS || ms_between(&progress->last, &now) < REDRAW_MS)
        return;
    draw(rows, bytes, bytes_total, ms);
    progress->drawn = true;
    progress->last = now;
}

void cli_progress_end(cli_progress *progress)
{
    if (progress->drawn)
        fputs("\r\x1b[K", stderr);
    progress->drawn = false;
}
