#ifndef JH_STATS_STRINGER_H
#define JH_STATS_STRINGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Stringer's upper limit of the misstated share of a book value, from a monetary-unit sample.
 *
 *   taints   misstatement over book value of each item found wrong; above 1 counts as 1, 0 and below (understatements)
 *            are left out; in any order
 *   count    of taints, <= sample
 *   sample   money-units drawn, > 0
 *   conf     one-sided, in (0, 1)
 *   poisson  Poisson limits instead of binomial ones: a little higher, as printed tables use
 *   upper    a share of the book value; with Poisson limits it may exceed 1
 *   likely   sum of taints / sample, the best single figure
 *
 * B(0) + sum (B(i) - B(i - 1)) t_i, taints falling, B(i) the upper limit of i errors; computed as sum B(i) (t_i -
 * t_{i+1}), whose terms all add.
 * JIHE_USAGE when an argument is out of range or not a number; JIHE_NO_MEMORY. The results are then untouched.
 * Source: K. Stringer (1963). Never seen to cover less than conf, though no proof is known; usually far too high when
 * taints are small. */
jihe_status jh_stringer_upper(const double *taints, size_t count, uint64_t sample, double conf, bool poisson,
                              jh_arena *arena, double *upper, double *likely, jihe_error *err);

#endif
