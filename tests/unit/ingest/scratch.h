#ifndef TEST_INGEST_SCRATCH_H
#define TEST_INGEST_SCRATCH_H

#include <stddef.h>

#include "base/buf.h"
#include "ingest/csv.h"

/* A directory of its own for one test, removed with all that is in it. */
typedef struct scratch {
    char path[64];
} scratch;

scratch scratch_new(void);
void scratch_remove(const scratch *dir);

/* Writes DIR/name; returns the path, valid until the fourth call from now. */
const char *scratch_file(const scratch *dir, const char *name, const void *bytes, size_t len);
const char *scratch_text(const scratch *dir, const char *name, const char *text);
const char *scratch_gzip(const scratch *dir, const char *name, const void *bytes, size_t len);
const char *scratch_zstd(const scratch *dir, const char *name, const void *bytes, size_t len);
const char *scratch_path(const scratch *dir, const char *name);

extern const jh_csv_dialect comma; /* UTF-8, comma, double quote, header in line 1 */

#endif
