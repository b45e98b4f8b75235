#ifndef JH_EXPR_EXPR_STEP_H
#define JH_EXPR_EXPR_STEP_H

#include "expr/predicate.h"

/* The flat form of the expressions of a plan: for each its steps in order of evaluation, writing one batch register each.
 * Equal leaves of all expressions are one predicate. Made by expr_bind.c, run by expr_eval.c. For engine/expr only. */

typedef enum jh_step_kind {
    JH_STEP_CONST,  /* dst = true or false for every row */
    JH_STEP_TEST,   /* dst = predicate */
    JH_STEP_AND,    /* dst = dst and dst + 1 */
    JH_STEP_OR,     /* likewise */
    JH_STEP_NOT,    /* dst = not dst */
    JH_STEP_UNLESS, /* goes on at `to` if dst is false for every row: the rest of an `and` */
    JH_STEP_UNTIL   /* likewise if it is true for every row: the rest of an `or` */
} jh_step_kind;

/* Which rows of a TEST matter, as far as the chain that it stands in has come. */
typedef enum jh_need {
    JH_NEED_ALL,
    JH_NEED_OPEN,  /* those for which dst - 1 is not false: the chain is an `and` */
    JH_NEED_UNMET  /* those for which dst - 1 is not true: an `or` */
} jh_need;

typedef struct jh_step {
    jh_step_kind kind;
    jh_need need;  /* TEST */
    uint16_t dst;  /* register */
    bool truth;    /* CONST */
    uint32_t test; /* TEST: place in plan->tests */
    uint32_t to;   /* UNLESS, UNTIL: a step */
} jh_step;

#define JH_NOT_KEPT UINT32_MAX

typedef struct jh_plan_test {
    jh_predicate predicate;
    uint32_t uses; /* TEST steps */
    uint32_t kept; /* where its verdicts of a batch are kept for the other uses; JH_NOT_KEPT */
} jh_plan_test;

/* Verdicts kept for a batch: half a MiB a thread, what is left of the second-level cache. */
enum { JH_KEPT_MAX = 512 };

typedef struct jh_plan_steps { /* of one expression; its answer is in register 0. first == end: there is none */
    uint32_t first, end;
} jh_plan_steps;

struct jh_expr_plan {
    const jh_snapshot *snapshot;
    const jh_plan_steps *exprs;
    size_t expr_count;
    const jh_step *steps;
    size_t step_count;
    const jh_plan_test *tests;
    size_t test_count;
    size_t kept;
    const jh_slot *slots;
    size_t slot_count;
    size_t registers;
};

#endif
