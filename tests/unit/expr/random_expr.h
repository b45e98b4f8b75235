#ifndef JH_TESTS_EXPR_RANDOM_EXPR_H
#define JH_TESTS_EXPR_RANDOM_EXPR_H

#include "base/buf.h"
#include "base/pcg.h"
#include "documents.h"

/* Made-up documents and well-typed expressions over them: few distinct values, so that tests meet them, and the edges
 * of every type among them. */
void random_documents(documents *d, jh_pcg64 *rng, uint32_t rows);
void random_expr(jh_pcg64 *rng, jh_buf *out, uint32_t depth);

#endif
