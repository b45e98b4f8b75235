#include <criterion/criterion.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static char dir[] = "/tmp/jihe-file-XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(chdir(dir), 0);
}

static void leave(void)
{
    cr_assert_eq(chdir("/"), 0);
    jh_file_remove_tree(dir, NULL);
}

TestSuite(file, .init = enter, .fini = leave);

static unsigned mode_of(const char *path)
{
    struct stat st;

    cr_assert_eq(stat(path, &st), 0, "%s is there", path);
    return (unsigned)st.st_mode & 07777;
}

static void put_file(const char *path, const char *text)
{
    jihe_error err = {0};
    jh_outfile *out = NULL;

    cr_assert_eq(jh_outfile_open(&out, path, &err), JIHE_OK, "%s", err.message);
    jh_outfile_put(out, text, strlen(text));
    cr_assert_eq(jh_outfile_commit(out, &err), JIHE_OK, "%s", err.message);
}

static void expect_file(const char *path, const char *text)
{
    jihe_error err = {0};
    jh_buf got = {0};

    cr_assert_eq(jh_file_read(path, 1 << 20, &got, &err), JIHE_OK, "%s", err.message);
    cr_assert_str_eq(jh_buf_text(&got), text);
    jh_buf_deinit(&got);
}

Test(file, private_under_any_umask)
{
    static const mode_t masks[] = {0, 077, 0777};
    jh_lock lock;

    for (size_t i = 0; i < 3; i++) {
        umask(masks[i]);
        cr_assert_eq(jh_file_mkdir("d", NULL), JIHE_OK);
        cr_assert_eq(jh_file_mkdir("d", NULL), JIHE_OK, "an existing directory is fine");
        cr_assert_eq(mode_of("d"), 0700u);
        put_file("d/f", "x");
        cr_assert_eq(mode_of("d/f"), 0600u);
        cr_assert_eq(jh_lock_take(&lock, "d/lock", NULL), JIHE_OK);
        cr_assert_eq(mode_of("d/lock"), 0600u);
        jh_lock_drop(&lock);
        cr_assert_eq(jh_file_remove_tree("d", NULL), JIHE_OK);
        cr_assert(!jh_file_exists("d"));
    }
    cr_assert_eq(jh_file_remove_tree("d", NULL), JIHE_OK, "absent is fine");
}

Test(file, refusals_name_the_path)
{
    jihe_error err = {0};
    jh_buf buf = {0};

    put_file("f", "12345");
    cr_assert_eq(jh_file_mkdir("f", &err), JIHE_CANNOT_CREATE);
    cr_assert_not_null(strstr(err.message, "'f'"));
    cr_assert_eq(jh_file_mkdir("none/d", &err), JIHE_CANNOT_CREATE);
    cr_assert_eq(jh_file_read("none", 10, &buf, &err), JIHE_NO_INPUT);
    cr_assert_eq(jh_file_read("f/none", 10, &buf, &err), JIHE_NO_INPUT);
    cr_assert_eq(jh_file_read(".", 10, &buf, &err), JIHE_NO_INPUT);
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert_eq(jh_file_read("pipe", 10, &buf, &err), JIHE_NO_INPUT, "a pipe without a writer must not hang");
    cr_assert_eq(jh_file_read("f", 4, &buf, &err), JIHE_DATA);
    cr_assert_eq(buf.len, 0u);
    cr_assert_eq(jh_file_read("f", 5, &buf, &err), JIHE_OK);
    cr_assert_eq(jh_file_rename("none", "g", &err), JIHE_CANNOT_CREATE);
    cr_assert_eq(jh_file_sync_dir("none", &err), JIHE_IO);
    cr_assert_eq(jh_file_remove_tree("f", &err), JIHE_IO, "a file is not a tree");
    cr_assert_eq(mkdir("d", 0700) | mkdir("d/e", 0700), 0);
    cr_assert_eq(jh_file_remove_tree("d", &err), JIHE_IO, "one level only");
    cr_assert(strstr(err.message, "d/e") != NULL, "%s", err.message);
    cr_assert_eq(rmdir("d/e") | rmdir("d"), 0);
    cr_assert_eq(jh_file_rename("f", "g", &err), JIHE_OK);
    expect_file("g", "12345");
    jh_buf_deinit(&buf);
}

Test(file, whole_or_not_at_all)
{
    jihe_error err = {0};
    jh_outfile *out = NULL, *second = NULL;
    char *large = malloc(600001);

    put_file("f", "old");
    cr_assert_eq(jh_outfile_open(&out, "f", &err), JIHE_OK);
    memset(large, 'y', 600000);
    large[600000] = '\0';
    jh_outfile_put(out, large, 3);
    jh_outfile_put(out, large, 300000);
    jh_outfile_put(out, large, 0);
    jh_outfile_put(out, large, 299997);
    expect_file("f", "old");
    cr_assert_eq(jh_outfile_open(&second, "f", &err), JIHE_BUSY, "two writers at once");
    cr_assert_null(second);
    jh_outfile_discard(out);
    expect_file("f", "old");
    cr_assert(!jh_file_exists("f.part"));
    cr_assert_eq(jh_outfile_open(&out, "f", &err), JIHE_OK);
    jh_outfile_put(out, large, 300000);
    jh_outfile_put(out, large, 300000);
    cr_assert_eq(jh_outfile_commit(out, &err), JIHE_OK);
    expect_file("f", large);
    cr_assert(!jh_file_exists("f.part"));
    jh_outfile_discard(NULL);
    cr_assert_eq(jh_outfile_open(&out, "none/f", &err), JIHE_CANNOT_CREATE);
    free(large);
}

