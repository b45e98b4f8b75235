#ifndef JH_EXPR_EXPR_LITERAL_H
#define JH_EXPR_EXPR_LITERAL_H

#include "expr/expr_tree.h"

/* The values that constants stand for. */

/* Settles a number as written: no leading zeros, no trailing decimals, no "-0". `out` needs len + 1 bytes. Any length
 * is kept exactly, which is why numbers stay digits here: jh_decimal ends at 18, int64 columns do not. */
uint32_t jh_literal_settle(const char *text, uint32_t len, char *out);

/* The whole units of 10^-scale that a value stands between: *low is its ceiling and *high its floor, so that
 *     column >= value  is  units >= low,      column <= value  is  units <= high,
 *     column =  value  is  low <= units <= high, empty where the value is finer than the unit.
 * Beyond 10^30 both saturate there, outside of every int64. */
void jh_literal_units(const char *digits, uint32_t len, uint32_t scale, jh_i128 *low, jh_i128 *high);

/* Reads the text against a date or time column into first and last, and settles its spelling. A date against a time
 * column covers its whole day. JIHE_CONFIG at the literal. */
jihe_status jh_literal_date(const jh_expr_source *source, jh_literal *literal);
jihe_status jh_literal_time(const jh_expr_source *source, jh_literal *literal);

/* Milliseconds of a unit of durations as rules write it: "h", "days"; 0: no such unit. */
int64_t jh_duration_unit(const char *word, size_t len);

/* A number as written, in a unit, to the milliseconds of literal->first and last. JIHE_CONFIG when these are no whole
 * number, or more than 10,000 years. */
jihe_status jh_literal_duration(const jh_expr_source *source, jh_literal *literal, int64_t unit_ms);

/* "48 h", "90 days", "-1500 ms": in the largest unit that gives a whole number. */
void jh_literal_duration_text(int64_t ms, jh_buf *out);

#endif
