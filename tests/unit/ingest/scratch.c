#include "scratch.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

const jh_csv_dialect comma = {.encoding = JH_ENCODING_AUTO, .delimiter = ',', .quote = '"', .header = 1};

scratch scratch_new(void)
{
    scratch dir = {"/dev/shm/jihe-ingest-XXXXXX"}; /* thousands of small files: memory, where there is such a thing */

    if (mkdtemp(dir.path) != NULL)
        return dir;
    dir = (scratch){"/tmp/jihe-ingest-XXXXXX"};
    cr_assert_not_null(mkdtemp(dir.path));
    return dir;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
    (void)info, (void)kind, (void)ftw;
    return remove(path);
}

void scratch_remove(const scratch *dir)
{
    nftw(dir->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const scratch *dir, const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", dir->path, name);
    return path;
}

const char *scratch_file(const scratch *dir, const char *name, const void *bytes, size_t len)
{
    const char *path = scratch_path(dir, name);
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(bytes, 1, len, file), len);
    fclose(file);
    return path;
}

const char *scratch_text(const scratch *dir, const char *name, const char *text)
{
    return scratch_file(dir, name, text, strlen(text));
}

const char *scratch_gzip(const scratch *dir, const char *name, const void *bytes, size_t len)
{
    const char *path = scratch_path(dir, name);
    gzFile file = gzopen(path, "wb1");

    cr_assert_not_null(file, "%s", path);
    if (len > 0)
        cr_assert_eq(gzwrite(file, bytes, (unsigned)len), (int)len);
    cr_assert_eq(gzclose(file), Z_OK);
    return path;
}

/* With a checksum, as the command zstd writes by default. */
const char *scratch_zstd(const scratch *dir, const char *name, const void *bytes, size_t len)
{
    const size_t room = ZSTD_compressBound(len);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    void *packed = malloc(room);
    const char *path;
    size_t packed_len;

    cr_assert(packed != NULL && context != NULL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    packed_len = ZSTD_compress2(context, packed, room, bytes, len);
    cr_assert(!ZSTD_isError(packed_len));
    path = scratch_file(dir, name, packed, packed_len);
    ZSTD_freeCCtx(context);
    free(packed);
    return path;
}
