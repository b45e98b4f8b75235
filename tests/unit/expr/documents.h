#ifndef JH_TESTS_EXPR_DOCUMENTS_H
#define JH_TESTS_EXPR_DOCUMENTS_H

#include "base/zone.h"
#include "expr/expr.h"
#include "snapshot/writer.h"

/* A small snapshot in a directory of its own. Every failure of the machinery fails the test. The columns are those that
 * tests/cases/expr/README.md lists. */
typedef struct documents {
    char path[64];
    jh_zone *zone; /* Asia/Shanghai */
    jh_value_lists lists; /* names, odd-numbers */
    jh_calendar calendar; /* 2024, and one day of 2025 */
    jh_facts facts;       /* of these; P0 .. P9 are people */
    jh_writer *writer;
    jh_snapshot *snapshot;
} documents;

enum {
    DOC_ID,
    DOC_TEAM,
    DOC_LEAD,
    DOC_NOTE,
    DOC_AMOUNT,
    DOC_PAID,
    DOC_FEE,
    DOC_USD,
    DOC_ANY,
    DOC_COUNT,
    DOC_OTHER,
    DOC_DAY,
    DOC_DUE,
    DOC_AT,
    DOC_SEEN,
    DOC_URGENT,
    DOC_DONE,
    DOC_SUM,
    DOC_LIKE,
    DOC_YUAN,
    DOC_COLUMNS
};

extern const jh_schema documents_schema;

/* Fills d->facts, the zone being open; for tests without documents. */
void documents_facts(documents *d);
void documents_end_facts(documents *d); /* and the zone */

void documents_begin(documents *d);
void documents_add(documents *d, const jh_cell cells[DOC_COLUMNS]);
void documents_seal(documents *d); /* now d->snapshot can be read */
void documents_end(documents *d);

/* Reads a value as people write it. False: not of the column's type. */
bool documents_cell(const documents *d, size_t column, const char *text, jh_cell *out);

/* An expression evaluated over every row of a snapshot: 1, 0, -1 as jh_expr_walk says it. */
jihe_status documents_compile(const documents *d, const char *text, jh_expr **out, jh_arena *arena, jihe_error *err);
void documents_eval(const documents *d, const jh_expr *expr, uint32_t segment, signed char *verdicts);
/* Several as one plan; NULL among them are not asked. */
void documents_eval_set(const documents *d, const jh_expr *const *exprs, size_t count, uint32_t segment,
                        signed char *const *verdicts);
void documents_walk(const documents *d, const jh_expr *expr, uint32_t segment, signed char *verdicts);

#endif
