#include "base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file that has no name, or has just lost it. */
static int open_nameless(const char *directory)
{
    char path[4096];
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    if (snprintf(path, sizeof path, "%s/.scratch-XXXXXX", directory) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if ((fd = mkstemp(path)) >= 0)
        unlink(path);
    return fd;
}

static bool map_file(jh_scratch *scratch, size_t len, const char *directory)
{
    const int fd = open_nameless(directory);
    int failed;
    void *bytes;

    if (fd < 0)
        return false;
    do
        failed = posix_fallocate(fd, 0, (off_t)len);
    while (failed == EINTR);
    bytes = failed != 0 ? MAP_FAILED : mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (failed == 0 && bytes == MAP_FAILED)
        failed = errno;
    close(fd);
    errno = failed;
    if (bytes == MAP_FAILED)
        return false;
    *scratch = (jh_scratch){bytes, len, true};
    return true;
}

bool jh_scratch_get(jh_scratch *scratch, size_t len, const char *directory)
{
    *scratch = (jh_scratch){0};
    if (directory != NULL && len > JH_SCRATCH_HEAP)
        return map_file(scratch, len, directory);
    scratch->bytes = calloc(len, 1);
    scratch->len = len;
    return scratch->bytes != NULL;
}

void jh_scratch_free(jh_scratch *scratch)
{
    if (scratch->mapped)
        munmap(scratch->bytes, scratch->len);
    else
        free(scratch->bytes);
    *scratch = (jh_scratch){0};
}
