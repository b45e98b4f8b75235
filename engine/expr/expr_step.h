#ifndef JH_EXPR_EXPR_STEP_H
#define JH_EXPR_EXPR_STEP_H

#include "expr/expr_term.h"
#include "expr/kernel_logic.h"
#include "expr/rangeset.h"
#include "expr/texttest.h"

/* The flat form of an expression: steps in order of evaluation, each writing one batch register. Made by expr_bind.c,
 * run by expr_eval.c. For engine/expr only. */

#ifndef JH_BATCH_ROWS
#define JH_BATCH_ROWS 4096 /* 1 KiB a register: all registers of a usual rule stay in the first-level cache */
#endif
_Static_assert(JH_BATCH_ROWS >= 64 && JH_BATCH_ROWS % 64 == 0, "batches are whole words of a bitmap");

enum { JH_BATCH_WORDS = JH_BATCH_ROWS / 64 };

typedef enum jh_step_kind {
    JH_STEP_CONST,  /* dst = true or false for every row */
    JH_STEP_NULL,   /* dst = column is missing */
    JH_STEP_RANGES, /* dst = number, or dictionary code, is inside `ranges` */
    JH_STEP_MEMBER, /* dst = dictionary code is in `members` */
    JH_STEP_TEXT,   /* dst = text passes `test`, row by row */
    JH_STEP_PAIR,   /* dst = column against column */
    JH_STEP_UNSURE, /* dst is undecided where the dictionary code is in `members` */
    JH_STEP_VALUE,  /* dst = computed value is inside `ranges` */
    JH_STEP_VALUES, /* dst = computed value against computed value */
    JH_STEP_AND,    /* dst = dst and dst + 1 */
    JH_STEP_OR,     /* likewise */
    JH_STEP_NOT     /* dst = not dst */
} jh_step_kind;

/* How two columns meet. */
typedef enum jh_pair_kind {
    JH_PAIR_NUMBERS, /* same unit: as they are */
    JH_PAIR_SCALED,  /* money of different scales: times `times` and `other_times`, in 128 bits */
    JH_PAIR_RANKS,   /* two categories: places of the dictionary entries in one common order */
    JH_PAIR_TEXTS    /* anything else that is text: bytes, row by row */
} jh_pair_kind;

typedef struct jh_pair {
    jh_pair_kind kind;
    jh_cmp cmp;
    uint32_t other;                      /* slot of the other column */
    int64_t times, other_times;          /* SCALED */
    const uint32_t *ranks, *other_ranks; /* RANKS: by dictionary code */
} jh_pair;

/* A computed value, bound to the columns of one snapshot. */
typedef struct jh_value jh_value;
struct jh_value {
    const jh_term *term;
    uint32_t slot;             /* of its column: COLUMN, LENGTH, TENURE */
    const int64_t *table;      /* LENGTH, TENURE of a category: by dictionary code */
    const uint64_t *has_value; /* TENURE: bit per code; NULL: all */
    const jh_facts *facts;
    const jh_value *left, *right;
};

/* VALUE, VALUES */
typedef struct jh_compute {
    const jh_value *value, *other;
    jh_rangeset ranges;          /* VALUE */
    jh_cmp cmp;                  /* VALUES */
    int64_t times, other_times;  /* to one scale, in 128 bits */
} jh_compute;

typedef struct jh_step {
    jh_step_kind kind;
    uint16_t dst;  /* register */
    bool truth;    /* CONST */
    uint32_t slot; /* column, as a place in plan->slots */
    union {
        jh_rangeset ranges;
        const uint64_t *members; /* kernel_member.h */
        jh_text_test test;
        jh_pair pair;
        jh_compute compute;
    } as;
} jh_step;

typedef struct jh_slot { /* a column that the plan reads */
    size_t column;
    jh_type type;
    jh_dict_view dict; /* category */
} jh_slot;

struct jh_expr_plan {
    const jh_snapshot *snapshot;
    const jh_step *steps;
    size_t step_count;
    const jh_slot *slots;
    size_t slot_count;
    size_t registers;
};

/* The rows being evaluated: `start` is a multiple of 64, `rows` at most JH_BATCH_ROWS. */
typedef struct jh_batch {
    uint32_t start, rows;
} jh_batch;

/* pairwise.c: sets the rows where the columns compare as asked; missing values are the caller's business. */
jihe_status jh_pair_ranks(jh_pair *pair, const jh_dict_view *a, const jh_dict_view *b, jh_arena *arena,
                          jihe_error *err);
void jh_pair_run(const jh_pair *pair, const jh_slot *slots, const jh_col_view *views, uint32_t slot, jh_batch batch,
                 uint64_t *set);

/* 64 numbers of a FIXED column from row `start` on; rows behind the last one read the padding. */
void jh_view_load64(const jh_col_view *view, uint32_t start, int64_t out[64]);
uint64_t jh_view_valid64(const jh_col_view *view, uint32_t start); /* bit per row that has a value */

/* value.c: computed values. */
jihe_status jh_value_bind(const jh_value **out, const jh_term *term, const jh_facts *facts, const jh_snapshot *snapshot,
                          const jh_slot *slots, const uint16_t *slot_of, jh_arena *arena, jihe_error *err);

/* Sets the rows of the batch that compare as asked, and those that have no value. */
void jh_compute_run(const jh_compute *compute, const jh_slot *slots, const jh_col_view *views, jh_batch batch,
                    jh_verdicts dst);

/* The text of a present row of an id, text or category column. */
jh_text jh_slot_text(const jh_slot *slot, const jh_col_view *view, uint32_t row);

#endif
