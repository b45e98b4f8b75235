#ifndef JH_EXPR_EXPR_TERM_H
#define JH_EXPR_EXPR_TERM_H

#include "expr/expr_tree.h"

/* Computed values: arithmetic and functions. All are whole numbers of a unit, as the columns are: hundredths of a yuan,
 * milliseconds, days. A value is missing when an operand is, when a divisor is 0, and when a result does not fit 64
 * bits; what compares a missing value is undecided.
 *
 *   number   integer columns, constants, counts        scale: decimals, 0 .. JH_TERM_MAX_SCALE
 *   money    money columns; constants beside them      scale likewise
 *   duration ms;  date days;  time UTC ms;  truth 0 or 1;  text only as what a function is asked about
 */

typedef enum jh_unit {
    JH_UNIT_NUMBER,
    JH_UNIT_MONEY,
    JH_UNIT_DURATION,
    JH_UNIT_DATE,
    JH_UNIT_TIME,
    JH_UNIT_TRUTH,
    JH_UNIT_TEXT
} jh_unit;

enum {
    JH_TERM_MAX_SCALE = 12,
    JH_TERM_QUOTIENT_SCALE = 6, /* decimals of a quotient; further ones are cut off, towards zero */
    JH_DAY_MS = 86400000
};

typedef enum jh_term_kind {
    JH_TERM_COLUMN,
    JH_TERM_CONST,
    JH_TERM_NEGATIVE, /* left */
    JH_TERM_ADD,      /* left, right */
    JH_TERM_SUBTRACT,
    JH_TERM_MULTIPLY,
    JH_TERM_DIVIDE,
    JH_TERM_REST,    /* has the sign of `left`, as in C and SQL */
    JH_TERM_ABS,     /* functions of `left` */
    JH_TERM_LENGTH,  /* of a text, in characters */
    JH_TERM_YEAR,    /* of a date, or of a time in the workspace's zone */
    JH_TERM_MONTH,
    JH_TERM_DAY,     /* of the month */
    JH_TERM_WEEKDAY, /* 1 Monday .. 7 Sunday */
    JH_TERM_HOUR,    /* of a time */
    JH_TERM_MINUTE,
    JH_TERM_DATE,    /* of a time */
    JH_TERM_WORKDAY, /* by the calendar */
    JH_TERM_TENURE   /* of a person on the snapshot's date: how long in the present post */
} jh_term_kind;

struct jh_term {
    jh_term_kind kind;
    uint32_t at; /* byte offset of its first token */
    uint32_t depth;
    size_t column;             /* COLUMN */
    const jh_literal *literal; /* CONST */
    jh_term *left, *right;
    /* Set by the check: */
    jh_unit unit;
    uint32_t scale;
    const char *currency; /* money: "" when it is not known */
    bool constant;        /* made of constants only: such a number is money beside money */
    int64_t value;        /* CONST, in units of 10^-scale, ms */
    /* Factors: result = left * times op right * other_times (ADD, SUBTRACT, REST: the common scale; DIVIDE: so that the
     * quotient has the scale wanted), then / over (MULTIPLY, of durations by decimals). */
    int64_t times, other_times, over;
};

typedef struct jh_function {
    const char *name;
    jh_term_kind kind;
} jh_function;

const jh_function *jh_function_find(const char *name, size_t len); /* in either letter case; NULL: none */
const char *jh_function_nearest(const char *word);                 /* NULL: none near */
const char *jh_function_name(jh_term_kind kind);

/* Types of a term and of everything in it. JIHE_CONFIG with what to write instead. */
jihe_status jh_term_check(const jh_expr_source *source, jh_term *term);

/* Two values that are to be compared: constants become money where need be. */
jihe_status jh_term_match(const jh_expr_source *source, jh_term *a, jh_term *b, uint32_t at);

const char *jh_term_unit_text(const jh_term *term); /* "an amount of money", "a duration" */
jh_unit jh_type_unit(jh_type type);
int64_t jh_power_of_ten(uint32_t exponent); /* up to 18 */

/* The oracle's value of a term for one document; false: missing. expr_walk.c's part for terms, in term_walk.c. */
typedef struct jh_term_row {
    const jh_expr *expr;
    const jh_snapshot *snapshot;
    jh_col_room *rooms; /* per column */
    uint32_t segment, row;
} jh_term_row;
jihe_status jh_term_walk(const jh_term_row *at, const jh_term *term, bool *present, int64_t *value, jihe_error *err);

#endif
