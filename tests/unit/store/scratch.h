#ifndef TEST_STORE_SCRATCH_H
#define TEST_STORE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* A directory of its own for one test, made on first use and removed by scratch_remove (a test's .fini). */
const char *scratch(const char *name); /* DIR/name, in a small ring of static buffers */
void scratch_remove(void);

void write_file(const char *path, const void *bytes, size_t len); /* mode 0600 */
void read_file(const char *path, jh_buf *out);

/* Runs body(context) in a child: its return value as exit status, or minus the signal that ended it. */
int in_child(int (*body)(void *context), void *context);

#endif
