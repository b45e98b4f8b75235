#ifndef JH_BASE_MONEY_H
#define JH_BASE_MONEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

/* How negative amounts are written; 0: with '-' in front. */
enum {
    JH_NEGATIVE_PARENTHESES = 1u, /* also "(1,234.56)" */
    JH_NEGATIVE_TRAILING    = 2u, /* also "1,234.56-" */
    JH_NEGATIVE_NO_SIGN     = 4u  /* not with '-' in front */
};

/* How amounts are written in one column. Strings are UTF-8, may be longer than one byte, "" for none. */
typedef struct jh_money_format {
    uint32_t    scale;        /* digits of the minor unit, 0..6 */
    const char *prefix;       /* optional in each cell: "¥", "$" */
    const char *thousands;    /* group mark, must stand between groups of three when used at all */
    const char *decimal;      /* decimal mark */
    int         round_finer;  /* 0: an amount finer than the minor unit is refused; 1: round half even */
    uint32_t    negative;     /* JH_NEGATIVE_* bits */
} jh_money_format;

typedef enum jh_money_result {
    JH_MONEY_OK = 0,
    JH_MONEY_MALFORMED,  /* not an amount in this format */
    JH_MONEY_FINER,      /* finer than the minor unit and the column says reject */
    JH_MONEY_TOO_LARGE   /* does not fit int64 minor units */
} jh_money_result;

/* Text to minor units. A minus sign or an opening parenthesis may stand before or after the prefix; an amount has one
 * mark of a negative at most. With an empty decimal mark only whole numbers are amounts. Digits after the point beyond
 * the scale that are all zero are not finer. Any number of digits is read exactly; nothing is a double. There must be a digit
 * on both sides of a decimal mark, and nothing around the amount: no spaces, no '+'. */
jh_money_result jh_money_parse(const jh_money_format *format, const char *text, size_t len, int64_t *minor);

/* Minor units as plain text with '.' and exactly `scale` decimals: "-1234.50". `out` needs 48 bytes. Returns length. */
size_t jh_money_text(jh_i128 minor, uint32_t scale, char *out);

#endif
