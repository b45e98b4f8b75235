#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "ingest/source_int.h"

/* gzip; several members in a row are one file. */

struct jh_unzip {
    z_stream z;
    bool between; /* the last member is complete */
};

static bool gzip_begins(const uint8_t *bytes, size_t len)
{
    return len >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static jihe_status gzip_open(jh_unzip **out, jh_source *source, jihe_error *err)
{
    jh_unzip *unzip = calloc(1, sizeof *unzip);

    *out = NULL;
    if (unzip == NULL || inflateInit2(&unzip->z, MAX_WBITS + 16) != Z_OK) { /* + 16: gzip wrapper, its CRC checked */
        free(unzip);
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    }
    *out = unzip;
    return JIHE_OK;
}

/* One step of inflate from the bytes at hand. */
static jihe_status inflate_step(jh_unzip *unzip, jh_source *source, uint8_t *to, size_t room, size_t *made,
                                jihe_error *err)
{
    z_stream *z = &unzip->z;
    int rc;

    z->next_in = source->block + source->at;
    z->avail_in = (uInt)(source->len - source->at);
    z->next_out = to;
    z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
    rc = inflate(z, Z_NO_FLUSH);
    source->at = source->len - z->avail_in;
    *made = (size_t)(z->next_out - to);
    if (rc == Z_MEM_ERROR)
        return jh_fail(err, JIHE_NO_MEMORY, "decompressing '%s'", source->name);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
        return jh_source_broken(source, "gzip", z->msg != NULL ? z->msg : "are damaged", err);
    unzip->between = rc == Z_STREAM_END;
    return JIHE_OK;
}

static jihe_status gzip_read(jh_unzip *unzip, jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err)
{
    *got = 0;
    while (*got < room) {
        size_t made = 0;
        jihe_status st = source->at == source->len ? jh_source_fill(source, 1, err) : JIHE_OK;
        if (st != JIHE_OK)
            return st;
        if (unzip->between) {
            if (source->at == source->len)
                return JIHE_OK;
            if (inflateReset(&unzip->z) != Z_OK)
                return jh_fail(err, JIHE_BUG, "cannot go on to the next gzip member of '%s'", source->name);
        }
        st = inflate_step(unzip, source, to + *got, room - *got, &made, err);
        *got += made; /* what stands before the damage too */
        if (st != JIHE_OK)
            return st;
        if (made == 0 && !unzip->between && source->ended && source->at == source->len)
            return jh_source_broken(source, "gzip", "end too early", err);
    }
    return JIHE_OK;
}

static void gzip_close(jh_unzip *unzip)
{
    if (unzip == NULL)
        return;
    inflateEnd(&unzip->z);
    free(unzip);
}

const jh_unzip_kind jh_unzip_gzip = {gzip_begins, gzip_open, gzip_read, gzip_close};
