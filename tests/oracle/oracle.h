#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/num.h"
#include "jihe/error.h"

/* One row of an oracle file and what our function answers to it. An adapter reads the row's columns by name, calls the
 * function and gives the answer's elements in order; the frame compares them with `expected`. Adapters never compare
 * and never look at `expected`. */

typedef struct oracle_row {
    char  **names;  /* of the file's columns */
    char  **fields; /* as many */
    size_t  count;
    jh_arena *arena;   /* lives as long as the row */
    jh_buf   *answer;  /* elements, each ended by '\n' */
    char      problem[512]; /* the first thing wrong with the row or the call; "": nothing */
} oracle_row;

typedef struct oracle_function {
    const char *name; /* as in the column `function`; NULL ends a table */
    void (*answer)(oracle_row *row);
} oracle_function;

/* Reading. A column that is not there, or a value of another form, makes the row fail; the returned value is then of no
 * matter, but safe to go on with. */
const char *oracle_text(oracle_row *row, const char *name);
bool        oracle_is(oracle_row *row, const char *name, const char *text);
bool        oracle_has(oracle_row *row, const char *name);   /* the column is there, and not empty */
double      oracle_double(oracle_row *row, const char *name); /* "inf" and "NA" (a NaN) too */
uint64_t    oracle_count(oracle_row *row, const char *name);  /* a whole number, not negative */
int64_t     oracle_whole(oracle_row *row, const char *name);
jh_decimal  oracle_decimal(oracle_row *row, const char *name); /* exact */

/* Lists separated by ';'; "" and "none" have no items. Arrays live as long as the row. */
size_t oracle_texts(oracle_row *row, const char *name, char ***out);
size_t oracle_doubles(oracle_row *row, const char *name, double **out);
size_t oracle_counts(oracle_row *row, const char *name, uint64_t **out);
size_t oracle_wholes(oracle_row *row, const char *name, int64_t **out);
size_t oracle_decimals(oracle_row *row, const char *name, jh_decimal **out);

/* The same of any text, for lists in lists ("a;b|c": split at '|', then each at ';'). */
size_t oracle_split(oracle_row *row, const char *text, char separator, char ***out);
double oracle_to_double(oracle_row *row, const char *text);

/* Answering: one element after the other, whether `expected` separates them by ';' or by '|'. */
void oracle_give(oracle_row *row, double value);        /* compared within the row's tolerances; NaN is "NA" */
void oracle_give_whole(oracle_row *row, int64_t value); /* these are compared exactly */
void oracle_give_count(oracle_row *row, uint64_t value);
void oracle_give_text(oracle_row *row, const char *text); /* "none" for an empty list */

/* The function refused: JIHE_OK does nothing. */
void oracle_check(oracle_row *row, jihe_status status, const jihe_error *err);
__attribute__((format(printf, 2, 3))) void oracle_fail(oracle_row *row, const char *format, ...);

#endif
