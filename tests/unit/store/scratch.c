#include "scratch.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static char directory[64]; /* of this process: Criterion runs each test in its own */

/* Memory where there is some: thousands of small files with a sync each are slow on a disk. */
static bool roomy(const char *path)
{
    struct statvfs fs;

    return access(path, W_OK) == 0 && statvfs(path, &fs) == 0 &&
           (uint64_t)fs.f_bavail * fs.f_frsize > (uint64_t)1 << 29;
}

const char *scratch(const char *name)
{
    static char paths[8][128];
    static unsigned turn;
    char *path = paths[turn++ % 8];

    if (directory[0] == '\0') {
        snprintf(directory, sizeof directory, "%s/jihe-store-XXXXXX", roomy("/dev/shm") ? "/dev/shm" : "/tmp");
        cr_assert_not_null(mkdtemp(directory));
    }
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

void scratch_remove(void)
{
    if (directory[0] != '\0')
        jh_file_remove_tree(directory, NULL);
    directory[0] = '\0';
}

void write_file(const char *path, const void *bytes, size_t len)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

void read_file(const char *path, jh_buf *out)
{
    jihe_error err;

    jh_buf_clear(out);
    cr_assert_eq(jh_file_read(path, (size_t)1 << 31, out, &err), JIHE_OK, "%s", err.message);
}

int in_child(int (*body)(void *context), void *context)
{
    int status;
    const pid_t pid = fork();

    if (pid == 0)
        _exit(body(context));
    cr_assert(pid > 0);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
