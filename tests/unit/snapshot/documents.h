#ifndef TEST_SNAPSHOT_DOCUMENTS_H
#define TEST_SNAPSHOT_DOCUMENTS_H

#include "snapshot/writer.h"

/* Made-up documents: every cell is a function of (seed, row), so that a reader can be compared with them without
 * keeping them. Each segment has another mixture of widths and of missing values, with the extremes of int64 among
 * them. */

enum { DOC_COLUMNS = 12, DOC_TEXT = 3000 };

typedef struct document {
    jh_cell cells[DOC_COLUMNS];
    char text[DOC_COLUMNS][DOC_TEXT];
} document;

const jh_schema *documents_schema(void);
void document_make(uint64_t seed, uint64_t row, document *out);

#endif
