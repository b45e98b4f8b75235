#ifndef JH_INGEST_UTF16_H
#define JH_INGEST_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* UTF-16 of this machine's byte order, as ODBC has it. */

/* Appends the units as UTF-8. False: half of a surrogate pair stands alone; then `out` has what was before it. */
bool jh_utf16_to_utf8(const uint16_t *units, size_t count, jh_buf *out);

/* Appends valid UTF-8 as units and one unit 0. */
void jh_utf16_from_utf8(const char *text, size_t len, jh_buf *out);

#endif
