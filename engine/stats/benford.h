#ifndef JH_STATS_BENFORD_H
#define JH_STATS_BENFORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Leading digits of amounts against Benford's law (F. Benford 1938). For screening only: per account or type, with at
 * least JH_BENFORD_ENOUGH amounts, and only where amounts are not made by prices, limits or tariffs. A deviation is a
 * reason to look, not a finding. */

enum { JH_BENFORD_FIRST = 9, JH_BENFORD_FIRST_TWO = 90, JH_BENFORD_ENOUGH = 1000 };

typedef struct jh_digits {
    uint8_t first;     /* 1..9; 0 for an amount of 0, which has no leading digit */
    uint8_t first_two; /* 10..99; a single digit d counts as d0; 0 for 0 */
} jh_digits;

/* Of the amount's absolute value in minor units. Exact, for every int64. */
jh_digits jh_leading_digits(int64_t minor_units);

/* Expected share of digit 1 + `index` (of JH_BENFORD_FIRST), or of 10 + `index` (of JH_BENFORD_FIRST_TWO): log10(1 +
 * 1/d). Relative error 1e-15. */
double jh_benford_share(size_t digits, size_t index);

typedef struct jh_benford {
    uint64_t amounts;
    double   chisq; /* Pearson's, with 8 or 89 degrees of freedom */
    double   p;     /* its upper tail; with very many amounts any trifle makes it small: then read `mad` */
    double   mad;   /* mean absolute deviation of shares; no fit above 0.015, first two 0.0022 (M. Nigrini 2012) */
} jh_benford;

/* observed[0..digits-1] are the amounts per digit, `digits` is JH_BENFORD_FIRST or JH_BENFORD_FIRST_TWO. Relative error
 * 1e-12. The p value is approximate below about 5 expected amounts of every digit (110 amounts, first two 1,150).
 * JIHE_USAGE for another number of digits, no amounts, or more than 2^53. */
jihe_status jh_benford_test(jh_benford *out, const uint64_t *observed, size_t digits, jihe_error *err);

/* The mean absolute deviation that chance alone gives `amounts` amounts that follow the law, by the normal approximation
 * (mean of sqrt(2 p q / (pi n)) over the digits): 0.0077 for 1,000 first digits, 0.0026 for first two, so that a limit of
 * 0.0022 means something only beyond it. Relative error below 3 % from 1,000 amounts on (exact sums in the tests). */
double jh_benford_mad_chance(size_t digits, uint64_t amounts);

/* How far a digit's share lies from the expected one, in standard errors, with Yates' correction; below 0: too few. */
double jh_benford_z(uint64_t observed, uint64_t amounts, double share);

#endif
