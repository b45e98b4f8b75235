#ifndef FUZZ_RECORD_DIGEST_H
#define FUZZ_RECORD_DIGEST_H

#include "given.h"
#include "ingest/record_kind.h"

/* A broken compressed file is noticed sooner or later, depending on the blocks, and what comes before is read. */
bool is_compressed(const void *bytes, size_t len);

void digest_record(fingerprint *print, const jh_record *record);

/* All records of an extract of this kind, read `block` bytes at a time and converted to cells, and how it ended. */
fingerprint digest_extract(const jh_record_kind *kind, const void *bytes, size_t len, size_t block);

#endif
