#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "ingest/source_int.h"

/* Zstandard; several frames in a row are one file, and skippable frames hold nothing. */

/* A frame names the window that its reader must keep: this much is allowed (log2 of bytes). 32 MiB is what the levels
 * up to 20 need; a frame of 30 bytes may ask for 2 GiB. */
enum { WINDOW_LOG_MAX = 25 };

struct jh_unzip {
    ZSTD_DCtx *context;
    bool between; /* the last frame is complete */
};

static bool zstd_begins(const uint8_t *bytes, size_t len)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd}, skippable[] = {0x2a, 0x4d, 0x18};

    if (len < 4)
        return false;
    return memcmp(bytes, magic, 4) == 0 || ((bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, skippable, 3) == 0);
}

static jihe_status zstd_open(jh_unzip **out, jh_source *source, jihe_error *err)
{
    jh_unzip *unzip = calloc(1, sizeof *unzip);

    *out = unzip;
    if (unzip == NULL || (unzip->context = ZSTD_createDCtx()) == NULL)
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    if (ZSTD_isError(ZSTD_DCtx_setParameter(unzip->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
        return jh_fail(err, JIHE_BUG, "zstd does not take a window limit");
    return JIHE_OK;
}

static jihe_status zstd_fault(const jh_source *source, size_t code, jihe_error *err)
{
    char what[96];

    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    case ZSTD_error_frameParameter_windowTooLarge:
        return jh_fail_at(err, JIHE_DATA, source->name, 0, 0,
                          "the zstd data need a window of more than %d MiB; compress without --long and --ultra",
                          1 << (WINDOW_LOG_MAX - 20));
    default:
        snprintf(what, sizeof what, "are damaged: %s", ZSTD_getErrorName(code));
        return jh_source_broken(source, "zstd", what, err);
    }
}

static jihe_status zstd_read(jh_unzip *unzip, jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    ZSTD_outBuffer out = {to, room, 0};

    *got = 0;
    while (out.pos < room) {
        jihe_status st = source->at == source->len ? jh_source_fill(source, 1, err) : JIHE_OK;
        if (st != JIHE_OK)
            return st;
        if (unzip->between && source->at == source->len)
            return JIHE_OK;
        const size_t before = out.pos;
        ZSTD_inBuffer in = {source->block, source->len, source->at};
        const size_t left = ZSTD_decompressStream(unzip->context, &out, &in);
        source->at = in.pos;
        *got = out.pos; /* what stands before damage too */
        if (ZSTD_isError(left))
            return zstd_fault(source, left, err);
        unzip->between = left == 0;
        if (out.pos == before && !unzip->between && source->ended && source->at == source->len)
            return jh_source_broken(source, "zstd", "end too early", err);
    }
    return JIHE_OK;
}

static void zstd_close(jh_unzip *unzip)
{
    if (unzip == NULL)
        return;
    ZSTD_freeDCtx(unzip->context);
    free(unzip);
}

const jh_unzip_kind jh_unzip_zstd = {zstd_begins, zstd_open, zstd_read, zstd_close};
