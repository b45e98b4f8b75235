/* Preloaded into jihe: from the OOM_AT-th allocation on (counted from 1 after the program has been loaded) there is no
 * memory: for one allocation, or with OOM_AND_AFTER set for every later one too. OOM_NOTE is a file that is made when it
 * happens, so that the test knows when there was no such allocation. OOM_SKIP lists libraries (like "libcrypto libz")
 * whose own allocations succeed and are not counted. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own, under the names it keeps for this. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong allocations;
static unsigned long refuse_at; /* 0: never */
static bool and_after;
static bool suspended; /* only while one thread runs */
static const char *note;

/* Where the code of the skipped libraries is. */
enum { SKIPPED_MAX = 8 };
static struct {
    uintptr_t begin, end;
} skipped[SKIPPED_MAX];
static size_t skipped_count;

static int find_skipped(struct dl_phdr_info *info, size_t size, void *names)
{
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *name = slash != NULL ? slash + 1 : info->dlpi_name;
    const size_t len = strcspn(name, ".");

    (void)size;
    if (len == 0 || memmem(names, strlen(names), name, len) == NULL)
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum && skipped_count < SKIPPED_MAX; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X) != 0) {
            skipped[skipped_count].begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            skipped[skipped_count].end = skipped[skipped_count].begin + info->dlpi_phdr[i].p_memsz;
            skipped_count++;
        }
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("OOM_AT");

    note = getenv("OOM_NOTE");
    if (getenv("OOM_SKIP") != NULL)
        dl_iterate_phdr(find_skipped, getenv("OOM_SKIP"));
    and_after = getenv("OOM_AND_AFTER") != NULL;
    refuse_at = at != NULL && note != NULL ? strtoul(at, NULL, 10) : 0;
}

static bool is_skipped(const void *caller)
{
    for (size_t i = 0; i < skipped_count; i++)
        if ((uintptr_t)caller >= skipped[i].begin && (uintptr_t)caller < skipped[i].end)
            return true;
    return false;
}

/* `caller`: an address in the function that allocates. */
static bool refused(const void *caller)
{
    if (refuse_at == 0 || suspended || is_skipped(caller))
        return false;
    const unsigned long number = atomic_fetch_add(&allocations, 1) + 1;

    if (number < refuse_at || (number > refuse_at && !and_after))
        return false;
    if (number == refuse_at)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, note, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    errno = ENOMEM;
    return true;
}

/* libfyaml 0.7.12 dies in this function when it finds no memory. The engine sees to it that there is some before it
 * calls it, which a count of allocations cannot take into account. */
struct fy_parser;
int fy_parser_set_string(struct fy_parser *parser, const char *text, size_t len);

int fy_parser_set_string(struct fy_parser *parser, const char *text, size_t len)
{
    int (*real)(struct fy_parser *, const char *, size_t);
    int result;

    suspended = true;
    *(void **)&real = dlsym(RTLD_NEXT, "fy_parser_set_string");
    result = real == NULL ? -1 : real(parser, text, len);
    suspended = false;
    return result;
}

void *malloc(size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = refused(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);

    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}
