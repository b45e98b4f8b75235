/* Runs a command and appends one line to FILE: wall, user and system seconds, peak anonymous memory in KiB, exit code.
 * The peak is the largest RssAnon of /proc/PID/status seen, looked at every 2 ms: mapped files do not count, and a peak
 * shorter than that can be missed. Only the process itself is looked at, not its children.
 * usage: measure FILE COMMAND [ARGUMENT...] */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLE_NS = 2000000 };

static unsigned long anonymous_kib(pid_t pid)
{
    char path[64], line[256];
    unsigned long kib = 0;
    FILE *status;

    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    status = fopen(path, "r");
    if (status == NULL)
        return 0;
    while (fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "RssAnon: %lu", &kib) == 1)
            break;
    fclose(status);
    return kib;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Until the child ends: SIGCHLD, blocked by the caller, wakes it at once. Returns the peak. */
static unsigned long watch(pid_t pid, const sigset_t *child_ends, int *how, struct rusage *used)
{
    const struct timespec pause = {0, SAMPLE_NS};
    unsigned long peak = 0;

    while (wait4(pid, how, WNOHANG, used) == 0) {
        const unsigned long kib = anonymous_kib(pid);
        if (kib > peak)
            peak = kib;
        sigtimedwait(child_ends, NULL, &pause);
    }
    return peak;
}

int main(int argc, char **argv)
{
    struct rusage used;
    sigset_t child_ends;
    FILE *figures;
    int how = 0;

    if (argc < 3) {
        fputs("usage: measure FILE COMMAND [ARGUMENT...]\n", stderr);
        return 64;
    }
    sigemptyset(&child_ends);
    sigaddset(&child_ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ends, NULL);

    const double start = now();
    const pid_t pid = fork();
    if (pid == 0) {
        sigprocmask(SIG_UNBLOCK, &child_ends, NULL);
        execvp(argv[2], argv + 2);
        fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    if (pid < 0) {
        perror("measure: fork");
        return 74;
    }
    const unsigned long peak = watch(pid, &child_ends, &how, &used);
    const double wall = now() - start;
    const int code = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);

    figures = fopen(argv[1], "a");
    if (figures == NULL ||
        fprintf(figures, "%.4f %.4f %.4f %lu %d\n", wall, seconds(used.ru_utime), seconds(used.ru_stime), peak, code) <
            0 ||
        fclose(figures) != 0) {
        fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
        return 74;
    }
    return code;
}
