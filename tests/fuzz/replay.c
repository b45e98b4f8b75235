#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"

/* In place of libFuzzer: every file of the folders named goes through the target. A folder that is not there has none,
 * but some input there must be.
 * usage: fuzz_TARGET FOLDER... */

enum { INPUT_MAX = 1 << 20 };

static void replay(const char *path)
{
    uint8_t *bytes = malloc(INPUT_MAX);
    FILE *file = fopen(path, "rb");

    must(bytes != NULL && file != NULL, path);
    const size_t len = fread(bytes, 1, INPUT_MAX, file);
    uint8_t *exact = malloc(len > 0 ? len : 1); /* so that a sanitizer sees a read behind the end */

    must(exact != NULL && !ferror(file), path);
    memcpy(exact, bytes, len);
    fclose(file);
    free(bytes);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
}

static size_t replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    char path[4096];

    if (dir == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        must(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path, "the path is short");
        replay(path);
        count++;
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    size_t count = 0;

    for (int i = 1; i < argc; i++)
        count += replay_folder(argv[i]);
    printf("%zu inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
