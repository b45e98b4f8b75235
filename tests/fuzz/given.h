#ifndef FUZZ_GIVEN_H
#define FUZZ_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/workspace.h"

/* What every target has at hand. A target is this one function; it must come back with 0 from any bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Read by the leak checker, where there is one. */
const char *__lsan_default_suppressions(void);

/* A property of the parser that must hold. Ends the process, which the fuzzer reports with the input. */
void must(bool holds, const char *what);

/* A path under which the bytes can be read as a file, until the next call. It is memory, not a disk. */
const char *as_file(const void *bytes, size_t len);

/* A workspace with a column of every type, read once. */
const jh_workspace_config *given_workspace(void);

/* A number that depends on everything it was fed, so that every byte of a result is read. */
typedef struct fingerprint {
    uint64_t state;
} fingerprint;

void digest_number(fingerprint *print, uint64_t number);
void digest_bytes(fingerprint *print, const void *bytes, size_t len); /* and on the length */
void digest_text(fingerprint *print, const char *text);               /* NULL is not "" */

#endif
