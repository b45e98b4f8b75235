#ifndef TEST_INGEST_CSV_REFERENCE_H
#define TEST_INGEST_CSV_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What csv.h promises, written a second time: one byte after another over a text in memory, no blocks, no shortcuts.
 * The answer is a text: one line per record, so that two answers are compared with strcmp and read when they differ. */

/* A record: "R line [line:column:len:hex ...]"; a bad one: "B line bad_line:bad_column code"; the end: "END" or
 * "OPEN line:column". */
void reference_read(const char *text, size_t len, char delimiter, char quote, jh_buf *answer);

/* The same form, from jh_csv reading a file in blocks of `block` bytes. */
void reader_read(const char *path, char delimiter, char quote, size_t block, jh_buf *answer);

#endif
