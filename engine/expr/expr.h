#ifndef JH_EXPR_EXPR_H
#define JH_EXPR_EXPR_H

#include "base/arena.h"
#include "base/buf.h"
#include "config/schema.h"
#include "config/yaml.h"
#include "expr/facts.h"
#include "expr/kernel_logic.h"
#include "snapshot/snapshot.h"

/* The where language: text -> tree with positions -> types checked -> flat steps over batches (rules/README.md). */

typedef struct jh_expr jh_expr;             /* checked against a schema; read-only; lives in the arena given */
typedef struct jh_expr_plan jh_expr_plan; /* expressions bound to one snapshot: dictionary look-ups done; read-only */
typedef struct jh_expr_scratch jh_expr_scratch; /* registers; one per thread */

typedef struct jh_place { /* where the text begins, for messages */
    const char *source;
    uint32_t    line, column;
    const jh_text_break *breaks; /* where the text goes on elsewhere; NULL: further lines have the left edge of the first */
    size_t               break_count;
} jh_place;

/* text NULL or "": true for every document. JIHE_CONFIG with a position inside the text, "did you mean" for names. */
jihe_status jh_expr_compile(jh_expr **out, const char *text, size_t len, jh_place place, const jh_schema *schema,
                            const jh_facts *facts, jh_arena *arena, jihe_error *err);

/* `snapshot`'s schema must be the one the expressions were compiled against. What several of them ask alike is asked once.
 * NULL among them: nothing is asked there. The plan lives in the arena. */
jihe_status jh_expr_bind(jh_expr_plan **out, const jh_expr *const *exprs, size_t count, const jh_snapshot *snapshot,
                         jh_arena *arena, jihe_error *err);

jihe_status jh_expr_scratch_new(jh_expr_scratch **out, const jh_expr_plan *plan, jihe_error *err);
void        jh_expr_scratch_free(jh_expr_scratch *scratch); /* NULL accepted */

/* One segment: answers[i] gets where expression i is true and where it is undecided; padding bits 0. All arrays hold
 * jh_bits_words(rows) words; those of a NULL expression are left alone. Works in batches of JH_BATCH_ROWS inside; the
 * result does not depend on it. Columns that nothing depends on are not touched. */
jihe_status jh_expr_eval(const jh_expr_plan *plan, uint32_t segment, jh_expr_scratch *scratch,
                         const jh_verdicts *answers, jihe_error *err);

/* The oracle: walks the tree for one document. 1 true, 0 false, -1 undecided. Slow; for tests and `explain`. `rooms`:
 * one per column of the schema. */
jihe_status jh_expr_walk(const jh_expr *expr, const jh_snapshot *snapshot, uint32_t segment, uint32_t row,
                         jh_col_room *rooms, int *verdict, jihe_error *err);

/* Refuses, with JIHE_CONFIG at the place, a condition that cannot come out in two ways: amount > 5 and amount < 3. For
 * rules that people are about to use, not for those recorded. `text` is what the expression was compiled from. */
jihe_status jh_expr_reach(const jh_expr *expr, const char *text, size_t len, jh_place place, jh_arena *arena,
                          jihe_error *err);

/* What of the facts it asks; added to *used. */
void jh_expr_facts(const jh_expr *expr, jh_facts_used *used);

/* Canonical text (spaces and spelling settled), for rule digests and explain. */
void jh_expr_print(const jh_expr *expr, jh_buf *out);

/* For people, a line each: the tree with the types of its columns and values; the steps of a plan. */
void jh_expr_explain(const jh_expr *expr, jh_buf *out);
void jh_expr_explain_plan(const jh_expr_plan *plan, jh_buf *out);

/* Of the thresholds that the whole condition goes by (amount >= 100000), number `index` and the condition for the
 * documents that lie less than a twentieth below it and meet everything else. False: there are not so many. */
bool jh_expr_near(const jh_expr *expr, size_t index, jh_buf *threshold, jh_buf *where);

void jh_expr_columns(const jh_expr *expr, uint64_t used[JH_MAX_COLUMNS / 64]); /* bit per schema column */

#endif
