#ifndef JH_EXPR_PREDICATE_H
#define JH_EXPR_PREDICATE_H

#include "expr/expr_term.h"
#include "expr/kernel_logic.h"
#include "expr/kernels.h"
#include "expr/rangeset.h"
#include "expr/texttest.h"

/* One test on columns, a leaf of an expression, bound to a snapshot: dictionaries have become bitmaps over their codes.
 * Made by predicate_bind.c, run by predicate_run.c, computed values by value.c, columns against columns by pairwise.c.
 * For engine/expr only. */

#ifndef JH_BATCH_ROWS
#define JH_BATCH_ROWS 4096 /* 1 KiB a register: all registers of a usual rule stay in the first-level cache */
#endif
_Static_assert(JH_BATCH_ROWS >= 64 && JH_BATCH_ROWS % 64 == 0, "batches are whole words of a bitmap");

enum { JH_BATCH_WORDS = JH_BATCH_ROWS / 64 };

typedef enum jh_predicate_kind { /* roughly in order of cost: jh_predicate_cost settles it */
    JH_PREDICATE_NULL,   /* column is missing */
    JH_PREDICATE_RANGES, /* number, or dictionary code, is inside `ranges` */
    JH_PREDICATE_MEMBER, /* dictionary code is in `members` */
    JH_PREDICATE_PAIR,   /* column against column */
    JH_PREDICATE_VALUE,  /* computed value is inside `ranges` */
    JH_PREDICATE_VALUES, /* computed value against computed value */
    JH_PREDICATE_TEXT    /* text passes `test`, row by row */
} jh_predicate_kind;

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
    const uint32_t *ranks, *other_ranks; /* RANKS: by dictionary code; NULL: the code itself */
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

typedef struct jh_slot { /* a column that a plan reads */
    size_t column;
    jh_type type;
    jh_dict_view dict; /* category */
} jh_slot;

typedef struct jh_predicate {
    jh_predicate_kind kind;
    uint32_t slot;          /* of its column, as a place in the plan's slots */
    const uint32_t *slots;  /* of all columns it reads */
    size_t slot_count;
    const uint64_t *unsure; /* bit per code, like members: entries that a pattern has no answer for; NULL: none */
    union {
        jh_rangeset ranges;
        const uint64_t *members; /* kernels.h */
        jh_text_test test;
        jh_pair pair;
        jh_compute compute;
    } as;
} jh_predicate;

/* --- binding --- */

typedef struct jh_predicates { /* of one plan, while they are bound */
    const jh_snapshot *snapshot;
    const jh_expr *expr; /* whose leaves are being bound; all expressions of a plan have the same schema */
    jh_arena *arena;
    jihe_error *err;
    jh_slot *slots; /* room for every column of the schema */
    size_t slot_count;
    uint16_t slot_of[JH_MAX_COLUMNS]; /* 1 + slot; 0 for none */
} jh_predicates;

/* A leaf of a checked tree. */
jihe_status jh_predicate_bind(jh_predicates *all, const jh_tree *leaf, jh_predicate *out);

/* What a leaf costs beside others, before anything is bound: children of `and` and `or` are asked in this order. */
unsigned jh_predicate_cost(const jh_schema *schema, const jh_tree *leaf);

/* --- running --- */

/* The rows being evaluated: `start` is a multiple of 64, `rows` at most JH_BATCH_ROWS. */
typedef struct jh_batch {
    uint32_t start, rows;
} jh_batch;

/* Of a predicate on a segment as a whole. */
typedef enum jh_outlook {
    JH_OUTLOOK_UNKNOWN, /* nobody has asked yet */
    JH_OUTLOOK_NONE,    /* false for every row */
    JH_OUTLOOK_ALL,     /* true for every row */
    JH_OUTLOOK_OPEN     /* the rows have to be looked at */
} jh_outlook;

typedef struct jh_sight { /* what one thread knows of the segment at hand */
    const jh_snapshot *snapshot;
    const jh_kernels *kernels;
    const jh_slot *slots;
    jh_col_view *views;    /* per slot */
    jh_col_room *rooms;    /* likewise: what the views of texts borrow */
    bool *seen;            /* likewise: the view is of this segment */
    jh_pattern_room *room; /* where a text is searched; NULL when no predicate has a pattern */
    uint32_t segment, rows;
    bool no_memory;        /* a search found none */
} jh_sight;

enum { JH_FEW_CODES = 256 };

typedef struct jh_prospect { /* what one thread knows of a predicate on the segment at hand */
    jh_outlook outlook;
    jh_clip clip;   /* RANGES; of MEMBER, its kind */
    bool by_code;   /* VALUE, VALUES of one column with few different values: the verdicts are those of its codes */
    uint64_t yes[JH_FEW_CODES / 64 + 1], undecided[JH_FEW_CODES / 64 + 1]; /* bit per code, as members are */
} jh_prospect;

/* Looks at what the columns' smallest and largest values say, if that can decide. Columns are read, and with that
 * verified, only when asked for. */
jihe_status jh_predicate_outlook(const jh_predicate *predicate, jh_sight *sight, jh_prospect *out, jihe_error *err);

/* The verdicts of one batch. `need`: rows whose verdict matters, others may get any; NULL: all. `spare` holds
 * JH_BATCH_WORDS. */
jihe_status jh_predicate_run(const jh_predicate *predicate, jh_sight *sight, const jh_prospect *prospect,
                             jh_batch batch, const uint64_t *need, uint64_t *spare, jh_verdicts dst, jihe_error *err);

/* pairwise.c: sets the rows where the columns compare as asked; missing values are the caller's business. */
jihe_status jh_pair_ranks(jh_pair *pair, const jh_dict_view *a, const jh_dict_view *b, jh_arena *arena,
                          jihe_error *err);
jh_outlook jh_pair_outlook(const jh_pair *pair, const jh_col_view *left, const jh_col_view *right);
void jh_pair_run(const jh_pair *pair, const jh_sight *sight, uint32_t slot, jh_batch batch, const uint64_t *need,
                 uint64_t *set);

/* 64 numbers of a FIXED column from row `start` on; rows behind the last one read the padding. */
void jh_view_load64(const jh_col_view *view, uint32_t start, int64_t out[64]);
uint64_t jh_view_valid64(const jh_col_view *view, uint32_t start); /* bit per row that has a value */

/* value.c: computed values. */
jihe_status jh_value_bind(const jh_value **out, const jh_term *term, const jh_facts *facts, const jh_snapshot *snapshot,
                          const jh_slot *slots, const uint16_t *slot_of, jh_arena *arena, jihe_error *err);

/* Sets the rows of the batch that compare as asked, and those that have no value; of rows not in `need`, neither is
 * sure. */
void jh_compute_run(const jh_compute *compute, const jh_slot *slots, const jh_col_view *views, jh_batch batch,
                    const uint64_t *need, jh_verdicts dst);

/* The text of a present row of an id, text or category column. */
jh_text jh_slot_text(const jh_slot *slot, const jh_col_view *view, uint32_t row);

#endif
