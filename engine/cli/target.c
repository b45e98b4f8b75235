#include "cli/target.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"

/* Renaming onto /dev/null, a directory or a link would replace the thing itself. */
static jihe_status check_name(const char *path, jihe_error *err)
{
    struct stat info;

    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return cli_fault(err, JIHE_CANNOT_CREATE, "%s is there already and not a regular file; name another file",
                         path);
    return JIHE_OK;
}

/* A new file: what an interrupted call left is removed, what another user put there is not followed. */
static FILE *open_new(const char *path, int *os_errno)
{
    (void)unlink(path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = fd < 0 || fchmod(fd, 0600) != 0 ? NULL : fdopen(fd, "w");

    *os_errno = errno;
    if (file == NULL && fd >= 0) {
        close(fd);
        (void)unlink(path);
    }
    return file;
}

jihe_status cli_target_open(cli_target *target, const char *path, jihe_error *err)
{
    const size_t size = strlen(path) + sizeof ".tmp";
    const jihe_status st = check_name(path, err);
    int os_errno;

    if (st != JIHE_OK)
        return st;
    *target = (cli_target){.path = path, .temporary = malloc(size)};
    if (target->temporary == NULL)
        return cli_fault(err, JIHE_NO_MEMORY, "no memory to write %s", path);
    snprintf(target->temporary, size, "%s.tmp", path);
    target->file = open_new(target->temporary, &os_errno);
    if (target->file != NULL)
        return JIHE_OK;
    free(target->temporary);
    return cli_fault_os(err, JIHE_CANNOT_CREATE, os_errno, path);
}

/* Closes the file in any case. 0 or an errno. */
static int finish(FILE *file)
{
    const int os_errno = fflush(file) != 0 || fsync(fileno(file)) != 0 ? errno : 0;
    const int close_errno = fclose(file) != 0 ? errno : 0;

    return os_errno != 0 ? os_errno : close_errno;
}

/* A rename is durable when its directory is. 0 or an errno. */
static int sync_directory(const char *path)
{
    char *copy = strdup(path);
    const int fd = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int os_errno = fd < 0 || fsync(fd) != 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    free(copy);
    return os_errno;
}

jihe_status cli_target_close(cli_target *target, jihe_status st, jihe_error *err)
{
    int os_errno = finish(target->file);

    if (st == JIHE_OK && os_errno == 0 && rename(target->temporary, target->path) != 0)
        os_errno = errno;
    if (st != JIHE_OK || os_errno != 0)
        (void)unlink(target->temporary);
    else
        os_errno = sync_directory(target->path);
    free(target->temporary);
    return st != JIHE_OK || os_errno == 0 ? st : cli_fault_os(err, JIHE_IO, os_errno, target->path);
}
