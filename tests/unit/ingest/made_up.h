#ifndef TEST_INGEST_MADE_UP_H
#define TEST_INGEST_MADE_UP_H

#include "base/buf.h"
#include "base/pcg.h"
#include "config/workspace.h"

/* Extracts that are made up at random for a schema: what is usual, what is rare but right, and what is broken. */

enum { MADE_UP_SCHEMAS = 9 };

/* jihe.yaml number 0 .. MADE_UP_SCHEMAS - 1; between them they use everything a column can declare. */
const char *made_up_yaml(unsigned which);

typedef struct made_up {
    uint32_t rows;    /* about */
    uint32_t ids;     /* different ones, about: fewer than rows make duplicates */
    uint32_t odd;     /* of 1000 cells: rare or wrong */
    uint32_t broken;  /* of 1000 records: with stray quotes, NUL, bytes that are not UTF-8, fields too many or too few */
    bool long_fields; /* some go over many lines */
    bool footer;      /* somewhere in the middle */
} made_up;

/* The text of one, with its header; added to `out`. */
void made_up_extract(jh_buf *out, jh_pcg64 *rng, const jh_workspace_config *config, const made_up *how);

#endif
