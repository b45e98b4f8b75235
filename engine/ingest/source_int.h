#ifndef JH_INGEST_SOURCE_INT_H
#define JH_INGEST_SOURCE_INT_H

#include <stdbool.h>

#include "ingest/source.h"

/* Shared by source.c and the compressions, one file each. */

typedef struct jh_unzip jh_unzip;

/* One compression. */
typedef struct jh_unzip_kind {
    bool (*begins)(const uint8_t *bytes, size_t len); /* are these first bytes of a file (4, fewer at its end) its? */
    jihe_status (*open)(jh_unzip **out, jh_source *source, jihe_error *err);
    jihe_status (*read)(jh_unzip *unzip, jh_source *source, uint8_t *to, size_t room, size_t *got, jihe_error *err);
    void (*close)(jh_unzip *unzip); /* NULL accepted */
} jh_unzip_kind;

extern const jh_unzip_kind jh_unzip_gzip, jh_unzip_zstd;

struct jh_source {
    char *name;
    int fd;
    bool ended; /* the file has no more bytes */
    uint64_t bytes_read, bytes_total;
    uint8_t *block; /* stored bytes not yet given out: block[at..len) */
    size_t at, len, room;
    const jh_unzip_kind *kind; /* NULL: as stored */
    jh_unzip *unzip;
};

/* At least `least` unread bytes in the block, fewer only at the end. */
jihe_status jh_source_fill(jh_source *source, size_t least, jihe_error *err);

/* JIHE_DATA: "the KIND data WHAT", with the place in the stored file. */
jihe_status jh_source_broken(const jh_source *source, const char *kind, const char *what, jihe_error *err);

#endif
