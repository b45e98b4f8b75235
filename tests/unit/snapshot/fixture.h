#ifndef TEST_SNAPSHOT_FIXTURE_H
#define TEST_SNAPSHOT_FIXTURE_H

#include <criterion/criterion.h>

#include "documents.h"

/* A scratch workspace and the snapshots tests make in it. */

enum { TEST_DAY = 20484 }; /* 2026-01-31 */

typedef struct fixture {
    char workspace[64];
    char sealed[128]; /* WORKSPACE/snapshots/2026-01-31/r1 */
} fixture;

fixture fixture_make(void);
void fixture_remove(const fixture *fix);

/* Documents 0..rows-1 of the seed, published as revision `revision` of TEST_DAY. */
void fixture_write(const fixture *fix, uint32_t revision, uint64_t seed, uint64_t rows);
void fixture_add(jh_writer *writer, uint64_t seed, uint64_t from, uint64_t to);

/* Three documents of columns memo (text), id, amount (money), who (a person), few enough to write their bytes down. */
void fixture_write_three(const fixture *fix);

/* A digest of everything the reader gives: every cell, hash, dictionary, tally and figure. */
jihe_status fixture_read(const jh_snapshot *snapshot, uint64_t *digest, jihe_error *err);

typedef struct file_bytes {
    unsigned char *at;
    size_t len;
} file_bytes;
file_bytes slurp(const char *path);
void spill(const char *path, const unsigned char *at, size_t len);

#define must(call) cr_assert_eq((call), JIHE_OK, "%s: %s", #call, err.message)

#endif
