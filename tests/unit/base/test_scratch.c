#include "base/scratch.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t entries(const char *path)
{
    DIR *directory = opendir(path);
    size_t count = 0;

    cr_assert_not_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* Zeroed, and its own, whatever it lies in. */
static void use(jh_scratch *scratch, size_t len, bool mapped)
{
    unsigned char *bytes = scratch->bytes;

    cr_assert_eq(scratch->len, len);
    cr_assert_eq(scratch->mapped, mapped);
    for (size_t i = 0; i < len; i += 509)
        cr_assert_eq(bytes[i], 0);
    bytes[0] = bytes[len - 1] = 7;
    bytes[len / 2] = 9;
    cr_assert(bytes[0] == 7 && bytes[len - 1] == 7 && bytes[len / 2] == 9);
    jh_scratch_free(scratch);
    cr_assert_null(scratch->bytes);
    jh_scratch_free(scratch);
}

Test(scratch, heap_up_to_a_size_then_a_file_without_a_name)
{
    static const size_t lens[] = {3, 4096, JH_SCRATCH_HEAP, JH_SCRATCH_HEAP + 1, 3 * (size_t)JH_SCRATCH_HEAP};
    char directory[] = "/tmp/jihe-scratch-XXXXXX";
    jh_scratch scratch;

    cr_assert_not_null(mkdtemp(directory));
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        const size_t fds = entries("/proc/self/fd");

        cr_assert(jh_scratch_get(&scratch, lens[i], directory));
        cr_assert_eq(entries(directory), 2, "nothing has a name");
        cr_assert_eq(entries("/proc/self/fd"), fds, "the mapping is all that is held");
        use(&scratch, lens[i], lens[i] > JH_SCRATCH_HEAP);
        cr_assert(jh_scratch_get(&scratch, lens[i], NULL));
        use(&scratch, lens[i], false);
    }
    rmdir(directory);
}

/* A refusal leaves nothing behind and says what it was. */
static void refused(const char *directory, size_t len, int want)
{
    const size_t fds = entries("/proc/self/fd");
    jh_scratch scratch;

    errno = 0;
    cr_assert_not(jh_scratch_get(&scratch, len, directory));
    cr_assert_eq(errno, want, "%s", strerror(errno));
    cr_assert_null(scratch.bytes);
    cr_assert_eq(entries("/proc/self/fd"), fds);
    jh_scratch_free(&scratch);
}

Test(scratch, says_what_is_in_the_way)
{
    const struct rlimit small = {1 << 20, 1 << 20};
    char directory[] = "/tmp/jihe-scratch-XXXXXX";

    cr_assert_not_null(mkdtemp(directory));
    refused("/nowhere/at/all", JH_SCRATCH_HEAP + 1, ENOENT);
    refused("/dev/null", JH_SCRATCH_HEAP + 1, ENOTDIR);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    refused(directory, JH_SCRATCH_HEAP + 1, EFBIG);
    cr_assert_eq(entries(directory), 2);
    rmdir(directory);
}

Test(scratch, a_full_disk_is_an_error_beforehand)
{
    char directory[] = "/tmp/jihe-scratch-XXXXXX";
    jh_scratch scratch;

    cr_assert_not_null(mkdtemp(directory));
    if (mount("tmpfs", directory, "tmpfs", 0, "size=20m") != 0) {
        rmdir(directory);
        cr_skip_test("only root can make a small disk");
    }
    refused(directory, 2 * (size_t)JH_SCRATCH_HEAP, ENOSPC);
    cr_assert(jh_scratch_get(&scratch, JH_SCRATCH_HEAP + 4096, directory), "what was taken in vain is free again");
    use(&scratch, JH_SCRATCH_HEAP + 4096, true);
    umount(directory);
    rmdir(directory);
}