/* A writer killed in the middle leaves one part file, which the next writer takes over and empties. */
Test(file, a_killed_writer_leaves_nothing_to_clean)
{
    const pid_t child = fork();
    int state;

    if (child == 0) {
        jh_outfile *out = NULL;
        char bytes[400000];
        memset(bytes, 'z', sizeof bytes);
        jh_outfile_open(&out, "f", NULL);
        jh_outfile_put(out, bytes, sizeof bytes);
        kill(getpid(), SIGKILL);
    }
    cr_assert_eq(waitpid(child, &state, 0), child);
    cr_assert(WIFSIGNALED(state));
    cr_assert(jh_file_exists("f.part") && !jh_file_exists("f"));
    put_file("f", "new");
    expect_file("f", "new");
    cr_assert(!jh_file_exists("f.part"));
}

static void write_letters(char letter, int times)
{
    char bytes[5000];

    memset(bytes, letter, sizeof bytes);
    while (times > 0) {
        jh_outfile *out = NULL;
        const jihe_status status = jh_outfile_open(&out, "f", NULL);

        if (status == JIHE_BUSY)
            continue;
        if (status != JIHE_OK)
            _exit(2);
        jh_outfile_put(out, bytes, sizeof bytes);
        if (jh_outfile_commit(out, NULL) != JIHE_OK)
            _exit(3);
        times--;
    }
    _exit(0);
}

/* Writers that take turns at one name: a reader always sees the whole of one of them. */
Test(file, writers_at_once_never_mix)
{
    enum { WRITERS = 4 };
    pid_t children[WRITERS];
    int running = WRITERS, state;
    jihe_error err = {0};

    put_file("f", "");
    for (int w = 0; w < WRITERS; w++)
        if ((children[w] = fork()) == 0)
            write_letters((char)('a' + w), 150);
    while (running > 0) {
        jh_buf got = {0};

        cr_assert_eq(jh_file_read("f", 1 << 20, &got, &err), JIHE_OK, "%s", err.message);
        cr_assert(got.len == 5000 || got.len == 0, "%zu bytes", got.len);
        for (size_t i = 1; i < got.len; i++)
            cr_assert_eq(got.bytes[i], got.bytes[0]);
        jh_buf_deinit(&got);
        for (int w = 0; w < WRITERS; w++)
            if (children[w] != 0 && waitpid(children[w], &state, WNOHANG) == children[w]) {
                cr_assert(WIFEXITED(state) && WEXITSTATUS(state) == 0, "writer %d ended with %x", w, (unsigned)state);
                children[w] = 0;
                running--;
            }
    }
    cr_assert(!jh_file_exists("f.part"));
}

Test(file, a_full_disk_keeps_the_old_file)
{
    const struct rlimit small = {100000, 100000};
    static char bytes[400000];
    jihe_error err = {0};
    jh_outfile *out = NULL;

    put_file("f", "old");
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    cr_assert_eq(jh_outfile_open(&out, "f", &err), JIHE_OK);
    jh_outfile_put(out, bytes, sizeof bytes);
    jh_outfile_put(out, bytes, 10);
    cr_assert_eq(jh_outfile_commit(out, &err), JIHE_IO);
    cr_assert(strstr(err.message, "limit") != NULL, "%s", err.message);
    expect_file("f", "old");
    cr_assert(!jh_file_exists("f.part"));
}

Test(file, the_lock_goes_with_its_process)
{
    jh_lock mine = {-1}, other = {-1};
    jihe_error err = {0};
    int ready[2], state;
    char want[32], byte;
    pid_t child;

    cr_assert_eq(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        jh_lock_take(&mine, "lock", NULL);
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    cr_assert_eq(jh_lock_take(&mine, "lock", &err), JIHE_BUSY);
    cr_assert_eq(mine.fd, -1);
    snprintf(want, sizeof want, "process %ld;", (long)child);
    cr_assert(strstr(err.message, want) != NULL, "%s", err.message);
    kill(child, SIGKILL);
    waitpid(child, &state, 0);
    cr_assert_eq(jh_lock_take(&mine, "lock", &err), JIHE_OK, "free at once after kill -9");
    cr_assert_eq(jh_lock_take(&other, "lock", &err), JIHE_BUSY, "also within one process");
    jh_lock_drop(&mine);
    cr_assert_eq(jh_lock_take(&other, "lock", &err), JIHE_OK);
    jh_lock_drop(&other);
    jh_lock_drop(&other);
    close(ready[0]);
    close(ready[1]);
}
